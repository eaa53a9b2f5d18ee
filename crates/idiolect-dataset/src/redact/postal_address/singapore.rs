//! Streets of Singapore, which have a number behind their word as well: "blk 88 elmok north st 4 s460088", "304 jurong east st 32".

use super::word::{Gap, Word};
use crate::word_set::word_set;

word_set! {
    /// Words of the names of Singapore's towns.
    is_town:
    "bedok" "tampines" "yishun" "woodlands" "jurong" "hougang" "serangoon" "payoh" "toa" "bishan" "clementi" "bukit" "batok" "panjang" "merah" "pasir" "punggol" "sengkang" "choa" "geylang" "sembawang" "simei"
    "eunos" "bendemeer" "tiong" "whye" "kio" "ubi" "aljunied" "kallang" "redhill" "commonwealth" "rivervale" "compassvale" "anchorvale" "edgedale" "admiralty" "marsiling" "canberra" "boon" "pioneer";

    is_street: "st" "street" "ave" "avenue" "road" "rd" "drive" "dr" "lor" "lorong" "lane" "ring" "close" "crescent" "link" "walk";
}

/// The end of the number, behind the street's word, of the address from `first` to before `at`.
pub(super) fn behind(words: &[Word], first: usize, at: usize) -> Option<usize> {
    let number = words.get(at).filter(|number| number.gap == Gap::Space && !number.hash)?;
    let numbered = number.is_number() && !number.is_joined() && number.digits <= 2 && is_street(&words[at - 1].lower);
    let block = || matches!(words[first].lower.as_ref(), "blk" | "block");
    (numbered && (block() || words[first..at].iter().any(|word| is_town(&word.lower)))).then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn the_number_of_a_street_belongs_to_it() {
        for (text, address) in [
            ("my hse blk 88 elmok north st 4 s460088 liao", "blk 88 elmok north st 4 s460088"),
            ("im at 304 jurong east st 32", "304 jurong east st 32"),
            ("its 27 lor 8 toa payoh", "27 lor 8 toa payoh"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
        assert_eq!(found("im at 30 elm road 5 mins away"), ["30 elm road"]);
    }
}
