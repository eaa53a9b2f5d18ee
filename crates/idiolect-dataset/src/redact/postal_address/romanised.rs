//! Addresses of Japan and Korea in Latin letters: "1-2-3 Jingumae, Shibuya-ku, Tokyo 150-0001", "152 Teheran-ro, Gangnam-gu, Seoul".

use super::word::{Gap, Word};
use super::words::{is_never_a_name, is_region_name};
use crate::word_set::word_set;

/// The most words of one address.
const REACH: usize = 14;

word_set! {
    is_city:
    "tokyo" "osaka" "kyoto" "yokohama" "nagoya" "sapporo" "fukuoka" "kobe" "sendai" "hiroshima" "kawasaki" "saitama" "chiba" "seoul" "busan" "incheon" "daegu"
    "daejeon" "gwangju" "suwon" "ulsan" "jeju" "bldg" "building";
}

/// "Shibuya-ku", "Teheran-ro": a place with the kind of place that it is.
fn is_district(word: &Word) -> bool {
    const KINDS: [&str; 22] = [
        "ku", "shi", "cho", "chome", "machi", "gun", "ken", "fu", "to", "mura", "gu", "si", "do", "dong", "ro", "gil",
        "daero", "eup", "myeon", "ri", "dori", "ga",
    ];
    word.capital
        && word.digits == 0
        && word.is_joined()
        && word.lower.rsplit_once('-').is_some_and(|(name, kind)| name.len() >= 2 && KINDS.contains(&kind))
}

/// "1-2-3", "150-0002".
fn is_block(word: &Word) -> bool {
    word.is_number() && word.lower.contains('-')
}

/// The end of such an address that starts at `at`.
pub(super) fn address(words: &[Word], at: usize) -> Option<usize> {
    // Most capitalised words and numbers are told from an address here.
    words.get(at + 1).filter(|next| next.capital || next.digits > 0)?;
    let is_part = |(offset, word): &(usize, &Word)| {
        let joined = *offset == 0 || word.gap < Gap::Break;
        joined && (word.digits > 0 || word.capital && (!is_never_a_name(&word.lower) || word.lower.contains('-')))
    };
    let stretch = words[at..].iter().enumerate().take(REACH).take_while(is_part).count();
    let parts = &words[at..at + stretch];
    let first = parts.iter().position(is_district)?;
    let districts = parts.iter().filter(|word| is_district(word)).count();
    let blocks = parts.iter().any(is_block);
    let numbered = blocks || parts.iter().any(|word| word.is_number());
    let city = parts.iter().any(|word| is_city(&word.lower));
    let begins = is_district(&parts[0]) || parts[0].digits > 0 || first <= 2;
    let ends =
        |word: &Word| word.digits > 0 || is_district(word) || is_city(&word.lower) || is_region_name(&word.lower);
    let last = parts.iter().rposition(ends)?;
    let sure = districts >= 2 || blocks && city || city && parts.iter().any(Word::is_zip);
    (numbered && begins && sure).then_some(at + last + 1)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn finds_addresses_in_latin_letters() {
        for (text, address) in [
            ("1-2-3 Momijicho, Shiraume-ku, Tokyo 150-0099", "1-2-3 Momijicho, Shiraume-ku, Tokyo 150-0099"),
            ("im at Shiraume-ku, Nishi-Momiji 2-8-1, Tokyo now", "Shiraume-ku, Nishi-Momiji 2-8-1, Tokyo"),
            ("5-2-1 Momiji, Ume-ku, Tokyo", "5-2-1 Momiji, Ume-ku, Tokyo"),
            ("Danpung-ro 152, Maehwa-gu, Seoul ok", "Danpung-ro 152, Maehwa-gu, Seoul"),
            ("55 Danpung-daero, Maehwa-gu, Seoul 06299", "55 Danpung-daero, Maehwa-gu, Seoul 06299"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn other_hyphens_stay() {
        for text in [
            "see you at 1-2-3 Go, Tokyo",
            "Haru-chan 5-0",
            "Judo-do 5 times",
            "we won 3-2 in Tokyo",
            "Gangnam-style 2012",
            "A-ha 12, U-do",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
