//! Passwords, and codes with letters.

use super::super::password::{introduces, is_ordinary};
use super::place::{Chain, Place};
use super::value::{self, Shape};
use super::words::Class;

/// The fewest letters of a word that is an answer by itself: most that people write are shorter.
const LONG_WORD: usize = 12;

impl Place<'_> {
    pub fn is_password(&self, chain: &Chain) -> bool {
        let says = |class| chain.says(class);
        let shape = self.value.shape;
        let written = self.written();
        let odd = value::is_odd(written);
        let told = chain.linked() || chain.asked;
        let of_something = says(Class::PLACE | Class::ACCOUNT | Class::NETWORK);
        // "SUMMER25" is for a discount.
        let turns = written.as_bytes().windows(2).any(|pair| pair[0].is_ascii_digit() && pair[1].is_ascii_uppercase());
        let code = says(Class::CODE)
            && shape == Shape::Capitals
            && (chain.linked() || says(Class::TYPED) && turns)
            && chain.unknown == 0
            || says(Class::MESSAGE) && shape == Shape::Capitals && chain.colon && chain.unknown == 0;
        let key = says(Class::KEY) && (of_something || self.answers(chain) || chain.colon && written.len() >= 20);
        let password = (says(Class::PASSWORD) || key)
            && written.len() >= 6
            && match chain.unknown {
                0 => {
                    shape != Shape::Marked
                        || odd
                        || written.contains('_')
                        || self.answers(chain)
                        || self.ends() && self.is_introduced(chain)
                }
                1 | 2 => odd && (told || chain.unknown == 1 && of_something && self.ends()),
                _ => chain.colon && odd,
            };
        let last = self.ends_line() && (chain.unknown == 0 || odd && chain.unknown <= 2);
        let network = says(Class::NETWORK)
            && last
            && (chain.linked() || chain.comma)
            && !says(Class::NAMED)
            && (odd || says(Class::IS) && written.len() >= 8 && shape == Shape::Mixed);
        let direct = self.before(1).is_some_and(|noun| noun.class.is(Class::ACCOUNT));
        let listed = (direct || chain.unknown <= 2 && says(Class::ACCOUNT) && written.len() >= 8)
            && self.ends_line()
            && shape != Shape::Capitals
            && (self.leads(|before| before.slash || before.colon))
            && (odd || shape == Shape::Mixed);
        let unlocked = says(Class::ACCOUNT)
            && says(Class::OPENS | Class::CHANGED)
            && says(Class::WITH | Class::TYPED | Class::IS)
            && chain.unknown <= 1
            && (odd || says(Class::WITH) && says(Class::OPENS))
            || says(Class::ACCOUNT) && chain.unknown == 0 && self.is_of_its_lock(chain);
        let named = says(Class::ACCOUNT)
            && odd
            && chain.unknown <= 2
            && (self.is_behind_name() || says(Class::THEN) && says(Class::IS));
        code || password || network || listed || unlocked || named
    }

    /// "laptop unlock is sunshine12", "screen lock: sunshine12"
    fn is_of_its_lock(&self, chain: &Chain) -> bool {
        let linked = usize::from(self.before(1).is_some_and(|word| word.class.is(Class::IS | Class::WITH)));
        let lock = self.before(1 + linked).is_some_and(|word| word.class.is(Class::OPENS | Class::LOCK));
        lock && (linked == 1 || chain.colon || self.ends_line())
    }

    /// "its Sun_shine1 for netflix"
    pub fn is_password_for(&self) -> bool {
        let led = self.before(1).is_some_and(|word| word.class.is(Class::IS));
        let [first, rest @ ..] = self.after() else { return false };
        // What ends no sentence belongs to the password. "windows11" has neither that nor a capital within.
        let exclaimed = self.text[self.range().end..].starts_with("! ");
        let goes_on = !first.before.ends() || exclaimed;
        let written = self.written();
        let made_up = exclaimed
            || written.contains(['!', '#', '$', '%', '&', '_', '+'])
            || written.chars().skip(1).any(char::is_uppercase) && written.chars().any(char::is_lowercase);
        let account = rest.iter().take(3).find(|word| !word.class.is(Class::SMALL | Class::OF));
        led && goes_on
            && made_up
            && value::is_odd(written)
            && !written.contains('.')
            && first.word == "for"
            && account.is_some_and(|word| word.class.is(Class::ACCOUNT | Class::NETWORK | Class::PASSWORD))
    }

    /// Whether a word of letters alone stands as only a password does.
    pub fn may_be_plain(&self) -> bool {
        self.is_described() || self.is_told_behind() || self.ends_line() && self.leads(|before| before.line)
    }

    /// "… all lowercase"
    fn is_described(&self) -> bool {
        self.after().first().is_some_and(|next| next.class.is(Class::WRITTEN) && !next.before.stop)
    }

    /// Where the verb stands last, as in Hindi and Japanese.
    fn is_told_behind(&self) -> bool {
        self.after().first().is_some_and(|next| matches!(next.word, "hai" | "です" | "だよ"))
    }

    /// Letters alone, where nothing but a password can be meant.
    pub fn is_plain_password(&self, chain: &Chain) -> bool {
        let word = self.tokens[self.at].word;
        let length = word.chars().count();
        let told = self.is_told_behind() && chain.says(Class::ACCOUNT | Class::NETWORK);
        let answer = self.answers(chain) && length >= LONG_WORD;
        let about = chain.says(Class::PASSWORD) || chain.says(Class::NETWORK) && chain.asked;
        about
            && chain.unknown == 0
            && length >= 6
            && !is_ordinary(word)
            && (self.is_described() && (chain.linked() || chain.asked) || told || answer)
    }

    /// Whether the name of an account stands before the word for the password.
    fn is_introduced(&self, chain: &Chain) -> bool {
        chain.noun.is_some_and(|noun| introduces(&self.text[..self.tokens[noun].range.start]))
    }

    /// "laptop: jo / Sun_shine1"
    fn is_behind_name(&self) -> bool {
        let name = self.at.checked_sub(2).is_some_and(|at| self.tokens[at].class.is(Class::ACCOUNT));
        self.leads(|before| before.slash) && name && self.tokens[self.at - 1].before.colon
    }

    /// Whether it is the only word of the line below the one that announces it.
    fn answers(&self, chain: &Chain) -> bool {
        chain.asked && self.leads(|before| before.line) && self.ends_line() && !chain.says(Class::IS)
    }
}
