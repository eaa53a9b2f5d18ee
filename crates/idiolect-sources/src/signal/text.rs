//! The readable files: `[2026-01-15 13:00:00] Name: text`, with lines that belong to the message before them.

use std::sync::LazyLock;

use regex::Regex;

use crate::reason;

static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\[(\d{4}-\d{2}-\d{2}),? (\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\] (.+?):(?: (.*))?$")
        .expect("the pattern is right")
});
/// `![IMG.jpg](./media/IMG.jpg)`, and without the mark for what is no picture; stickers lie in a folder of their own. A name may
/// have brackets in it: `[plan (1).pdf](./media/plan%20(1).pdf)`.
static MEDIA: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(<?(?:(?:\./)?media|\.\./exported_stickers)/(?:[^()]|\([^()]*\))*\)")
        .expect("the pattern is right")
});
/// What stands for files that were left out of the export.
static NOT_EXPORTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"  \((?:media|attachment) not exported\)").expect("the pattern is right"));
/// What the first versions wrote in their place.
static FILES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\[\d+ files?\]$").expect("the pattern is right"));
/// `(- Ana: ❤️, Ben: 👍 -)`, and `(( 👍 ))` for a sticker.
static REACTIONS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\(- .+: .+ -\)$").expect("the pattern is right"));
static STICKER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\(\( .+ \)\)$").expect("the pattern is right"));
static CALL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:(?:incoming|outgoing|missed|declined|unanswered) (?:voice |video |group |adhoc )*call)(?: \([^()]{1,60}\))?$")
        .expect("the pattern is right")
});

/// A line that begins a message.
#[derive(PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(super) struct Header<'a> {
    /// As jiff reads it.
    pub(super) date: String,
    pub(super) sender: &'a str,
    pub(super) text: &'a str,
}

pub(super) fn header(line: &str) -> Option<Header<'_>> {
    let parts = HEADER.captures(line)?;
    let part = |index: usize| parts.get(index).map_or("", |part| part.as_str());
    let clock = if part(2).len() < 5 { format!("0{}", part(2)) } else { part(2).to_owned() };
    Some(Header { date: format!("{}T{clock}", part(1)), sender: part(3), text: part(4) })
}

/// A message's text, and why it is not something that was typed.
#[derive(PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(super) struct Body {
    pub(super) text: String,
    pub(super) not_typed: Option<&'static str>,
}

const DELETED: &str = "(This message was deleted)";

/// Whether a text is what signal-export writes for a call.
pub(super) fn is_call(text: &str) -> bool {
    CALL.is_match(text)
}

/// Takes the quote before the text, and pictures and reactions behind it, out of what stands between two headers.
pub(super) fn body(raw: &str) -> Body {
    let has_media = MEDIA.is_match(raw) || NOT_EXPORTED.is_match(raw);
    let without_media = MEDIA.replace_all(raw, "");
    let without_media = NOT_EXPORTED.replace_all(&without_media, "");
    let lines: Vec<&str> = without_media.lines().map(str::trim_end).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let quoted = lines[first..].iter().take_while(|line| line.starts_with('>')).count();
    // A quote has an empty line before and behind it; without, the person wrote the sign.
    let is_quote = quoted > 0 && first > 0 && lines.get(first + quoted).is_none_or(|line| line.is_empty());
    let typed = if is_quote { first + quoted } else { first };
    let has_sticker = lines[typed..].iter().any(|line| STICKER.is_match(line));
    let is_added = |line: &str| REACTIONS.is_match(line) || STICKER.is_match(line);
    // Spaces at a line's end within the text were typed.
    let kept: Vec<&str> = without_media.lines().skip(typed).filter(|line| !is_added(line.trim_end())).collect();
    let text = kept.join("\n").trim().to_owned();
    let not_typed = match text.as_str() {
        DELETED => Some(reason::UNSENT),
        call if is_call(call) => Some(reason::CALL),
        files if FILES.is_match(files) => Some(reason::ATTACHMENT_ONLY),
        "" if has_sticker => Some(reason::STICKER),
        "" if has_media => Some(reason::ATTACHMENT_ONLY),
        _ => None,
    };
    Body { text, not_typed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_every_version() {
        let cases = [
            ("[2026-01-15, 13:00] Ana Ruiz: so: yes", "2026-01-15T13:00", "Ana Ruiz", "so: yes"),
            ("[2026-01-15 13:00:05] Me: hi  ", "2026-01-15T13:00:05", "Me", "hi  "),
            ("[2026-01-15, 9:05] Me: ", "2026-01-15T09:05", "Me", ""),
            ("[2026-01-15 13:00:05] Me:", "2026-01-15T13:00:05", "Me", ""),
        ];
        for (line, date, sender, text) in cases {
            assert_eq!(header(line), Some(Header { date: date.into(), sender, text }), "{line}");
        }
        for line in ["", "and then", "[15.01.26, 13:00:05] Ana: hi", "[2026-01-15] Ana: hi", "(- Ana: ❤️ -)"] {
            assert_eq!(header(line), None, "{line}");
        }
    }

    #[test]
    fn bodies_lose_what_the_format_added() {
        let text = |raw: &str| body(raw).text;
        assert_eq!(text("on my way  \n\n"), "on my way");
        assert_eq!(text("one\ntwo  \n(- Ana: ❤️ -)\n\n"), "one\ntwo");
        assert_eq!(text("one \n\n  two  \n\n"), "one \n\n  two");
        assert_eq!(text("\n\n> where?\n> tell me\n\nhere  \n"), "here");
        assert_eq!(text("> my own sign\n"), "> my own sign");
        assert_eq!(body("look  ![IMG.jpg](./media/IMG%201.jpg)  \n"), Body { text: "look".into(), not_typed: None });
        assert_eq!(text("look  [plan (1) [b].pdf](./media/plan%20(1)%20[b].pdf)  ![a.jpg](./media/a.jpg)  \n"), "look");
        assert_eq!(text("look  (media not exported)  \n"), "look");
        assert_eq!(text("they say (media not exported)"), "they say (media not exported)");
        assert_eq!(text("see [this](https://a.example)"), "see [this](https://a.example)");
    }

    #[test]
    fn what_nobody_typed_has_its_reason() {
        for (raw, expected) in [
            ("Outgoing voice call (unanswered)  ", Some(reason::CALL)),
            ("Incoming video call (accepted, 3m 5s)", Some(reason::CALL)),
            ("Outgoing group call (joined)  ", Some(reason::CALL)),
            ("Missed call", Some(reason::CALL)),
            ("missed call from work again", None),
            ("(This message was deleted)", Some(reason::UNSENT)),
            ("  ![a.jpg](./media/a.jpg)  ", Some(reason::ATTACHMENT_ONLY)),
            ("  (attachment not exported)  ", Some(reason::ATTACHMENT_ONLY)),
            ("[2 files]  ", Some(reason::ATTACHMENT_ONLY)),
            ("[2 files] are missing", None),
            ("  \n(( 👍 ))", Some(reason::STICKER)),
            ("(( what ))  ever", None),
        ] {
            assert_eq!(body(raw).not_typed, expected, "{raw}");
        }
    }
}
