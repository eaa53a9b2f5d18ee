//! Codes and PINs that are numbers.

use super::super::PiiKind;
use super::super::numbers::is_year;
use super::super::one_time_code::is_harmless;
use super::place::{Chain, Place};
use super::value::{self, Shape};
use super::words::Class;

impl Place<'_> {
    pub fn is_number(&self, digits: usize, grouped: bool, chain: &Chain) -> bool {
        let written = self.written();
        let told = chain.linked() || chain.asked;
        // "token del banco 482910", but not "token count 482910"
        let token = chain.says(Class::KEY)
            && chain.unknown <= usize::from(chain.says(Class::OF))
            && self.ends()
            && !written.ends_with("00");
        let message = chain.says(Class::MESSAGE)
            && digits == 6
            && (told || grouped || token || chain.says(Class::CAME))
            && chain.unknown <= 1;
        let year = is_year(written) && !told;
        let no_time = grouped || digits > 4 || value::is_no_time(written);
        !year
            && (self.is_named_code(digits, no_time, chain)
                || self.is_pin(digits, no_time, chain)
                || self.is_password_of_digits(digits, chain))
            || message
            || self.opens(digits, grouped, chain)
    }

    /// "kod geldi 482910", "code fürs tor 6193".
    fn is_named_code(&self, digits: usize, no_time: bool, chain: &Chain) -> bool {
        let says = |class| chain.says(class);
        let told = chain.linked() || chain.asked;
        let alone = (digits >= 5 || says(Class::OF) && no_time) && self.ends();
        says(Class::CODE)
            && (4..=10).contains(&digits)
            && match chain.unknown {
                0 => true,
                1 => told || says(Class::CAME | Class::TYPED) || alone,
                2 => (chain.linked() || says(Class::CAME)) && no_time,
                _ => chain.linked() && digits >= 6,
            }
    }

    /// "pin fürs handy von papa ist 4829".
    fn is_pin(&self, digits: usize, no_time: bool, chain: &Chain) -> bool {
        let far = chain.unknown <= 3 && chain.linked() && no_time && self.ends();
        chain.says(Class::PIN) && (4..=12).contains(&digits) && (chain.unknown <= 1 || far)
    }

    /// "senha do portão 5523".
    fn is_password_of_digits(&self, digits: usize, chain: &Chain) -> bool {
        let says = |class| chain.says(class);
        let opened = says(Class::PLACE | Class::BOX | Class::ALARM | Class::ACCOUNT | Class::NETWORK);
        let told = chain.linked() || chain.asked;
        let round = self.written().ends_with("00");
        (says(Class::PASSWORD) || says(Class::KEY) && opened)
            && match chain.unknown {
                0 | 1 => digits >= 6 && !round || digits >= 4 && (told || opened),
                2 => chain.linked() && (digits >= 6 || says(Class::CHANGED) && digits >= 4),
                _ => chain.colon && digits >= 8,
            }
    }

    /// Whether the number opens what the words before it name.
    pub fn opens(&self, digits: usize, grouped: bool, chain: &Chain) -> bool {
        let says = |class| chain.says(class);
        let written = self.written();
        let no_time = grouped || digits > 4 || value::is_no_time(written);
        let [first, second] = [0, 1].map(|at| self.after().get(at).map_or(Class::default(), |word| word.class));
        let keyed = first.is(Class::KEYS) || first.is(Class::THEN) && second.is(Class::KEYS | Class::TYPED);
        let typed = self.before(1).is_some_and(|verb| verb.class.is(Class::TYPED)) || first.is(Class::TYPED);
        let alarm = says(Class::ALARM)
            && (4..=6).contains(&digits)
            && chain.unknown <= 1
            && (typed
                || keyed
                || says(Class::WITH)
                || no_time && self.ends() && (chain.unknown == 0 || says(Class::OF)));
        let place = says(Class::PLACE)
            && (4..=8).contains(&digits)
            && chain.unknown <= 1
            && (self.last().marked
                || written.contains(['#', '*'])
                || no_time && (typed || says(Class::OPENS) && (grouped || says(Class::WITH)) && self.ends())
                || chain.unknown == 0 && self.is_of_place(no_time, grouped, keyed, chain));
        let device = says(Class::ACCOUNT)
            && (says(Class::OPENS) || self.after().iter().any(|word| word.class.is(Class::OPENS)))
            && chain.unknown == 0
            && (4..=8).contains(&digits)
            && no_time
            && self.ends();
        alarm || place || device || self.is_of_box(digits, no_time, chain)
    }

    /// "klodka przy rowerze 375", "slot vd fiets 8073".
    fn is_of_box(&self, digits: usize, no_time: bool, chain: &Chain) -> bool {
        let written = self.written();
        let round = written.ends_with("00") || digits == 3 && written.ends_with("50");
        let year = is_year(written) && self.before(1).is_some_and(|word| word.class.is(Class::OF));
        let locks = chain.says(Class::LOCK) && chain.nouns >= 2 && no_time;
        (chain.says(Class::BOX) || locks)
            && (3..=8).contains(&digits)
            && chain.unknown <= usize::from(chain.says(Class::OF))
            && (!round || chain.linked())
            && !year
            && self.ends()
    }

    /// "front door 6161", "panel by the door, 3381", "whats the gate again" and the number below.
    fn is_of_place(&self, no_time: bool, grouped: bool, keyed: bool, chain: &Chain) -> bool {
        let written = self.written();
        let answer = self.ends_line() && self.tokens[self.at].before.line && chain.says(Class::ASKED);
        no_time && (keyed || self.ends() && (chain.comma || chain.says(Class::SIDE)))
            || answer && !is_year(written)
            || grouped && (chain.linked() || written.contains('-'))
    }

    /// What the value is by the words behind it.
    pub fn kind_before(&self) -> Option<PiiKind> {
        if matches!(self.value.shape, Shape::Mixed | Shape::Marked) {
            return self.is_password_for().then_some(PiiKind::Password);
        }
        let (Shape::Number(digits @ 4..=8) | Shape::Groups(digits @ 4..=8)) = self.value.shape else { return None };
        let written = self.written();
        let no_time = digits > 4 || self.value.tokens > 1 || value::is_no_time(written);
        let after = self.after();
        let whole = after.iter().take_while(|word| !word.before.ends() && !word.before.comma).count();
        let after = &after[..whole];
        let mut noun = after.iter().take(4).position(|word| word.class.is(Class::NOUN))?;
        // "key safe"
        if after[noun].word == "key" && after.get(noun + 1).is_some_and(|word| word.class.is(Class::NOUN)) {
            noun += 1;
        }
        let (between, noun) = (&after[..noun], &after[noun]);
        let first = between.first().map_or(Class::default(), |word| word.class);
        if noun.class.is(Class::CODE) && is_harmless(self.text, noun.range.clone()) {
            return None;
        }
        let known = between.iter().all(|word| word.class != Class::default());
        let as_code = first.is(Class::AS) && known && noun.class.is(Class::CODE | Class::PASSWORD | Class::PIN);
        let sure = noun.class.is(Class::SURE)
            && between.len() <= 2
            && between.iter().any(|word| word.class.is(Class::TYPED))
            && !is_year(written);
        let led = self.before(1).is_some_and(|word| word.class.is(Class::IS | Class::TYPED));
        let typed = self.before(1).is_some_and(|word| word.class.is(Class::TYPED));
        let opening = noun.class.is(Class::PLACE | Class::BOX | Class::ALARM) && first.is(Class::OF) && known;
        let for_place = opening && no_time && between[0].word == "for" && led;
        // What is put in a safe may be money.
        let into = opening && typed && (noun.class.is(Class::BOX | Class::ALARM) || no_time && between[0].word != "in");
        let kind = if noun.class.is(Class::PASSWORD | Class::PIN) { PiiKind::Password } else { PiiKind::OneTimeCode };
        (as_code || sure || for_place || into).then_some(kind)
    }

    /// "its 4829, hurry": nothing else is sent in such haste.
    pub fn is_hurried(&self) -> bool {
        let (Shape::Number(digits @ 4..=8) | Shape::Groups(digits @ 4..=8)) = self.value.shape else { return false };
        let others =
            || self.tokens.iter().enumerate().filter(|(at, _)| !(self.at..self.at + self.value.tokens).contains(at));
        let hurried = |class| others().any(|(_, word)| word.class.is(class));
        self.tokens.len() <= self.value.tokens + 4
            && hurried(Class::HURRY)
            && hurried(Class::IS)
            && others().all(|(_, word)| word.class.is(Class::HURRY | Class::IS | Class::SMALL))
            && (digits > 4 || value::is_no_time(self.written()))
    }
}
