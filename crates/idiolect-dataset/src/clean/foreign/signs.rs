//! What the rules about foreign words cannot do without, looked for before any of them: most messages have none of it.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::look::{Look, Mark};

/// What every rule needs to see before it can apply; most messages have none of it.
const SIGNS: [&str; 115] = [
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
    "- via ",
    "-via ",
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

/// Rules that take long to look.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Slow {
    Forwarded = 1,
    Answered = 2,
    Signature = 4,
    Away = 8,
}

/// Which of them may find something in a text, each a bit.
#[derive(Clone, Copy)]
pub(super) struct SlowRules(u8);

static SLOW: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .build(SLOW_SIGNS.iter().map(|(_, sign)| sign))
        .expect("the signs are constant")
});

/// What each cannot do without.
const SLOW_SIGNS: [(Slow, &str); 39] = [
    (Slow::Forwarded, "forwarded"),
    (Slow::Forwarded, "original message"),
    (Slow::Forwarded, "weitergeleitete"),
    (Slow::Forwarded, "reenviado"),
    (Slow::Forwarded, "encaminhada"),
    (Slow::Forwarded, "message transf"),
    (Slow::Forwarded, "inoltrato"),
    (Slow::Forwarded, "转发"),
    (Slow::Forwarded, "fwd:"),
    (Slow::Forwarded, "fw:"),
    (Slow::Answered, "wrote"),
    (Slow::Answered, "schrieb"),
    (Slow::Answered, "crit"),
    (Slow::Answered, "escribi"),
    (Slow::Answered, "escreveu"),
    (Slow::Answered, "scritto"),
    (Slow::Answered, "schreef"),
    (Slow::Signature, "sent from"),
    (Slow::Signature, "sent via"),
    (Slow::Signature, "- via"),
    (Slow::Signature, "-via"),
    (Slow::Signature, "get outlook"),
    (Slow::Signature, "gesendet"),
    (Slow::Signature, "enviado"),
    (Slow::Signature, "envoy"),
    (Slow::Signature, "inviato"),
    (Slow::Signature, "verzonden"),
    (Slow::Signature, "skickat"),
    (Slow::Signature, "发自我的"),
    (Slow::Signature, "から送信"),
    (Slow::Away, "out of"),
    (Slow::Away, "annual leave"),
    (Slow::Away, "nicht im b"),
    (Slow::Away, "absent"),
    (Slow::Away, "hors du bureau"),
    (Slow::Away, "fuera de la oficina"),
    (Slow::Away, "estou ausente"),
    (Slow::Away, "fora do escrit"),
    (Slow::Away, "sono fuori"),
];

impl SlowRules {
    pub(super) fn of(text: &str) -> Self {
        let found = SLOW.find_overlapping_iter(text).map(|found| SLOW_SIGNS[found.pattern().as_usize()].0);
        Self(found.fold(0, |rules, rule| rules | rule as u8))
    }

    pub(super) fn contain(self, rule: Slow) -> bool {
        self.0 & rule as u8 != 0
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
