//! Passwords of several words, which the words behind them say how to type: "the password is we love cats all one word".

use super::super::pattern::{AnyOf, Led, Pattern};
use super::super::{PiiKind, Span};
use super::{ANNOUNCING, IS, NOUN, is_for_words, is_ordinary};

/// How they are typed.
const TYPED: &str = r"(?: (?: all | in ) \x20 )? (?: one \x20 word | together | no \x20 spaces? | (?: with | without ) \x20 (?: the \x20 )? spaces? | lower \x20? case | small \x20 letters
    | todo \x20 (?: en \x20 )? min[uú]sculas? | tudo \x20 min[uú]sculo | todo \x20 junto | tudo \x20 junto | sin \x20 espacios? | sem \x20 espa[cç]os? | con \x20 espacios | tout \x20 attach[ée] | sans \x20 espaces? | zusammen(?:geschrieben)? | ohne \x20 leerzeichen | alles \x20 klein
    | tutto \x20 attaccato | senza \x20 spazi | aan \x20 elkaar | zonder \x20 spaties | bez \x20 spacji | razem )";

/// A look for these alone, as the whole pattern is large.
static TYPING: Pattern = Pattern::new(|| format!(r"(?xi) [\x20,(] {TYPED}"));

static DESCRIBED: Led = Led::new(&ANNOUNCING, || {
    format!(
        r"(?xi) ^ {NOUN} [^.!?\n:]{{0,32}}? (?: \s* [:=]+ \s* | (?: \x20 {IS} | ['’]s ) (?: \x20 (?: still | now | just ) )? :? \s+ )
          (?P<value> [^\s.,:;!?()]+ (?: \x20 [^\s.,:;!?()]+ ){{1,5}}? ) [\x20,(]{{1,3}} {TYPED} (?: [^\p{{L}}\p{{N}}] | $ )"
    )
});

/// Whether `after` begins with how what stands before it is typed.
pub(super) fn is_typed(after: &str) -> bool {
    /// In bytes, more than the longest way to say so has.
    const REACH: usize = 32;
    let after = &after[..after.floor_char_boundary(after.len().min(REACH))];
    TYPING.of(after).find(after).is_some_and(|typed| after[..typed.start()].bytes().all(|byte| byte == b' '))
}

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    // Of each way to say it, ASCII letters that it has.
    static WORDS: AnyOf = AnyOf::new(&[
        "one word", "together", "space", "lower", "minusc", "minúsc", "small", "junto", "espa", "attach", "zusammen",
        "leerz", "klein", "attacc", "spaz", "elkaar", "spati", "spacj", "razem",
    ]);
    if !WORDS.is_in(text) || !TYPING.of(text).is_match(text) {
        return;
    }
    for matched in DESCRIBED.captures_iter(text) {
        let (Some(noun), Some(value)) = (matched.name("noun"), matched.name("value")) else { continue };
        let mut words = text[value.clone()].split(' ').map(str::to_lowercase);
        let (first, last) = (words.next().unwrap_or_default(), words.next_back().unwrap_or_default());
        // "the password is the dogs name, all one word" gives none away; what is but one word was found by it alone.
        if is_for_words(&text[noun]) && !is_ordinary(&first) && !matches!(last.as_str(), "all" | "in") {
            found.push(Span::new(PiiKind::Password, "password/described", value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    #[test]
    fn finds_passwords_of_several_words() {
        for (text, words) in [
            ("the password is we love cats all one word", "we love cats"),
            ("wifi password: we love cats (no spaces)", "we love cats"),
            ("the password is: we love cats all lowercase", "we love cats"),
            ("wifi pw is horse battery staple with spaces", "horse battery staple"),
            ("la contraseña del wifi es casa de sol todo junto", "casa de sol"),
            ("le mdp c'est chat noir tout attaché", "chat noir"),
            ("wlan passwort ist blaue katze alles klein", "blaue katze"),
            ("a senha é gato preto tudo junto", "gato preto"),
        ] {
            assert_eq!(found_by(find, text), [words], "{text:?}");
        }
    }

    #[test]
    fn leaves_what_gives_none_away() {
        for text in [
            "the password is the dogs name all one word",
            "my password is too long, no spaces allowed",
            "password is on the fridge all lower case",
            "is the password all one word?",
            "secret is we were together",
        ] {
            assert_eq!(found_by(find, text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
