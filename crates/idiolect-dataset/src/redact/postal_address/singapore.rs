//! Streets of Singapore and Malaysia: with a number behind their word as well ("blk 88 elmok north st 4 s460088", "304 jurong east st 32"),
//! and with their word behind the house ("no 12 jalan elma 15/4", "31 jalan elmiara #03-02", "7 Lor 25A Elmlang").

use super::kinds;
use super::word::{Gap, Word};
use super::words::*;
use crate::word_set::word_set;

/// The longest name behind "jalan", in words.
const NAME_WORDS: usize = 3;

word_set! {
    /// Words of the names of Singapore's towns.
    is_town:
    "bedok" "tampines" "yishun" "woodlands" "jurong" "hougang" "serangoon" "payoh" "toa" "bishan" "clementi" "bukit" "batok" "panjang" "merah" "pasir" "punggol" "sengkang" "choa" "geylang" "sembawang" "simei"
    "eunos" "bendemeer" "tiong" "whye" "kio" "ubi" "aljunied" "kallang" "redhill" "commonwealth" "rivervale" "compassvale" "anchorvale" "edgedale" "admiralty" "marsiling" "canberra" "boon" "pioneer";

    is_street: "st" "street" "ave" "avenue" "road" "rd" "drive" "dr" "lor" "lorong" "lane" "ring" "close" "crescent" "link" "walk";

    /// What stands before the name.
    is_lane [LANES]: "jalan" "jln" "lorong" "lrg" "persiaran" "lebuh" "lebuhraya" "solok";

    /// With what the towns behind it begin.
    is_malay_town: "kl" "pj" "jb" "kuala" "petaling" "subang" "shah" "johor" "penang" "georgetown" "ipoh" "melaka" "malacca" "klang" "cheras" "ampang" "puchong" "kajang" "cyberjaya" "putrajaya" "seremban" "kuching"
    "miri" "kuantan" "selangor" "damansara" "bangsar" "singapore";

    /// What the number of a house is behind.
    is_label: "no" "lot" "unit" "nombor";

    /// What "jalan" means beside a street: "2 jalan keluar" are ways out.
    is_walked: "keluar" "masuk" "kaki" "jalan" "terus" "pulang" "balik" "tikus" "pintas" "raya" "dekat" "jauh";
}

/// The end of a street whose house is at `at`, before its word.
pub(super) fn housed(words: &[Word], at: usize) -> Option<usize> {
    numbered_lane(words, at).or_else(|| lane(words, at))
}

/// "7 Lor 25A Elmlang": a lane of Singapore, which is numbered.
fn numbered_lane(words: &[Word], at: usize) -> Option<usize> {
    let [house, lane, number, name] = words.get(at..at + 4)? else { return None };
    let spaced = [lane, number, name].iter().all(|word| word.gap == Gap::Space);
    let numbered =
        number.is_house_number() && number.digits <= 3 && (name.capital || is_town(&name.lower)) && name.digits == 0;
    let two = words.get(at + 4).is_some_and(|next| next.gap == Gap::Space && is_town(&next.lower));
    let lane = matches!(lane.lower.as_ref(), "lor" | "lorong");
    (spaced && house.is_house_number() && numbered && lane).then_some(at + 4 + usize::from(two))
}

/// "31 jalan elmiara #03-02": where a unit, a label, a section's number or a town says that no way is meant.
fn lane(words: &[Word], at: usize) -> Option<usize> {
    let start = words.get(at + 1).filter(|start| start.may_be(kinds::START) && start.gap <= Gap::Comma)?;
    let house = &words[at];
    if !is_lane(&start.lower) || !house.is_house_number() || house.digits > 4 {
        return None;
    }
    let is_name = |word: &&Word| {
        let lettered = word.digits == 0 && word.letters > 1 && !is_never_a_name(&word.lower) && !is_walked(&word.lower);
        word.gap == Gap::Space && !word.hash && (lettered || is_code(word))
    };
    let named = words[at + 2..].iter().take(NAME_WORDS).take_while(is_name);
    // A section's number is the last of a name.
    let count = named.clone().position(is_code).map_or(named.count(), |code| code + 1);
    let end = at + 2 + count;
    let next = words.get(end);
    let unit = next.is_some_and(|next| next.hash);
    let labelled = at > 0 && is_label(&words[at - 1].lower) && house.gap == Gap::Space;
    let coded = words[at + 2..end].iter().any(|word| word.lower.contains('/'));
    let town = next.is_some_and(|next| {
        next.gap == Gap::Comma && (is_malay_town(&next.lower) || next.is_number() && next.digits == 5)
    });
    (count > 0 && (unit || labelled || coded || town)).then_some(end)
}

/// "15/4", "2", "ss2/24": what sections of a town are numbered with, behind their letters.
fn is_code(word: &Word) -> bool {
    let section = word.lower.contains('/') && word.letters <= 3 && word.digits <= 5;
    word.digits > 0 && (section || word.letters == 0 && word.digits <= 2)
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

    #[test]
    fn houses_stand_before_their_street() {
        for (text, address) in [
            ("31 jalan elmiara #03-02", "31 jalan elmiara #03-02"),
            ("come to 31 jalan elmiara #03-02 ok", "31 jalan elmiara #03-02"),
            ("saya di no 12 jalan ss 15/4, subang jaya", "no 12 jalan ss 15/4, subang jaya"),
            ("rumah kat no 8 jln elma 2 ye", "no 8 jln elma 2"),
            ("im at no 8 jalan ss2/24, petaling jaya", "no 8 jalan ss2/24, petaling jaya"),
            ("im at 8 lorong elma, shah alam", "8 lorong elma, shah alam"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn ways_stay() {
        for text in [
            "ada 2 jalan keluar, no 3 tak ada",
            "no 2 jalan kaki je",
            "pukul 8 jalan jalan, kl",
            "5 lorong gelap, takut",
            "dah 3 jalan tutup",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
