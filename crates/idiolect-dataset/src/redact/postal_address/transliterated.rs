//! Addresses of Egypt, Thailand, Vietnam and the Gulf in Latin letters: "10 share3 el olm", "60 olmvit soi 11", "o 12 le olm q1",
//! "villa 9 street 8 al olma 2".

use super::word::{Gap, Word};
use super::words::*;
use super::{onward, small};
use crate::word_set::word_set;

word_set! {
    /// A street in Egypt, where digits stand for letters that Latin lacks.
    is_arabic_street: "share3" "shari3" "shara3" "share'" "sharea3" "sh3" "4are3" "4ari3" "shaare3";

    /// What comes right before a house in Vietnamese without its accents.
    is_vietnamese_lead: "o" "qua" "toi" "tai" "chi" "nha" "cho" "giao" "ve" "den" "so" "ở" "tại" "chỉ" "tới" "đến" "về" "nhà" "tui" "mình" "số";

    /// Vietnamese words between a number and what it counts, and those that no name has in it.
    is_vietnamese_count:
    "giờ" "ngày" "tuần" "tháng" "năm" "phút" "giây" "tuổi" "người" "đứa" "con" "cái" "chiếc" "lần" "triệu" "nghìn" "ngàn" "tỷ" "trăm" "chục" "quán" "chuyến" "anh" "em" "chị" "bạn" "đêm" "món" "tô" "căn" "nơi" "chỗ" "lớp" "sản" "công" "đơn" "khách" "phần" "xe" "vé" "bộ" "chai" "hộp" "gói" "nước" "tỉnh" "điểm" "trận" "bàn" "kg" "km" "rưỡi" "sáng" "chiều" "tối";

    /// What leads to a soi or a villa.
    is_soi_lead: "at" "in" "on" "near" "to" "is" "condo" "hotel" "into" "from" "address" "up";

    is_street: "street" "st" "road" "rd" "str";
}

/// The end of such an address that begins with the number at `at`, or with a word that has one in it.
pub(super) fn of_number(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    if is_arabic_street(&first.lower) {
        // "share3 faysal 210"
        let house = arabic_name(words, at + 1)?;
        return words.get(house).filter(|house| is_house(house)).map(|_| house + 1);
    }
    if !first.is_house_number() || first.hash {
        return None;
    }
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space)?;
    if is_arabic_street(&next.lower) {
        return arabic_name(words, at + 2);
    }
    if next.digits > 0 || first.digits > 4 {
        return None;
    }
    // "3 bars soi 6"
    let street = if is_led(words, at) { soi(words, at + 1) } else { None };
    street.or_else(|| vietnamese(words, at))
}

/// The end of such an address that begins with the word at `at`; `number` is the next word behind that has a digit.
pub(super) fn of_word(words: &[Word], at: usize, number: usize) -> Option<usize> {
    let led = is_led(words, at);
    if number == at + 1 && words[at].lower == "villa" {
        // "aston villa 2 street 3"
        let begins = led || at == 0 || words[at].gap > Gap::Space;
        return begins.then(|| villa(words, at)).flatten();
    }
    let is_soi = (2..=3).contains(&(number - at)) && words[number - 1].lower == "soi";
    (is_soi && (led || words[at].capital)).then(|| soi(words, at)).flatten()
}

fn is_led(words: &[Word], at: usize) -> bool {
    at > 0 && words[at].gap == Gap::Space && is_soi_lead(&words[at - 1].lower)
}

fn is_house(word: &Word) -> bool {
    word.gap == Gap::Space && word.is_house_number() && word.digits <= 4
}

/// "el haram", "faysal", "talaat harb": one word behind an article, or one by itself; two where the clause ends with them.
fn arabic_name(words: &[Word], at: usize) -> Option<usize> {
    let article = words.get(at).is_some_and(|word| {
        word.gap == Gap::Space && matches!(word.lower.as_ref(), "el" | "al" | "abd" | "abo" | "abu")
    });
    let name = at + usize::from(article);
    let own = |at: usize| {
        words.get(at).is_some_and(|word| {
            word.gap == Gap::Space
                && word.letters >= 3
                && word.digits <= 2
                && !word.is_number()
                && !is_never_a_name(&word.lower)
                && !is_said(&word.lower)
        })
    };
    if !own(name) {
        return None;
    }
    let two =
        !article && own(name + 1) && words.get(name + 2).is_none_or(|next| next.gap >= Gap::Comma || next.digits > 0);
    Some(name + 1 + usize::from(two))
}

/// What is said of a street: "crowded", "long", "closed".
fn is_said(lower: &str) -> bool {
    matches!(lower, "za7ma" | "zahma" | "tawel" | "tawil" | "wa2ef" | "ma2fool" | "kolo" | "da2aye2" | "bas")
}

/// "olmvit soi 11": the name, and the side street's number.
fn soi(words: &[Word], at: usize) -> Option<usize> {
    let soi = (at + 1..=at + 2)
        .find(|&soi| words.get(soi).is_some_and(|word| word.lower == "soi" && word.gap == Gap::Space))?;
    let named = words[at..soi].iter().all(|word| {
        word.digits == 0 && word.letters >= 3 && !is_never_a_name(&word.lower) && !small::is_no_name(&word.lower)
    });
    let number = words.get(soi + 1).filter(|number| is_house(number) && number.digits <= 3)?;
    (named && !number.hash).then_some(soi + 2)
}

/// "o 12 le olm q1", "15 hai olm trưng hà nội": two or three short words and the number of a district, or a large city.
fn vietnamese(words: &[Word], at: usize) -> Option<usize> {
    let led = at > 0 && words[at].gap == Gap::Space && is_vietnamese_lead(&words[at - 1].lower);
    // Behind the end of another such address, too.
    let begins = at == 0
        || words[at].gap >= Gap::Line
        || is_district(&words[at - 1].lower)
        || (at.saturating_sub(2)..at).any(|city| vietnamese_city(words, city) == Some(at));
    if !led && !begins {
        return None;
    }
    let is_syllable = |word: &&Word| {
        word.gap == Gap::Space
            && word.digits == 0
            && (2..=6).contains(&word.letters)
            && !is_never_a_name(&word.lower)
            && !is_vietnamese_count(&word.lower)
    };
    let names = words[at + 1..].iter().take(3).take_while(is_syllable).count();
    (2..=names).rev().find_map(|names| {
        let from = at + 1 + names;
        let mut end = from;
        while words.get(end).is_some_and(|word| word.gap <= Gap::Comma && is_district(&word.lower)) {
            end += 1;
        }
        let end = vietnamese_city(words, end).unwrap_or(end);
        (end > from && (led || words[at + 1..from].iter().any(|word| !word.lower.is_ascii()))).then_some(end)
    })
}

/// "hà nội", "sài gòn": the end of a large city at `at`.
fn vietnamese_city(words: &[Word], at: usize) -> Option<usize> {
    let first = words.get(at).filter(|first| first.gap <= Gap::Comma)?;
    if matches!(first.lower.as_ref(), "hcm" | "tphcm" | "hn" | "sg") {
        return Some(at + 1);
    }
    let second = words.get(at + 1).filter(|second| second.gap == Gap::Space)?;
    matches!(
        (first.lower.as_ref(), second.lower.as_ref()),
        ("hà", "nội")
            | ("sài", "gòn")
            | ("đà", "nẵng")
            | ("tp", "hcm")
            | ("ha", "noi")
            | ("sai", "gon")
            | ("da", "nang")
    )
    .then_some(at + 2)
}

/// "q1", "p12".
fn is_district(lower: &str) -> bool {
    lower
        .strip_prefix(['q', 'p'])
        .is_some_and(|number| (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// "villa 9 street 8 al olma 2", "villa 22 street 14b olmeirah 3": a house and a street that are both numbered, and the quarter.
fn villa(words: &[Word], at: usize) -> Option<usize> {
    let [house, street, number] = words.get(at + 1..at + 4)? else { return None };
    let numbered = is_house(house) && street.gap <= Gap::Comma && is_street(&street.lower) && is_house(number);
    if !numbered {
        return None;
    }
    let end = at + 4;
    let quarter = words[end..]
        .iter()
        .enumerate()
        .take(3)
        .take_while(|(offset, word)| {
            (word.gap == Gap::Space || *offset == 0 && word.gap == Gap::Comma)
                && word.digits == 0
                && word.letters >= 2
                && !is_never_a_name(&word.lower)
                && !onward::is_onward(&word.lower)
                || *offset == 0 && matches!(word.lower.as_ref(), "al" | "el")
        })
        .count();
    let numbered =
        words.get(end + quarter).is_some_and(|word| word.gap == Gap::Space && word.is_number() && word.digits == 1);
    // "villa 9 street 8 come now" goes on with a sentence.
    let named = quarter > 0 && (numbered || matches!(words[end].lower.as_ref(), "al" | "el" | "umm" | "nad"));
    Some(if named { end + quarter.min(2) + usize::from(numbered && quarter <= 2) } else { end })
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn addresses_in_latin_letters_are_found() {
        for (text, address) in [
            ("ana f 10 share3 el olm ta3ala", "10 share3 el olm"),
            ("bayti 5 shari3 el olm", "5 shari3 el olm"),
            ("ana sakn f shari3 olmal 210", "shari3 olmal 210"),
            ("im at 60 olmvit soi 11", "60 olmvit soi 11"),
            ("pick me up at olmlom soi 4 pls", "olmlom soi 4"),
            ("minh o 12 le olm q1", "12 le olm q1"),
            ("giao 56/7 ly olm kiet p7 q10", "56/7 ly olm kiet p7 q10"),
            ("em ở 12 lê ôlm q1 nè", "12 lê ôlm q1"),
            ("15 hai ôlm trưng hà nội", "15 hai ôlm trưng hà nội"),
            ("im at villa 9 street 8 al olma 2 come", "villa 9 street 8 al olma 2"),
            ("villa 22 street 14b olmeirah 3", "villa 22 street 14b olmeirah 3"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn one_is_found_behind_another() {
        assert_eq!(found("12 lê ôlm q1 12 lê ôlm q1 15 hai ôlm trưng hà nội 9 lê ôlm q1").len(), 4);
    }

    #[test]
    fn other_words_stay() {
        for text in [
            "el 3 share3 zahma",
            "fel share3 20 d2i2a",
            "10 share3 tawel",
            "puhelin soi 5 kertaa",
            "chez soi 5 jours",
            "soi 5",
            "3 bars soi 6",
            "i like cowboy soi 5 more",
            "aston villa 2 street 3",
            "revenue up 12 end of q1",
            "so 12 more than q1",
            "villa 3 arsenal 1",
            "villa 9 goals 8",
            "có 15 người ở hà nội",
            "ở 15 ngày hà nội",
            "12 giờ trưa q1",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
