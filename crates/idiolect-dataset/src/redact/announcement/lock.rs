//! Codes of locks, key boxes, doors and bells, by the words around them: "locker combo 12-34-56", "punch 0932 into the keypad", "the gate is
//! 4829#".

mod near;
mod shape;
mod words;

use super::super::one_time_code::push;
use super::super::{PiiKind, Span};
use super::token::Token;
use near::Near;

pub(super) fn find(text: &str, tokens: &[Token], found: &mut Vec<Span>) {
    let mut at = 0;
    while at < tokens.len() {
        match shape::at(tokens, text, at) {
            Some((shape, length)) if Near::of(text, tokens, at, length).is_code(text, shape) => {
                let range = tokens[at].range.start..tokens[at + length - 1].range.end;
                push(text, range, PiiKind::OneTimeCode, "one_time_code/lock", found);
                at += length;
            }
            Some((_, length)) => at += length,
            None => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::announcement::token;
    use crate::redact::one_time_code::small;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        let find = |text: &str, found: &mut Vec<Span>| find(text, &token::split(text, &small(text)), found);
        found_by(find, text)
    }

    #[test]
    fn finds_codes_of_locks() {
        for (text, code) in [
            ("locker combo 12-34-56", "12-34-56"),
            ("the combo for my bike lock is 4829", "4829"),
            ("my locker's combination: 12 34 56", "12 34 56"),
            ("locker 7 combination 12-34-56", "12-34-56"),
            ("spare is in the lock box, combo 4829", "4829"),
            ("lockbox by the door is 4829", "4829"),
            ("keypad: 482910", "482910"),
            ("buzzer #4829", "4829"),
            ("press 4829 on the keypad", "4829"),
            ("try 4829 on the keypad", "4829"),
            ("key safe by the door 4829x", "4829"),
            ("suitcase lock is 482", "482"),
            ("gate: 4829", "4829"),
            ("front door is 4829 then hash", "4829"),
            ("alarm is 0545 then press yes", "0545"),
            ("combination is 12-34-56", "12-34-56"),
            ("press 4829 then the bell on the keypad", "4829"),
            ("punch in 4829 at the gate", "4829"),
            ("Schlüsselsafe 4829", "4829"),
            ("key safe 1980", "1980"),
            ("the flat's door thing is 4829#", "4829"),
            ("just punch 0932 into the keypad by the gate", "0932"),
            ("dial *4829 at the intercom", "4829"),
            ("entry #4829 then up", "4829"),
            ("disarm it w 4829 or it rings", "4829"),
            ("the safe is 18-42-07 righty first", "18-42-07"),
            ("lockbox is on the left, 8-3-6-1", "8-3-6-1"),
            ("side gate C4829Z", "C4829Z"),
            ("digicode 2580A", "2580A"),
            ("code bâtiment B4829 puis l'ascenseur", "B4829"),
            ("tape 25B8 à l'interphone", "25B8"),
            ("boîte à clés 4829", "4829"),
            ("el portal se abre con 4829", "4829"),
            ("la caja fuerte 4829", "4829"),
            ("zum Aufschließen 4829 eintippen", "4829"),
            ("Garagencode 4829", "4829"),
            ("Zahlencode fürs Schloss 482", "482"),
            ("kapı şifresi 1948", "1948"),
            ("код домофона 45К2890", "45К2890"),
            ("код домофона 12 ключ 4829", "4829"),
            ("sleutelkastje 4829", "4829"),
            ("현관 4829#", "4829"),
            ("we changed the garage keypad to 4829", "4829"),
            ("hotel safe i set to 4829", "4829"),
            ("punch in 1987 at the gate", "1987"),
            ("türcode 1948", "1948"),
            ("gate is 4829,then left", "4829"),
            ("loo code on the receipt 0906", "0906"),
            ("gate 4829", "4829"),
            ("- front gate 4829", "4829"),
            ("ok!\nsafe 4829\nsee u", "4829"),
        ] {
            assert_eq!(found(text), [code], "{text:?}");
        }
    }

    #[test]
    fn two_doors_may_stand_in_one_sentence() {
        assert_eq!(found("front door is 4829 back is 4830"), ["4829", "4830"]);
        assert_eq!(found("front door is 4829 rent is 1500"), ["4829"]);
    }

    #[test]
    fn leaves_other_numbers_near_locks_alone() {
        for text in [
            "combo meal 12 please",
            "a combo of 3-4-5 hits",
            "locker 1482 on the left",
            "lockbox delivered 12:30",
            "keypad costs 1500 euros",
            "safe to say 100",
            "numeric keypad has 17 keys",
            "door 4829 of the hotel",
            "gym lock 15 euros",
            "the gate is 1912 they say",
            "alarm is 0545 tomorrow",
            "garage is 4000 euros",
            "the code for the gate, about 1200 people have it",
            "gate 4829 closes at 2015",
            "press play at 2030 on the door cam",
            "she unlocked level 120 with 4500 coins",
            "put 1500 in the safe",
            "hit 1200 at the gate",
            "try 1800 at the gate",
            "doors 7 show 830",
            "rang the bell at the gate 1000x",
            "tür 80x200",
            "die tür geht mit 500 kg auf",
            "entry fee 2000",
            "the alarm is set for 0545",
            "keypad arrives at 1430",
            "error code 4829 on the door",
            "the safe word is banana 123",
            "lockbox put up in 2019",
            "building 4400 is on the left",
            "the door was 2410 with fitting",
            "entrance is 2500",
            "dial 1800 for gate staff",
            "front door cam saw it at 0312",
            "locker 4410 is taken",
            "the zip code by the gate is 94110",
            "front door: $4829",
            "the gate to 1204 is locked",
            "the garage wants 1850",
            "my luggage is 1580 linear",
            "we are at gate 4829",
            "gate 1830, starts 1900",
            "gate 0930",
            "flight BA123, gate 1204",
            "gate 12",
            "garage 1500",
            "safe 2019",
            "stay safe 4829",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
