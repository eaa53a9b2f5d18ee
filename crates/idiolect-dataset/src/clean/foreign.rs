//! What stands in a message though the person did not write it: quotes, forwarded mail, automatic answers, what an
//! app puts there. Only what nothing else looks like is taken for such; a wrong guess would cost the person's own words.

mod shared;
mod signs;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::{CleanRule, CleanSettings, is_blank};
pub(crate) use signs::signs;
use signs::{Slow, SlowRules, may_hold_foreign};

use crate::look::{Look, Mark};

/// The person's own part of a message.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnWords<'a> {
    pub text: Cow<'a, str>,
    /// By which rule something was cut off; if `text` is blank, nothing was left.
    pub cut: Option<CleanRule>,
}

/// Behind which everything is somebody else's.
static FORWARDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xim) ^ [\x20\t]* (?:
            -{2,}\x20? (?: forwarded\ message | original\ message | weitergeleitete\ nachricht | mensaje\ reenviado | mensagem\ encaminhada | message\ transféré
              | messaggio\ inoltrato | 转发的?邮件 ) .*
          | begin\ forwarded\ message:? | fwd?: .* | \[?forwarded(?:\ many\ times)?\]? [\x20\t]* $ | \[?forwarded\ (?:from|message) \b .* | forwarded: .* ) $",
    )
    .expect("the pattern is constant")
});

/// "On Tue, 3 Jan 2026 at 17:30, … wrote:", behind which a mail quotes what it answers.
static ANSWERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xim) ^ (?: on | am | le | el | em | il | op | den ) \b [^\n]{0,120} \d [^\n]{0,160} (?: wrote | schrieb [^\n]{0,60} | a\ écrit | escribió | escreveu | ha\ scritto | schreef [^\n]{0,60} ) \s? : [\x20\t]* $",
    )
    .expect("the pattern is constant")
});

/// The line that a mail program adds at the end.
static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) (?: ^ | \n ) [\x20\t]* (?: --\x20*\n )? [\x20\t]* (?: sent\ (?:from|via)\ (?: (?: my | the | an? )\ (?: [^\n]{0,30}\ )?? (?: (?:i|smart|mobile\ )?phone | ipad | ipod | mac(?:book)? | mobile | cell | tablet | device | computer | laptop | watch
                | galaxy | samsung | pixel | android | blackberry | nokia | huawei | xiaomi | redmi | oneplus | htc | lg | sony | xperia | moto\w* | windows | surface | app )\b | yahoo | gmail | outlook | mail\ for | proton | samsung | iphone | siri | email\ by ) [^\n]{0,60}
            | get\ outlook\ for\ (?: ios | android ) [^\n]{0,60} | von\ meinem\ [^\n]{1,40}\ gesendet | gesendet\ von\ (?:meinem|mail|outlook) [^\n]{0,40}
            | enviado\ (?: desde\ mi | do\ meu | a\ partir\ do ) [^\n]{0,40} | envoyé\ (?: de\ mon | depuis\ mon | de\ l.outlook ) [^\n]{0,40} | inviato\ da(?:l\ mio)?\ (?:iphone|ipad|telefono) [^\n]{0,40}
            | verzonden\ (?:vanaf|met)\ mijn [^\n]{0,40} | skickat\ från\ min [^\n]{0,40} | 发自我的 [^\n]{0,40} | [^\n]{0,20}から送信 ) [.!]? \s* $",
    )
    .expect("the pattern is constant")
});

/// Whole messages that a telephone or a mail program sends by itself.
static AUTOMATIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) ^ \s* (?: [\[(] auto(?:matic|mated)?[-\x20]?(?:reply|response|responder) [\])] .* | auto(?:matic|mated)?[-\x20]?(?:reply|response|responder) \s* [:\n] .* | automatic\ reply \b .* | \[automat(?:ic|ed)[^\]]*\] .*
            | this\ is\ an?\ automat(?:ed|ic)\ (?:message|reply|response|notification|e-?mail) \b .* | (?:abwesenheitsnotiz|automatische\ antwort|réponse\ automatique|respuesta\ automática|resposta\ automática|risposta\ automatica) \b .*
            | out\ of\ (?:the\ )?office \s* [:-] .* | i.m\ driving\ with\ do\ not\ disturb .* | i.m\ driving\ with\ (?:the\ )?driving\ focus .* | \(?i.m\ not\ receiving\ notifications\. .*
            | i.m\ driving\ right\ now\.? (?:\ i.ll\ get\ back\ to\ you\ (?:later|soon)\.)? | sorry,\ i\ can.t\ talk\ right\ now\. ) \s* $",
    )
    .and_then(|pattern| Regex::new(&format!("(?s){}", pattern.as_str())))
    .expect("the pattern is constant")
});

/// Whole messages that an app writes in a person's place.
static APP_MADE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xis) ^ \s* \u{200e}? (?: <?(?:media|image|video|audio|sticker|gif|document|contact\ card|location|attachment|voice\ message)\ (?:omitted|not\ included)>? | <attached:\ .* > | \S{1,80}\.\w{2,4}\ \(file\ attached\)
            | <(?:medien\ ausgeschlossen|(?:multimedia|archivo|ficheiro)\ omitid[oa]|médias?\ omis|fichier\ omis|media\ omess[oi]|mídia\ oculta|arquivo\ de\ mídia\ oculto|media\ weggelaten)>
            | (?:bild|video|audio|sticker|gif|dokument|kontaktkarte)\ weggelassen | (?:imagen|video|audio|sticker|gif|documento)\ omitid[oa] | (?:immagine|video|audio|sticker|gif)\ omess[oa] | (?:afbeelding|video|audio|sticker|gif)\ weggelaten
            | begin:vcard\s .*
            | (?:you\ (?:deleted|unsent)\ (?:this|a)\ message|this\ message\ was\ (?:deleted|unsent)|message\ deleted|deleted\ message)\.?
            | (?:diese\ nachricht\ wurde\ gelöscht|du\ hast\ diese\ nachricht\ gelöscht|(?:se\ eliminó|eliminaste)\ este\ mensaje|este\ mensaje\ fue\ eliminado|ce\ message\ a\ été\ supprimé|vous\ avez\ supprimé\ ce\ message
                |questo\ messaggio\ è\ stato\ eliminato|hai\ eliminato\ questo\ messaggio|esta\ mensagem\ foi\ apagada|você\ apagou\ esta\ mensagem|dit\ bericht\ is\ verwijderd|je\ hebt\ dit\ bericht\ verwijderd)\.?
            | (?:verpasster\ (?:sprach|video)anruf|appel\ (?:vocal|vidéo)\ manqué|llamada\ de\ (?:voz|v[ií]deo)\ perdida|videollamada\ perdida|chiamata\ (?:vocale|video)\ persa|chamada\ de\ (?:voz|vídeo)\ perdida|gemiste\ (?:spraak|video)oproep)\.?
            | (?:liked|loved|disliked|laughed\ at|emphasi[sz]ed|questioned|reacted\ \S{1,12}\ to)\ (?: “.*” | \x22.*\x22 | an\ (?:image|attachment|audio\ message) | a\ (?:photo|movie|video|link|message|sticker|location) )
            | removed\ an?\ (?-u:[\w\x20]){3,20}\ from\ (?: “.*” | an\ image | a\ photo | a\ movie )
            | reacted\ \S{1,12}\ to\ your\ message\.? | (?:liked|loved)\ a\ message\.?
            | missed\ (?:voice\ |video\ |audio\ |group\ )?(?:call|chat)(?:\ at\ [\d:]{1,5}(?:\s?[ap]m)?)?\.? | you\ missed\ an?\ (?:voice\ |video\ |audio\ )?(?:call|chat)\b.{0,40}
            | (?P<name> you | (?-i:\p{Lu}) [\w\x20'’.-]* )\ sent\ (?: an\ attachment | a\ (?:photo|link|video|voice\ message|gif|sticker) ) \.
            | wordle\ [\d.,\x20]{1,8}\ [1-6x]/6 [^\p{L}]* ) \s* $",
    )
    .expect("the pattern is constant")
});

/// The longest name that somebody is known to an app by, in characters.
const LONGEST_NAME: usize = 41;

fn is_app_made(text: &str) -> bool {
    APP_MADE
        .captures(text)
        .is_some_and(|captures| captures.name("name").is_none_or(|name| name.as_str().chars().count() <= LONGEST_NAME))
        || shared::is_shared(text)
}

impl CleanSettings {
    /// `text` without what the person did not write, as far as the rules are switched on.
    pub fn own_words<'a>(&self, text: &'a str) -> OwnWords<'a> {
        self.own_words_after(Look::at(text), text)
    }

    /// As [`own_words`](Self::own_words), after a `look` at the same text.
    pub(crate) fn own_words_after<'a>(&self, look: Look, text: &'a str) -> OwnWords<'a> {
        let mut own = OwnWords { text: Cow::Borrowed(text), cut: None };
        if !may_hold_foreign(look, text) {
            return own;
        }
        let slow = SlowRules::of(text);
        let is_away = || slow.contain(Slow::Away) && shared::is_away(text);
        if self.drop_automatic && (AUTOMATIC.is_match(text) || is_away()) {
            return OwnWords { text: Cow::Borrowed(""), cut: Some(CleanRule::Automatic) };
        }
        if self.drop_app_made && is_app_made(text) {
            return OwnWords { text: Cow::Borrowed(""), cut: Some(CleanRule::AppMade) };
        }
        if self.drop_forwarded
            && slow.contain(Slow::Forwarded)
            && let Some(header) = FORWARDED.find(&own.text)
        {
            own.keep(header.start(), CleanRule::Forwarded);
        }
        if self.drop_quoted {
            if slow.contain(Slow::Answered)
                && let Some(header) = ANSWERED.find(&own.text)
            {
                match own.below_quote(header.start(), header.end()) {
                    Some(start) => own.keep_from(start),
                    None => own.keep(header.start(), CleanRule::Quoted),
                }
            }
            if look.holds(Mark::GreaterThan) {
                own.cut_quoted_lines();
            }
        }
        // Below this line mail programs put a signature (RFC 3676 §4.3).
        if self.drop_app_made
            && let Some(line) = own.text.find("\n-- \n")
        {
            own.keep(line, CleanRule::AppMade);
        }
        if self.drop_app_made
            && slow.contain(Slow::Signature)
            && let Some(line) = SIGNATURE.find(&own.text)
        {
            own.keep(line.start(), CleanRule::AppMade);
        }
        own
    }
}

impl OwnWords<'_> {
    /// Cuts everything from `end` on.
    fn keep(&mut self, end: usize, rule: CleanRule) {
        let left = self.text[..end].trim_end().len();
        match &mut self.text {
            Cow::Borrowed(text) => *text = &text[..left],
            Cow::Owned(text) => text.truncate(left),
        }
        self.cut.get_or_insert(rule);
    }

    /// Where the answer begins below a quote whose header is at `start` to `end`; nowhere if one stands above the header, or if
    /// the lines of the quote are not marked.
    fn below_quote(&self, start: usize, end: usize) -> Option<usize> {
        if !is_blank(&self.text[..start]) {
            return None;
        }
        let mut marked = false;
        let mut at = end;
        for line in self.text[end..].split_inclusive('\n') {
            let quoted = line.trim_start().starts_with('>');
            if !quoted && !is_blank(line) {
                return marked.then_some(at);
            }
            marked |= quoted;
            at += line.len();
        }
        None
    }

    /// Cuts a quote above `start`.
    fn keep_from(&mut self, start: usize) {
        *self =
            Self { text: Cow::Owned(self.text[start..].to_owned()), cut: Some(self.cut.unwrap_or(CleanRule::Quoted)) };
    }

    fn cut_quoted_lines(&mut self) {
        if !self.text.lines().any(is_quoted) {
            return;
        }
        let own: Vec<&str> = self.text.lines().filter(|line| !is_quoted(line)).collect();
        let own = own.join("\n").trim().to_owned();
        *self = Self { text: Cow::Owned(own), cut: Some(self.cut.unwrap_or(CleanRule::Quoted)) };
    }

    /// Whether there is nothing left of the person's own.
    pub fn is_nothing(&self) -> bool {
        self.cut.is_some() && is_blank(&self.text)
    }
}

/// Shows the length, never the words.
impl std::fmt::Debug for OwnWords<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnWords").field("text_chars", &self.text.chars().count()).field("cut", &self.cut).finish()
    }
}

/// "> see you at 5", ">> ok", but not ">_<", ">:(", "> 20 people" or ">.>".
fn is_quoted(line: &str) -> bool {
    let line = line.trim_start();
    let Some(quoted) = line.strip_prefix('>') else { return false };
    let inner = quoted.trim_start_matches(['>', ' ']);
    inner.starts_with(|c: char| c.is_alphabetic() || matches!(c, '"' | '“' | '\'' | '@'))
        && (quoted.starts_with([' ', '>']) || inner.split_whitespace().nth(1).is_some())
        && inner.chars().filter(|c| c.is_alphabetic()).nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str) -> (String, Option<CleanRule>) {
        let own = CleanSettings::default().own_words(text);
        (own.text.into_owned(), own.cut)
    }

    #[test]
    fn quoted_lines_are_cut_and_the_answer_stays() {
        for (text, left) in [
            ("> are you coming tonight?\nyes!! see u there", "yes!! see u there"),
            (">> lunch\n> where\nthe usual", "the usual"),
            ("sure\n\nOn Tue, 3 Jan 2026 at 17:30, Jo K <jo@example.com> wrote:\n> lunch?", "sure"),
            ("> a question", ""),
            ("klar\nAm 3. Januar 2026 um 17:30 schrieb Jo K:\n> essen?", "klar"),
            ("klar\nAm 3. Januar 2026 um 17:30 schrieb Jo K <jo@example.com>:\nessen?", "klar"),
            ("goed\nOp 3 jan. 2026 om 17:30 schreef Jo K:\nhonger?", "goed"),
            ("va bene\nIl 3 gennaio 2026 alle 17:30 Jo K ha scritto :\nhai fame?", "va bene"),
            ("vale\nEl 3 ene 2026, a las 17:30, Jo K escribió :\ntienes hambre?", "vale"),
            ("ok\nOn 3 Jan 2026 17:30, Jo K wrote :\nhungry?", "ok"),
            ("yes\n\t> hungry?", "yes"),
            ("On Tue, 3 Jan 2026 at 17:30, Jo K wrote:\n> lunch?\n>\n> at 1\n\nsure thing", "sure thing"),
            ("Am 3. Januar 2026 um 17:30 schrieb Jo K:\n> essen?\n> um 1?\npasst mir", "passt mir"),
            ("sure\nOn Tue, 3 Jan 2026 at 17:30, Jo K wrote:\n> lunch\nat one?", "sure"),
        ] {
            assert_eq!(own(text), (left.to_owned(), Some(CleanRule::Quoted)), "{text:?}");
        }
    }

    #[test]
    fn forwarded_parts_are_cut() {
        for (text, left) in [
            ("fyi\n---------- Forwarded message ---------\nFrom: Jo\nSubject: x\n\nhello", "fyi"),
            ("-----Original Message-----\nFrom: Jo", ""),
            ("Fwd: best deals this week", ""),
            ("Begin forwarded message:\nhello", ""),
            ("Forwarded from Jo\nhello", ""),
            ("lol\n[Forwarded]\nhello", "lol"),
        ] {
            assert_eq!(own(text), (left.to_owned(), Some(CleanRule::Forwarded)), "{text:?}");
        }
    }

    #[test]
    fn automatic_answers_are_left_out() {
        for text in [
            "Automatic reply: I am away until Monday",
            "[Auto-Reply] I'm driving",
            "This is an automated message, please do not reply.",
            "Out of office: back on Monday",
            "I’m driving with Do Not Disturb While Driving turned on. I’ll see your message when I get where I’m going.",
            "(I’m not receiving notifications. If this is urgent, reply “urgent” to send a notification through with your original message.)",
            "I’m driving with Driving Focus turned on. I’ll see your message when I get where I’m going.",
            "Auto reply: in a meeting",
            "Sorry, I can't talk right now.",
            "Abwesenheitsnotiz: bin im Urlaub",
            "I’m currently out of the office until Monday and will reply when I return.",
            "Thank you for your message. I am on annual leave this week. I will respond on Monday.",
            "Ich bin bis Montag nicht im Büro und antworte danach.",
            "Je suis absente jusqu'à lundi, je vous répondrai à mon retour",
            "Estoy fuera de la oficina, responderé el lunes.",
        ] {
            assert_eq!(own(text), (String::new(), Some(CleanRule::Automatic)), "{text:?}");
        }
    }

    #[test]
    fn what_apps_write_is_left_out() {
        for text in [
            "<Media omitted>",
            "\u{200e}image omitted",
            "\u{200e}<attached: 00000042-PHOTO-2026-01-03-17-30-00.jpg>",
            "voice message not included",
            "You deleted this message",
            "Liked “see you at 5”",
            "Laughed at an image",
            "Removed a heart from “ok”",
            "Reacted 😂 to “no way”",
            "Missed voice call",
            "Jo sent an attachment.",
            "Missed video call at 5:12 PM",
            "<Medien ausgeschlossen>",
            "<Multimedia omitido>",
            "Bild weggelassen",
            "Diese Nachricht wurde gelöscht.",
            "Eliminaste este mensaje.",
            "Verpasster Sprachanruf",
            "Appel vidéo manqué",
            "IMG-20260103-WA0001.jpg (file attached)",
            "BEGIN:VCARD\nFN:Jo K\nEND:VCARD",
            "👍\u{200a} to “\u{200a}see you at 5\u{200a}”",
            "❤️ to “ok”",
            "Location: https://maps.google.com/?q=51.5,-0.12",
            "Mein Standort: https://maps.app.goo.gl/AbCdEf",
            "Jo is inviting you to a scheduled Zoom meeting.\n\nTopic: lunch",
            "Join Zoom Meeting\nhttps://example.zoom.us/j/84500000000",
            "Follow this link to join my WhatsApp group: https://chat.whatsapp.com/AbCdEf",
            "Connections\nPuzzle #512\n🟨🟨🟨🟨\n🟩🟩🟩🟩",
            "Wordle 1,234 3/6\n\n⬛🟨⬛⬛⬛\n🟩🟩🟩🟩🟩",
        ] {
            assert_eq!(own(text), (String::new(), Some(CleanRule::AppMade)), "{text:?}");
        }
        for (text, left) in [
            ("be there soon\n\nSent from my iPhone", "be there soon"),
            ("ok thanks\nGet Outlook for iOS", "ok thanks"),
            ("bis gleich\nVon meinem iPhone gesendet", "bis gleich"),
            ("ok\n--\nSent from my iPad", "ok"),
            ("ok\n-- \nJo K\nHead of Lunch", "ok"),
            ("ok\nSent from the all new Example app for iOS", "ok"),
        ] {
            assert_eq!(own(text), (left.to_owned(), Some(CleanRule::AppMade)), "{text:?}");
        }
    }

    #[test]
    fn a_persons_own_words_stay() {
        for text in [
            ">_<",
            ">:( not fair",
            "> 20 people came",
            "i liked “dune” better",
            "loved it!!",
            "looking forward to it",
            "can u forward me the mail",
            "she wrote: come at 5",
            "hat er gestern um 5 geschrieben oder schrieb er heute?",
            "x -> y\ny > x lol",
            "he deleted the message lol",
            "i missed your call, sorry",
            "sorry i cant talk right now, in a meeting",
            "im out of the office till 3",
            "i'm out of the office til monday, ask jo",
            "ich bin heut nicht im büro, komm vorbei",
            "je suis absent demain lol",
            "here it is: https://maps.apple.com/?q=1 but park behind",
            "join the zoom meeting pls",
            "u got 🟩🟩🟩🟩🟩?? no way",
            "thumbs up 👍 to “dinner”",
            "are u on leave? i will be back soon",
            "i am out of milk, will get back in 10",
            "bin nicht im büro, melde mich später",
            "wordle was hard today, 5/6",
            "the video was omitted from the deck",
            "automatic doors are scary",
            "sent from heaven lol",
            "sent from my heart to yours",
            "a -- b\n--\nc",
            "wer hat die nachricht gelöscht",
            "vi una llamada perdida",
            "i sent a photo.",
            "fw is fine",
        ] {
            assert_eq!(own(text), (text.to_owned(), None), "{text:?}");
        }
    }

    #[test]
    fn each_rule_can_be_switched_off() {
        let off = CleanSettings {
            drop_quoted: false,
            drop_forwarded: false,
            drop_automatic: false,
            drop_app_made: false,
            ..CleanSettings::default()
        };
        for text in
            ["> a question\nok", "Fwd: deals", "Automatic reply: away", "<Media omitted>", "ok\nSent from my iPhone"]
        {
            assert_eq!(off.own_words(text), OwnWords { text: text.into(), cut: None });
        }
    }
}
