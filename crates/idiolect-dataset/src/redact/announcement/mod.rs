//! Codes, PINs and passwords behind or before a word that announces them, in every language alike: the word, what links it ("is", "for the
//! gate", "came"), the value.

mod lock;
mod number;
mod password;
mod place;
mod token;
mod value;
mod words;

use super::numbers::is_year;
use super::one_time_code::{self, is_harmless, small};
use super::pattern::AnyOf;
use super::{PiiKind, Span};
use place::{Chain, Place, REACH};
use token::Token;
use value::Shape;
use words::Class;

pub(super) fn find(text: &str, digits: usize, found: &mut Vec<Span>) {
    if !may_hold_value(text, digits) {
        return;
    }
    let small = small(text);
    let tokens = token::split(text, &small);
    if digits >= 3 {
        lock::find(text, &tokens, found);
    }
    if !tokens.iter().any(|token| token.class.is(Class::NOUN | Class::HURRY)) {
        return;
    }
    turned(&tokens, found);
    let mut at = 0;
    while at < tokens.len() {
        let Some(value) = value::at(&tokens, text, at) else {
            at += 1;
            continue;
        };
        let place = Place { text, tokens: &tokens, at, value };
        if let Some(kind) = place.kind() {
            found.push(Span::new(kind, "announced/value", place.range()));
            at = again(text, &tokens, &place, kind, found);
        } else {
            at += value.tokens;
        }
    }
}

/// Whether there is anything that looks like a value: most texts with such words have none.
fn may_hold_value(text: &str, digits: usize) -> bool {
    static TURNS: AnyOf = AnyOf::new(&["left", "links", "gauche", "izq", "esquerda", "sinistra", "lewo", "kiri"]);
    static PLAIN: AnyOf = AnyOf::new(&["minusc", "junto", "lowercase", " hai"]);
    let marked = |word: &str| {
        let within = word.trim_matches(|c: char| c.is_ascii_punctuation());
        within.len() >= 5 && within.bytes().any(|byte| byte.is_ascii_digit() || b"!#$%&*^_+.".contains(&byte))
    };
    digits >= 2 && one_time_code::may_hold_value(text.as_bytes())
        || digits >= 4 && (!text.is_ascii() || TURNS.is_in(text))
        || text.contains('\n')
        || text.split_ascii_whitespace().any(marked)
        // Before such a word, or such a verb of Hindi, a word of letters alone may be one.
        || PLAIN.is_in(text)
}

/// The numbers of a lock that is turned this way and that: "right 14 left 36 right 02".
fn turned(tokens: &[Token], found: &mut Vec<Span>) {
    let is_turn = |at: usize| {
        let number = tokens.get(at + 1).map_or("", |number| number.word);
        tokens[at].class.is(Class::TURN)
            && (1..=2).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut at = 0;
    while at < tokens.len() {
        let turns = (at..tokens.len()).step_by(2).take_while(|&at| is_turn(at)).count();
        let near = &tokens[at.saturating_sub(REACH)..=at];
        if turns >= 2 && near.iter().any(|token| token.class.is(Class::BOX | Class::PLACE | Class::CODE)) {
            let numbers = (0..turns).map(|turn| tokens[at + 2 * turn + 1].range.clone());
            found.extend(numbers.map(|number| Span::new(PiiKind::OneTimeCode, "announced/turns", number)));
        }
        at += (2 * turns).max(1);
    }
}

/// Other values of the same shape behind one: "… for the front door and 0993 for the flat", "4829, no wait 4892". Where to look on.
fn again(text: &str, tokens: &[Token], first: &Place, kind: PiiKind, found: &mut Vec<Span>) -> usize {
    let mut at = first.at + first.value.tokens;
    let (Shape::Number(3..=8) | Shape::Groups(_)) = first.value.shape else { return at };
    let (mut end, mut other) = (at, false);
    let between = Class::OTHER
        | Class::SMALL
        | Class::OF
        | Class::THEN
        | Class::SIDE
        | Class::PLACE
        | Class::BOX
        | Class::ALARM
        | Class::OPENS
        | Class::IS;
    while at < tokens.len() && at - end <= REACH {
        let token = &tokens[at];
        match value::at(tokens, text, at) {
            Some(value) if value.shape == first.value.shape => {
                let place = Place { text, tokens, at, value };
                if !other || place.is_counted() || is_year(place.written()) {
                    return end;
                }
                found.push(Span::new(kind, "announced/again", place.range()));
                at += value.tokens;
                (end, other) = (at, false);
                continue;
            }
            _ if token.class.is(between) && !token.class.is(Class::ELSEWHERE) => {}
            _ if at > end
                && tokens[at - 1].class.is(Class::OF | Class::SMALL)
                && token.word.chars().all(char::is_alphabetic) => {}
            _ => return end,
        }
        other = other || token.class.is(Class::OTHER | Class::SIDE | Class::THEN) || token.before.line;
        at += 1;
    }
    end
}

impl Place<'_> {
    fn kind(&self) -> Option<PiiKind> {
        if self.value.shape == Shape::Word && !self.may_be_plain() {
            return None;
        }
        if self.is_hurried() {
            return Some(PiiKind::OneTimeCode);
        }
        let elsewhere = self
            .before(1)
            .is_some_and(|word| word.class.is(Class::ELSEWHERE) && !word.class.is(Class::SMALL | Class::IS));
        if elsewhere {
            return None;
        }
        let chain = self.chain().filter(|chain| !self.is_harmless(chain));
        let kind = chain.and_then(|chain| self.kind_behind(&chain));
        kind.or_else(|| self.kind_before()).filter(|_| !self.is_counted())
    }

    fn is_harmless(&self, chain: &Chain) -> bool {
        chain.noun.is_some_and(|noun| {
            self.tokens[noun].class.is(Class::CODE | Class::PIN)
                && is_harmless(self.text, self.tokens[noun].range.clone())
        })
    }

    /// What the value is by the words before it.
    fn kind_behind(&self, chain: &Chain) -> Option<PiiKind> {
        // The lock of a screen is none of a door.
        let of_screen = chain.says(Class::LOCK) && chain.says(Class::ACCOUNT);
        let locked = chain.says(Class::PLACE | Class::BOX | Class::ALARM) && !of_screen;
        let secret = chain.says(Class::PASSWORD | Class::PIN) && !locked;
        let is_value = match self.value.shape {
            Shape::Number(digits) => self.is_number(digits, false, chain),
            Shape::Groups(digits) => self.is_number(digits, true, chain),
            Shape::Day(digits) => {
                chain.linked() && self.opens(digits, true, chain) && chain.says(Class::BOX | Class::KEY)
            }
            Shape::Capitals | Shape::Mixed | Shape::Marked => self.is_password(chain),
            Shape::Word => self.is_plain_password(chain),
        };
        let of_account =
            chain.says(Class::ACCOUNT | Class::NETWORK) && !chain.says(Class::CODE | Class::MESSAGE) && !locked;
        is_value.then_some(if secret || of_account { PiiKind::Password } else { PiiKind::OneTimeCode })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(|text, spans| find(text, text.bytes().filter(u8::is_ascii_digit).count(), spans), text)
    }

    #[test]
    fn finds_what_a_word_announces_in_any_language() {
        for (text, values) in [
            ("alarma: 7329 y luego ok", &["7329"][..]),
            ("codigo de retiro 90 41 28 en la taquilla", &["90 41 28"]),
            ("senha do portao 5529", &["5529"]),
            ("o codigo q chegou foi 482910 vai rapido", &["482910"]),
            ("mon mdp netflix c Soleil34 le change pas", &["Soleil34"]),
            ("jai recu 482910 comme code", &["482910"]),
            ("cadenas du velo 4 8 2", &["4 8 2"]),
            ("alarmanlage: 6179 dann raute", &["6179"]),
            ("code fürs tor 6193 dann warten", &["6193"]),
            ("metti 0912 sulla tastiera e poi cancelletto", &["0912"]),
            ("combinazione della cassaforte 27-14-39", &["27-14-39"]),
            ("slot vd fiets 8079", &["8079"]),
            ("klodka przy rowerze 379", &["379"]),
            ("kod geldi 482910 cabuk gir", &["482910"]),
            ("apartman girisi icin 6399 tuşla", &["6399"]),
            ("замок на калитке 048", &["048"]),
            ("прийшов код 482910", &["482910"]),
            ("大门密码改了 现在是7399#", &["7399"]),
            ("オートロックの番号0712で開くよ", &["0712"]),
            ("金庫は右18左42右07", &["18", "42", "07"]),
            ("집 도어락 9189이야", &["9189"]),
            ("ganti sandi jd ikanasin9 ya", &["ikanasin9"]),
            ("laptop ka password gulabjamun hai", &["gulabjamun"]),
            ("delivery wale ko 4482 bol dena otp", &["4482"]),
            ("larmet stängs av med 5159", &["5159"]),
            ("användare eva.l lösen Sommar-19", &["Sommar-19"]),
        ] {
            assert_eq!(found(text), values, "{text:?}");
        }
    }

    #[test]
    fn finds_what_stands_apart_from_the_word() {
        for (text, values) in [
            ("its 4829, hurry", &["4829"][..]),
            ("its 4829,hurry", &["4829"]),
            ("the code finally came its 482910", &["482910"]),
            ("code from the bank: 482910", &["482910"]),
            ("code train reçu: 482910", &["482910"]),
            ("unlock her tablet with 4829", &["4829"]),
            ("unlock my phone its 482910", &["482910"]),
            ("unlock my phone by typing 4829", &["4829"]),
            ("disarming the house system is 4829", &["4829"]),
            ("she unlocked it using 482910 thx", &["482910"]),
            ("her iphone is 482910 if u need to unlock it", &["482910"]),
            ("laptop unlock is kiwi22", &["kiwi22"]),
            ("screen lock kiwi22", &["kiwi22"]),
            ("its the same as the garage, 4829", &["4829"]),
            ("whats the gate again\n0731", &["0731"]),
            ("new one is 7097 for the gate", &["7097"]),
            ("its 7097x for the key safe", &["7097"]),
            ("alarm is 7097xxx", &["7097"]),
            ("bank token 482910", &["482910"]),
            ("el token del banco 482910 apurate", &["482910"]),
            ("hit 9919 on the alarm", &["9919"]),
            ("front door 6169 back door 6269", &["6169", "6269"]),
            ("door code 5179 for the front and 0999 for the flat", &["5179", "0999"]),
            ("safe is right 14 left 36 right 02", &["14", "36", "02"]),
            ("the padlock is on 9-1-4", &["9-1-4"]),
            ("laptop: jo / Marmalade_3", &["Marmalade_3"]),
            ("alarm's 7714 if it goes off", &["7714"]),
            ("its marmalade2024! for the netflix", &["marmalade2024"]),
            ("school portal: 20193847 / Sunshine2025", &["20193847", "Sunshine2025"]),
            ("spotify: Sunshine1977\nprime: Moonshine1977", &["Sunshine1977", "Moonshine1977"]),
            ("login is admin and then sunshine77", &["sunshine77"]),
            ("router ones on the sticker, Kd84hs92Lq", &["Kd84hs92Lq"]),
            ("pw?\nsunflowerseed", &["sunflowerseed"]),
            ("my pin is my birthday backwards 7049", &["7049"]),
        ] {
            assert_eq!(found(text), values, "{text:?}");
        }
    }

    #[test]
    fn leaves_other_numbers_and_words_alone() {
        for text in [
            "its 1830, hurry",
            "its 1830 for the key players",
            "token count 482910",
            "bank token 400000",
            "safe to say 3000 came",
            "doors 1900 show 2000",
            "intercom broke in 2018",
            "the alarm at 0545",
            "alarm 0700 ye kurulu",
            "la puerta cuesta 1800",
            "el candado vale 350 pesos",
            "use code SUMMER25 for 25 off",
            "код ошибки 404",
            "game pin 482913",
            "kahoot pin is 482913",
            "kode pos 40115",
            "der code läuft nicht, zeile 482 wirft fehler",
            "laptop: acme / 16gb",
            "netflix / disney / prime",
            "user/contains2",
            "its python3.12 for the laptop",
            "its windows11 for the laptop",
            "the file is there :thinking_face:",
            "lost 21-14 at the gate",
            "password?\nno idea",
            "put 1247 in the safe",
            "замок 1380 года",
            "go right 20 left 10",
            "unlock the door, my phone is 2 years old",
            "my phone is 1200 dollars unlocked",
            "my phone is 2019 model and wont unlock",
            "phone lock is weird since ios17update",
            "tablet unlocked 2580 times",
            "it wont unlock, its 1830 already",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
