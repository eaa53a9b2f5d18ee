//! Seed phrases, which open a wallet: twelve words or more behind what they are called.

use std::sync::LazyLock;

use regex::Regex;

use super::super::{PiiKind, Span};

/// "seed phrase: …", behind which come twelve words or more.
static SEED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?xi) (?: (?: seed | recovery | backup | secret | mnemonic ) \x20? (?: phrase | words? | seed )? | (?: wallet | metamask | ledger | trezor ) (?: ['’]s )? \x20 (?: seed \x20? | recovery \x20 | secret \x20 )? (?: phrase | words? | seed ) | (?: metamask | trezor | (?: 12 | 24 | twelve ) \x20 words ) \s* [:=\n] )
            \s* (?: is | are | [:=(–—\x22“‘«-] )* \s* (?P<value> (?: 1[.)]?\x20? )? [a-z]{3,8} (?: [\s,]+ (?:\d{1,2}[.)]?\x20?)? [a-z]{3,8} ){11,} )")
        .expect("the pattern is constant")
});

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    let long = text.split_whitespace().nth(SEED_WORDS).is_some();
    let seeds = long.then(|| SEED.captures_iter(text)).into_iter().flatten();
    let words = seeds.filter_map(|captures| captures.name("value")).filter(|words| !is_sentence(words.as_str()));
    found.extend(words.map(|words| Span::new(PiiKind::Password, "password/seed_phrase", words.range())));
}

/// The fewest words of a seed phrase.
const SEED_WORDS: usize = 12;

/// Whether there is a word in it that is in nearly every sentence, and in no seed phrase (BIP 39's English list).
fn is_sentence(words: &str) -> bool {
    const WORDS: &str =
        " the and for was were are but not has his her from would could your their our him she been got went ";
    words.split_whitespace().any(|word| WORDS.contains(&format!(" {} ", word.trim_end_matches(',').to_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    #[test]
    fn finds_seed_phrases() {
        for (text, words) in [
            (
                "my seed phrase – able acid also apple army atom aunt baby bag ball band bank",
                "able acid also apple army atom aunt baby bag ball band bank",
            ),
            (
                "recovery phrase\n1 able\n2 acid\n3 also\n4 apple\n5 army\n6 atom\n7 aunt\n8 baby\n9 bag\n10 ball\n11 band\n12 bank",
                "1 able\n2 acid\n3 also\n4 apple\n5 army\n6 atom\n7 aunt\n8 baby\n9 bag\n10 ball\n11 band\n12 bank",
            ),
            (
                "metamask: able acid also apple army atom aunt baby bag ball band bank",
                "able acid also apple army atom aunt baby bag ball band bank",
            ),
            (
                "my 12 words:\nable acid also apple army atom aunt baby bag ball band bank",
                "able acid also apple army atom aunt baby bag ball band bank",
            ),
            (
                "my recovery words: able acid also apple army atom aunt baby bag ball band bank",
                "able acid also apple army atom aunt baby bag ball band bank",
            ),
            (
                "seed phrase: able acid also apple army atom aunt baby bag ball band bank",
                "able acid also apple army atom aunt baby bag ball band bank",
            ),
            (
                "my wallet words are 1. able 2. acid 3. also 4. apple 5. army 6. atom 7. aunt 8. baby 9. bag 10. ball 11. band 12. bank",
                "1. able 2. acid 3. also 4. apple 5. army 6. atom 7. aunt 8. baby 9. bag 10. ball 11. band 12. bank",
            ),
        ] {
            assert_eq!(found_by(find, text), [words], "{text:?}");
        }
    }

    #[test]
    fn leaves_lists_and_sentences_alone() {
        for text in [
            "seed: able acid also apple army",
            "the seed is planted and we wait for some rain before the summer comes around",
            "ledger: able acid also apple army atom aunt baby bag ball band bank",
            "able acid also apple army atom aunt baby bag ball band bank",
            "my 12 words able acid also apple army atom aunt baby bag ball band bank",
        ] {
            assert_eq!(found_by(find, text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
