//! What WhatsApp writes in place of words, or behind them: omitted media, deleted messages, "edited".

use super::deleted_words::DELETED;
use super::header::ONCE;
use super::media_words::{ATTACHED, ATTACHED_AROUND, LEFT_OUT, MEDIA};
use super::notice_words::{CALLED, EDITED, LIVE_PLACE, NOT_SHOWN, WAITING};
use super::omitted_words::{OMITTED, SAID_TOO};
use crate::reason;

/// Put by iOS before everything that the app wrote.
const APP_MARK: char = '\u{200E}';
/// Put around the names of those mentioned.
const ISOLATES: [char; 2] = ['\u{2068}', '\u{2069}'];
/// The longest remark in angle brackets.
const MAX_REMARK: usize = 90;

/// What the person typed, or why it is nothing.
pub(super) fn strip(text: String) -> Result<String, &'static str> {
    if text == ONCE {
        return Err(reason::ATTACHMENT_ONLY);
    }
    let text = if text.contains(ISOLATES) { text.replace(ISOLATES, "") } else { text };
    let text = match without_document(&text) {
        None => text,
        Some(caption) if caption.trim().is_empty() => return Err(reason::ATTACHMENT_ONLY),
        Some(caption) => caption.to_owned(),
    };
    let body = without_remarks(&text);
    if let Some(app_made) = body.strip_prefix(APP_MARK).filter(|marked| !marked.starts_with('@')) {
        let (first, caption) = app_made.split_once('\n').unwrap_or((app_made, ""));
        let is_file = || whole_notice(first) == Some(reason::ATTACHMENT_ONLY) || without_attachment(first).is_none();
        if !caption.trim().is_empty() && is_file() {
            let is_title = is_title(caption.trim(), first.trim().trim_matches(APP_MARK));
            return if is_title { Err(reason::ATTACHMENT_ONLY) } else { Ok(caption.to_owned()) };
        }
        return Err(whole_notice(app_made).unwrap_or(reason::SYSTEM_ITEM));
    }
    // A mention at the beginning has the mark too.
    let body = body.trim_start_matches(APP_MARK);
    if let Some(reason) = whole_notice(body) {
        return Err(reason);
    }
    let body = without_attachment(body).ok_or(reason::ATTACHMENT_ONLY)?;
    Ok(if body.len() == text.len() { text } else { body.to_owned() })
}

/// What stands below a document's name, size and file, `report.pdf • 3 pages <attached: 00000014-report.pdf>`, of which iOS marks
/// the last two.
fn without_document(text: &str) -> Option<&str> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (named, file) = first.trim_end().rsplit_once("\u{200E}<")?;
    (named.contains(" \u{2022} \u{200E}") && file.ends_with('>')).then_some(rest)
}

/// The text less remarks at its end, such as "<This message was edited>".
fn without_remarks(text: &str) -> &str {
    let mut body = text;
    while let Some(start) = body.trim_end().strip_suffix('>').and_then(|inner| inner.rfind('<')) {
        let remark = &body[start..];
        let before = &body[..start];
        // iOS marks its remarks; as the whole text it is told below.
        let is_marked = before.len() > APP_MARK.len_utf8() && before.ends_with(APP_MARK);
        if remark.len() > MAX_REMARK * 4 || remark.contains('\n') || !(is_marked || is_edit(&remark.to_lowercase())) {
            break;
        }
        body = before.strip_suffix(APP_MARK).unwrap_or(before).trim_end_matches([' ', '\u{a0}', '\n']);
        if body.is_empty() {
            break;
        }
    }
    body
}

/// A sentence about an edit, and no word of a person's, such as `<modifier>` in a program.
fn is_edit(lower: &str) -> bool {
    let is_sentence = lower.contains(' ') || !lower.is_ascii();
    is_sentence && EDITED.iter().any(|word| lower.contains(word))
}

/// Why the whole of a text is the app's.
fn whole_notice(text: &str) -> Option<&'static str> {
    let text = text.trim().trim_matches(APP_MARK);
    let lower = text.to_lowercase().replace('\u{2019}', "'");
    let sentence = lower.trim_end_matches(['.', '。', '।', '!']).trim_end();
    if DELETED.contains(&sentence) || DELETED_BEGIN.iter().any(|begin| sentence.starts_with(begin)) {
        return Some(reason::UNSENT);
    }
    if CALLED.iter().any(|notice| sentence.strip_prefix(notice).is_some_and(ends_sentence)) {
        return Some(reason::CALL);
    }
    if sentence == "null"
        || LIVE_PLACE.contains(&sentence)
        || NOT_SHOWN.iter().any(|begin| sentence.starts_with(begin))
        || WAITING.iter().any(|notice| sentence.strip_prefix(notice).is_some_and(ends_sentence))
        || is_poll(text)
        || is_event(text)
        || is_location(text)
    {
        return Some(reason::APP_MADE);
    }
    let bracketed = sentence.starts_with('<') && sentence.ends_with('>') && !sentence.contains('\n');
    if bracketed && is_media(sentence) {
        return Some(reason::ATTACHMENT_ONLY);
    }
    let is_omitted = OMITTED.contains(sentence) || OMITTED.iter().any(|omitted| ends_as_file(sentence, omitted));
    is_omitted.then_some(reason::ATTACHMENT_ONLY)
}

/// Whether what follows a notice is no more of a sentence that a person wrote.
fn ends_sentence(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() || c == ' ')
}

const DELETED_BEGIN: [&str; 3] =
    ["this message was deleted by admin", "this message was deleted by an admin", "you deleted this message as admin"];

/// Words in angle brackets that speak of media, and not a mask such as `<#>` or a typed `<media queries>` in between.
fn is_media(lower: &str) -> bool {
    let inner = lower.trim_matches(['<', '>']).trim_end_matches(['.', ' ']);
    let is_left_out = || LEFT_OUT.iter().any(|end| inner.strip_suffix(end).is_some_and(|what| what.ends_with(' ')));
    let is_numbered = || inner.split_once(": ").is_some_and(|(_, file)| is_numbered_by_ios(file));
    lower.len() <= MAX_REMARK * 4 && (MEDIA.iter().any(|word| lower.contains(word)) || is_left_out() || is_numbered())
}

/// `00000042-PHOTO-2020-06-07-15-13-20.jpg`, whatever the word before it.
fn is_numbered_by_ios(file: &str) -> bool {
    file.split_once('-')
        .is_some_and(|(number, _)| number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// "report.pdf • 3 pages document omitted": a file's name before what iOS puts in its place.
fn ends_as_file(text: &str, omitted: &str) -> bool {
    let name = text.strip_suffix(omitted).map(|before| before.trim_end_matches([' ', APP_MARK]));
    name.is_some_and(|name| name.contains(" \u{2022} ") || (!name.contains(' ') && name.contains('.')))
}

/// The text less a file's name in its first line; `None` where nothing else is there.
fn without_attachment(text: &str) -> Option<&str> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let trimmed = first.trim().trim_matches(APP_MARK);
    let lower = trimmed.to_lowercase();
    let is_file = is_named_by_whatsapp(trimmed)
        || ATTACHED.iter().any(|word| lower.ends_with(word))
        || ATTACHED_AROUND.iter().any(|(before, behind)| {
            lower.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind)).is_some_and(is_file_name)
        });
    let is_placeholder = lower.starts_with('<') && lower.ends_with('>') && is_media(&lower);
    if is_file || is_placeholder {
        return Some(rest).filter(|caption| !caption.trim().is_empty() && !is_title(caption.trim(), trimmed));
    }
    // iOS: a caption, the mark, and what was left out.
    if let Some((caption, after)) = text.rsplit_once(APP_MARK) {
        let after = after.trim().to_lowercase();
        if OMITTED.contains(after.as_str()) || SAID_TOO.contains(&after.as_str()) {
            return Some(caption.trim_end()).filter(|caption| !caption.is_empty());
        }
    }
    Some(text)
}

fn is_file_name(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| {
        (2..=4).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Whether the line below an attached document is its name, which Android puts there: that of the file, with or without its
/// ending, or, where the file has a name of WhatsApp's, one with the same ending.
fn is_title(line: &str, attached: &str) -> bool {
    let name = attached.rsplit_once(" (").map_or(attached, |(name, _)| name);
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    let same_ending = line.rsplit_once('.').is_some_and(|(_, of_line)| of_line.eq_ignore_ascii_case(ending));
    line == name || line == stem || (name.starts_with("DOC-") && same_ending && !line.contains('\n'))
}

/// `IMG-20230101-WA0001.jpg (file attached)`, whatever the language of the remark.
fn is_named_by_whatsapp(line: &str) -> bool {
    let Some((name, remark)) = line.split_once(" (") else { return false };
    let mut parts = name.split('-');
    let kind = parts.next().is_some_and(|kind| ["IMG", "VID", "PTT", "AUD", "STK", "DOC"].contains(&kind));
    let day = parts.next().is_some_and(|day| day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()));
    let number = parts.next().is_some_and(|number| number.starts_with("WA"));
    kind && day && number && remark.ends_with(')')
}

/// Android writes a poll as its question and its options with their votes.
fn is_poll(text: &str) -> bool {
    let mut lines = text.lines();
    let head = lines.next().is_some_and(|line| {
        let word = line.trim_end();
        word.ends_with(':') && word.chars().count() <= 20 && !word.chars().any(char::is_lowercase)
    });
    let options = lines.filter(|line| {
        let line = line.trim_start_matches(APP_MARK);
        let word: String = line.chars().take_while(|c| *c != ':').collect();
        line.ends_with(')') && word.chars().count() <= 12 && !word.is_empty() && !word.chars().any(char::is_lowercase)
    });
    head && options.count() >= 2
}

/// An event is written as its name and, field by field, when it begins, in milliseconds since 1970.
fn is_event(text: &str) -> bool {
    let mut lines = text.lines();
    let has_name = lines.next().and_then(|line| line.split_once(':')).is_some_and(|(word, _)| {
        (1..=20).contains(&word.chars().count()) && word.chars().all(|c| c.is_alphabetic() && !c.is_lowercase())
    });
    let is_time = |value: &str| value.len() == 13 && value.bytes().all(|byte| byte.is_ascii_digit());
    has_name && lines.any(|line| line.rsplit_once(": ").is_some_and(|(_, value)| is_time(value.trim())))
}

/// `location: https://maps.google.com/?q=52.5,13.4`, with a word of any language before it.
fn is_location(text: &str) -> bool {
    let Some((word, place)) = text.split_once("https://maps.google.com/?q=") else { return false };
    let Some(word) = word.trim_end().strip_suffix([':', '：']) else { return false };
    let is_plain = |c: char| !c.is_ascii_punctuation() && !c.is_ascii_digit() && c != '\n';
    (1..=2).contains(&word.split_whitespace().count())
        && word.chars().all(is_plain)
        && place.chars().all(|c| c.is_ascii_digit() || ",.-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(text: &str) -> Result<String, &'static str> {
        strip(text.to_owned())
    }

    #[test]
    fn the_name_of_a_document_is_no_word() {
        let document = "report oct.pdf \u{2022} \u{200e}2 pages \u{200e}<attached: 00000014-report oct.pdf>";
        assert_eq!(stripped(document), Err(reason::ATTACHMENT_ONLY));
        assert_eq!(stripped(&format!("{document}\nas promised")), Ok("as promised".into()));
        assert_eq!(stripped("look \u{200e}<attached: 00000013-PHOTO.jpg>"), Ok("look".into()));
        assert_eq!(stripped("milk \u{2022} 2 litres"), Ok("milk \u{2022} 2 litres".into()));
    }

    #[test]
    fn typed_words_are_left_as_they_are() {
        for text in [
            "hello",
            "line\nline",
            "<3",
            "<#>",
            "<omitted>",
            "<sigh, i omitted it>",
            "at <TIME> then",
            "i edited <b>this</b>",
            "it is <modifier>",
            "it is <modified>",
            "you deleted this message? why",
            "null and void",
            "image omitted from the paper",
            "a: b",
            "POLL:\nno options here",
            "EVENT: tonight\nat: 8",
            "see https://maps.google.com/?q=1,2",
            "live location shared with mum",
            "missed video call from work again",
            "llamada perdida de mi jefe",
            "meet me up there: https://maps.google.com/?q=1,2",
            "ei kuvaa",
            "waiting for this message all day",
        ] {
            assert_eq!(stripped(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn remarks_are_taken_off() {
        for text in [
            "hi <This message was edited>",
            "hi \u{200e}<This message was edited>",
            "hi \u{200e}<Diese Nachricht wurde bearbeitet.>",
            "hi <Se editó este mensaje.>",
            "hi <इस मैसेज में बदलाव किया गया>",
            "hi \u{200e}<Bu xabar tahrirlandi>",
            "hi<消息已编辑>",
            "hi \u{200e}<attached: 00000042-PHOTO-2020-06-07-15-13-20.jpg>",
            "hi \u{200e}image omitted",
            "hi \u{200e}стикер не добавлен",
            "hi \u{200e}ei kuvaa",
            "hi \u{200e}照片已忽略",
            "hi\n\u{200e}<View once video omitted>",
            "IMG-20230101-WA0001.jpg (file attached)\nhi",
            "<Media omitted>\nhi",
            "\u{200e}<attached: 00000042-PHOTO-2020-06-07-15-13-20.jpg>\nhi",
            "\u{200e}IMG-20230101-WA0001.jpg (file attached)\nhi",
            "\u{200e}image omitted\nhi",
            "menu.pdf (file attached)\nhi",
        ] {
            assert_eq!(stripped(text).as_deref(), Ok("hi"), "{text}");
        }
        assert_eq!(stripped("@\u{2068}Ana\u{2069} hi").as_deref(), Ok("@Ana hi"));
        assert_eq!(stripped("\u{200e}@\u{2068}Ana\u{2069} hi").as_deref(), Ok("@Ana hi"));
    }

    #[test]
    fn what_the_app_wrote_is_told_by_its_reason() {
        for (text, expected) in [
            ("<Media omitted>", reason::ATTACHMENT_ONLY),
            ("<Mídia oculta>", reason::ATTACHMENT_ONLY),
            ("<Video note omitted>", reason::ATTACHMENT_ONLY),
            ("<View once voice message omitted>", reason::ATTACHMENT_ONLY),
            ("<Videonotiz weggelassen>", reason::ATTACHMENT_ONLY),
            ("<Mensaje de voz de visualización única omitido>", reason::ATTACHMENT_ONLY),
            ("<archivo no revelado>", reason::ATTACHMENT_ONLY),
            ("<Без медиафайлов>", reason::ATTACHMENT_ONLY),
            ("<省略多媒体文件>", reason::ATTACHMENT_ONLY),
            ("<媒體已略去>", reason::ATTACHMENT_ONLY),
            ("<Conținut media omis>", reason::ATTACHMENT_ONLY),
            ("<Media er utelatt>", reason::ATTACHMENT_ONLY),
            ("<Medijski zapis izostavljen>", reason::ATTACHMENT_ONLY),
            ("<মিডিয়া বাদ দেওয়া হয়েছে>", reason::ATTACHMENT_ONLY),
            ("\u{200e}image omitted", reason::ATTACHMENT_ONLY),
            ("\u{200e}<Anhang: 00000012-PHOTO-2020-06-07-15-13-20.jpg>", reason::ATTACHMENT_ONLY),
            ("report.pdf \u{2022} \u{200e}3 pages \u{200e}document omitted", reason::ATTACHMENT_ONLY),
            ("IMG-20230101-WA0001.jpg (irgendwas)", reason::ATTACHMENT_ONLY),
            ("my doc.pdf (file attached)", reason::ATTACHMENT_ONLY),
            ("فایل پیوست شد my doc.pdf", reason::ATTACHMENT_ONLY),
            ("my doc.pdf இணைக்கப்பட்டது", reason::ATTACHMENT_ONLY),
            ("bills Q1 (2).xlsx (file attached)\nbills Q1 (2)", reason::ATTACHMENT_ONLY),
            ("DOC-20230101-WA0001.pdf (file attached)\nmenu for may.pdf", reason::ATTACHMENT_ONLY),
            ("\u{200e}bills Q1.xlsx (file attached)\nbills Q1.xlsx", reason::ATTACHMENT_ONLY),
            (ONCE, reason::ATTACHMENT_ONLY),
            ("You deleted this message", reason::UNSENT),
            ("Você apagou esta mensagem", reason::UNSENT),
            ("您已删除这条消息", reason::UNSENT),
            ("Tuto zprávu jste smazali.", reason::UNSENT),
            ("\u{200e}Poistit tämän viestin.", reason::UNSENT),
            ("\u{200e}Ana changed the subject", reason::SYSTEM_ITEM),
            ("null", reason::APP_MADE),
            ("Live location shared", reason::APP_MADE),
            ("location: https://maps.google.com/?q=52.5,-13.4", reason::APP_MADE),
            ("POLL:\nwhen?\nOPTION: now (1 vote)\nOPTION: later (0 votes)", reason::APP_MADE),
            ("Missed voice call", reason::CALL),
            ("Missed voice call. Tap to call back", reason::CALL),
            ("Cuộc gọi nhỡ video", reason::CALL),
            ("<Uten vedlegg>", reason::ATTACHMENT_ONLY),
            ("<Fayl o‘tkazib yuborildi>", reason::ATTACHMENT_ONLY),
            ("< csatolva: 00000042-PHOTO-2020-06-07-15-13-20.jpg >", reason::ATTACHMENT_ONLY),
            ("menu.pdf (archivo adjuntado)", reason::ATTACHMENT_ONLY),
            ("menu.pdf (附件檔案)", reason::ATTACHMENT_ONLY),
            ("Це повідомлення було видалено.", reason::UNSENT),
            ("您删除这个信息", reason::UNSENT),
            ("Геоданные отправлены", reason::APP_MADE),
            ("位置：https://maps.google.com/?q=52.5,-13.4", reason::APP_MADE),
            ("ตำแหน่งที่ตั้ง: https://maps.google.com/?q=52.5,-13.4", reason::APP_MADE),
            ("EVENT: Lake day\nEvent Start time: 1765279800000\nEvent Cancelled: false", reason::APP_MADE),
            ("You sent a view once message. For added privacy, you can only open it on your phone.", reason::APP_MADE),
            ("This message was deleted by an admin.", reason::UNSENT),
            ("Waiting for this message. This may take a while.", reason::APP_MADE),
            ("正在等待此消息。此过程可能需要一段时间。", reason::APP_MADE),
        ] {
            assert_eq!(stripped(text), Err(expected), "{text}");
        }
    }
}
