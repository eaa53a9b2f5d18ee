//! What stands in a message though the person did not write it: quotes, forwarded mail, automatic answers, what an
//! app puts there. Only what nothing else looks like is taken for such; a wrong guess would cost the person's own words.

mod reaction;
mod shared;
mod signs;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::{CleanRule, CleanSettings, is_blank};
pub use reaction::is_texted_reaction;
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

/// Behind which everything is somebody else's. Borders of words, here and below, are ASCII's: with Unicode's the fast matcher gives up on
/// other letters.
static FORWARDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xim) ^ [\x20\t]* (?:
            -{2,}\x20? (?: forwarded\ message | original\ message | weitergeleitete\ nachricht | mensaje\ reenviado | mensagem\ encaminhada | message\ transféré
              | messaggio\ inoltrato | 转发的?邮件 ) .*
          | begin\ forwarded\ message:? | fwd?: .* | \[forwarded(?-u:\b) [^\n\]]* \] .* | forwarded: .*
          # By itself it answers somebody.
          | forwarded (?: \ many\ times | \ from(?-u:\b) .* | \ message:? )? [\x20\t]* \n .* ) $",
    )
    .expect("the pattern is constant")
});

/// "On Tue, 3 Jan 2026 at 17:30, … wrote:", behind which a mail quotes what it answers; with an address it may go over two lines.
static ANSWERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xim) ^ (?: on | am | le | el | em | il | op | den ) (?-u:\b) [^\n]{0,120} \d [^\n]{0,160} (?: @ [^\n]{0,80} \n | \n [^\n]{0,80} @ )? [^\n]{0,80} (?: wrote | schrieb [^\n]{0,60} | a\ écrit | escribió | escreveu | ha\ scritto | schreef [^\n]{0,60} ) \s? : [\x20\t]* $",
    )
    .expect("the pattern is constant")
});

/// The line that a mail program adds at the end.
static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) ^ [\x20\t]* (?: sent\ (?:from|via)\ (?: (?: my | the | an? )\ (?: [^\n]{0,30}\ )?? (?: (?:i|smart|mobile\ )?phone | ipad | ipod | mac(?:book)? | mobile | cell | tablet | device | computer | laptop | watch
                | galaxy | samsung | pixel | android | blackberry | nokia | huawei | xiaomi | redmi | oneplus | htc | lg | sony | xperia | moto\w* | windows | surface | app )(?-u:\b) | yahoo | gmail | outlook | mail\ for | proton | samsung | iphone | siri | email\ by ) [^\n]{0,60}
            | get\ outlook\ for\ (?: ios | android ) [^\n]{0,60} | von\ meinem\ [^\n]{1,40}\ gesendet | gesendet\ von\ (?:meinem|mail|outlook) [^\n]{0,40}
            | enviado\ (?: desde\ mi | do\ meu | a\ partir\ do ) [^\n]{0,40} | envoyé\ (?: de\ mon | depuis\ mon | de\ l.outlook ) [^\n]{0,40} | inviato\ da(?:l\ mio)?\ (?:iphone|ipad|telefono) [^\n]{0,40}
            | verzonden\ (?:vanaf|met)\ mijn [^\n]{0,40} | skickat\ från\ min [^\n]{0,40} | 发自我的 [^\n]{0,40} | [^\n]{0,20}から送信 ) [.!]? $",
    )
    .expect("the pattern is constant")
});

/// What a website that sends text messages adds behind the words: "… - Sent via EXAMPLE.COM". A person writes "flights - via example.com".
static GATEWAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?xi) (?: ^ | [\x20\t.!?] ) (?P<line> -\x20? (?P<sent>sent\x20)? via \x20 (?P<host> (?:[a-z0-9-]{2,30}\.){1,2} (?:com|net|org|in|co) ) [.!]? ) $")
        .expect("the pattern is constant")
});

/// Whole messages that a telephone or a mail program sends by itself.
static AUTOMATIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) ^ \s* (?: [\[(] auto(?:matic|mated)?[-\x20]?(?:reply|response|responder) [\])] .* | auto(?:matic|mated)?[-\x20]?(?:reply|response|responder) \s* [:\n] .* | \[automat(?:ic|ed)[^\]]*\] .*
            | this\ is\ an?\ automat(?:ed|ic)\ (?:message|reply|response|notification|e-?mail) (?-u:\b) .* | (?:abwesenheitsnotiz|automatische\ antwort|réponse\ automatique|respuesta\ automática|resposta\ automática|risposta\ automatica) (?-u:\b) .*
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
            | (?:(?-i:Y)ou\ (?:deleted|unsent)\ (?:this|a)\ message|this\ message\ was\ (?:deleted|unsent)|(?-i:M)essage\ deleted|(?-i:D)eleted\ message)\.?
            | (?:diese\ nachricht\ wurde\ gelöscht|du\ hast\ diese\ nachricht\ gelöscht|(?:se\ eliminó|eliminaste)\ este\ mensaje|este\ mensaje\ fue\ eliminado|ce\ message\ a\ été\ supprimé|vous\ avez\ supprimé\ ce\ message
                |questo\ messaggio\ è\ stato\ eliminato|hai\ eliminato\ questo\ messaggio|esta\ mensagem\ foi\ apagada|você\ apagou\ esta\ mensagem|dit\ bericht\ is\ verwijderd|je\ hebt\ dit\ bericht\ verwijderd)\.?
            | (?:verpasster\ (?:sprach|video)anruf|appel\ (?:vocal|vidéo)\ manqué|llamada\ de\ (?:voz|v[ií]deo)\ perdida|videollamada\ perdida|chiamata\ (?:vocale|video)\ persa|chamada\ de\ (?:voz|vídeo)\ perdida|gemiste\ (?:spraak|video)oproep)\.?
            # Apps begin with a capital.
            | (?-i:M)issed\ (?:voice\ |video\ |audio\ |group\ )?(?:call|chat)(?:\ at\ [\d:]{1,5}(?:\s?[ap]m)?)?\.? | (?-i:Y)ou\ missed\ an?\ (?:voice\ |video\ |audio\ )?(?:call|chat)(?-u:\b).{0,40}
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
        || reaction::is_english(text)
        || shared::is_shared(text)
}

/// Where the line of a mail program or website begins that ends `text`, with a line of dashes above it. Looked for in the last line alone: a
/// pattern of the whole text would be tried backwards from its end, in ever new states.
fn signature(text: &str) -> Option<usize> {
    let line_start = |text: &str| text.rfind('\n').map_or(0, |end| end + 1);
    let text = text.trim_end();
    let start = line_start(text);
    if !SIGNATURE.is_match(&text[start..]) {
        let found = GATEWAY.captures(&text[start..])?;
        let added = found.name("sent").is_some() || found["host"].contains(|c: char| c.is_ascii_uppercase());
        return found.name("line").filter(|_| added).map(|line| start + line.start());
    }
    let above = text[..start].strip_suffix('\n').unwrap_or_default();
    let dashes = line_start(above);
    Some(if above[dashes..].trim() == "--" { dashes } else { start })
}

impl CleanSettings {
    /// `text`, after a `look` at it, without what the person did not write, as far as the rules are switched on.
    pub(crate) fn own_words<'a>(&self, look: Look, text: &'a str) -> OwnWords<'a> {
        let mut own = OwnWords { text: Cow::Borrowed(text), cut: None };
        // No word is a sign of these, for each language has its own.
        if self.drop_app_made && look.holds(Mark::NotAscii) && reaction::is_of_elsewhere(text) {
            return OwnWords { text: Cow::Borrowed(""), cut: Some(CleanRule::AppMade) };
        }
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
            && let Some(start) = signature(&own.text)
        {
            own.keep(start, CleanRule::AppMade);
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
mod tests;
