//! What the rules about foreign words cannot do without, looked for before any of them: most messages have none of it.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::look::{Look, Mark};

/// What every rule needs to see before it can apply; most messages have none of it.
const SIGNS: [&str; 113] = [
    "forward",
    "weitergeleitet",
    "reenviado",
    "encaminhad",
    "transféré",
    "inoltrat",
    "转发",
    "fwd:",
    "fw:",
    "original message",
    "wrote:",
    "wrote :",
    "schrieb",
    "écrit",
    "escribió",
    "escreveu",
    "scritto",
    "schreef",
    "sent from",
    "sent via",
    "outlook for",
    "gesendet",
    "enviado",
    "envoyé",
    "inviato",
    "verzonden",
    "skickat",
    "发自我的",
    "から送信",
    "automat",
    "auto-",
    "auto re",
    "autore",
    "abwesen",
    "disturb",
    "notifications",
    "out of office",
    "out of the office",
    "annual leave",
    "nicht im b",
    "absent",
    "hors du bureau",
    "fuera de la oficina",
    "fora do escrit",
    "ausente",
    "fuori ufficio",
    "fuori sede",
    "driving right now",
    "driving focus",
    "talk right now",
    "omitted",
    "(file attached)",
    "ausgeschlossen>",
    "weggelassen",
    "weggelaten",
    "omitid",
    "omis>",
    "omess",
    "oculta>",
    "oculto>",
    "gelöscht",
    "supprimé",
    "este mensaje",
    "questo messaggio",
    "mensagem",
    "dit bericht",
    "begin:vcard",
    "-- \n",
    "verpasster",
    "manqué",
    "perdida",
    "chiamata v",
    "gemiste",
    "included",
    "<attached:",
    "deleted",
    "unsent",
    "liked",
    "disliked",
    "loved",
    "laughed",
    "emphasi",
    "questioned",
    "reacted",
    "removed a",
    "missed",
    "an attachment",
    "wordle",
    "sent a photo",
    "sent a link",
    "sent a video",
    "sent a voice",
    "sent a gif",
    "sent a sticker",
    "maps.google",
    "maps.apple",
    "maps.app.",
    "google.com/maps",
    "goo.gl/maps",
    "zoom meeting",
    "teams meeting",
    "microsoft teams",
    "video meeting,",
    "join my whatsapp",
    "🟥",
    "🟧",
    "🟨",
    "🟩",
    "🟦",
    "🟪",
    "🟫",
    "⬛",
    "⬜",
];

/// What the three rules that look at every line cannot do without: those lines are slow to look at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    Forwarded,
    Answered,
    Signature,
}

static LINES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .build(LINE_SIGNS.iter().map(|(_, sign)| sign))
        .expect("the signs are constant")
});

const LINE_SIGNS: [(Lines, &str); 28] = [
    (Lines::Forwarded, "forwarded"),
    (Lines::Forwarded, "original message"),
    (Lines::Forwarded, "weitergeleitete"),
    (Lines::Forwarded, "reenviado"),
    (Lines::Forwarded, "encaminhada"),
    (Lines::Forwarded, "message transf"),
    (Lines::Forwarded, "inoltrato"),
    (Lines::Forwarded, "转发"),
    (Lines::Forwarded, "fwd:"),
    (Lines::Forwarded, "fw:"),
    (Lines::Answered, "wrote"),
    (Lines::Answered, "schrieb"),
    (Lines::Answered, "crit"),
    (Lines::Answered, "escribi"),
    (Lines::Answered, "escreveu"),
    (Lines::Answered, "scritto"),
    (Lines::Answered, "schreef"),
    (Lines::Signature, "sent from"),
    (Lines::Signature, "sent via"),
    (Lines::Signature, "get outlook"),
    (Lines::Signature, "gesendet"),
    (Lines::Signature, "enviado"),
    (Lines::Signature, "envoy"),
    (Lines::Signature, "inviato"),
    (Lines::Signature, "verzonden"),
    (Lines::Signature, "skickat"),
    (Lines::Signature, "发自我的"),
    (Lines::Signature, "から送信"),
];

impl Lines {
    pub(super) fn in_text(self, text: &str) -> bool {
        LINES.find_overlapping_iter(text).any(|found| LINE_SIGNS[found.pattern().as_usize()].0 == self)
    }
}

/// The bit of [`SIGNS`] in a look; redaction's words have the others.
const SIGN: u16 = 1 << 15;

pub(crate) fn signs() -> impl Iterator<Item = (&'static str, u16)> {
    SIGNS.into_iter().map(|sign| (sign, SIGN))
}

/// Whether any rule has to look at `text`, by a `look` at it.
pub(super) fn may_hold_foreign(look: Look, text: &str) -> bool {
    look.announces(SIGN)
        // "👍 to “see you at 5”"
        || look.holds(Mark::NotAscii) && text.trim_end().ends_with('”')
        || look.holds(Mark::GreaterThan) && text.lines().any(|line| line.trim_start().starts_with('>'))
}
