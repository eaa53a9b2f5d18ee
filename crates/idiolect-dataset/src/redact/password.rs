//! Passwords, PINs and keys that the words before them announce: "wifi pw: …", "the password is …", "Passwort lautet …".

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern::{self, Pattern};
use super::{PiiKind, Span};

/// What announces one, in the languages met in chats.
const NOUN: &str = r"(?P<noun> (?: ^ | [^\p{L}\p{N}_] ) (?: pass\x20?word s? | passwort | passwd | pass\x20?phrase | pass\x20?code | passkey | pass | pwd | pw | kennwort | losungswort | contrase[nñÑ]a | clave | senha | mot\x20de\x20passe | mdp | wachtwoord | l[oö]senord | passord | adgangskode | kodeord | salasana | has[lł]o | heslo | jelsz[oó] | parol[ae]? | geslo | lozinka | [sşŞ]ifre(?:m|niz|si)? | kata\x20laluan | kata\x20sandi | m[aậ]t\x20kh[aẩ]u | пароль | κωδικός | (?:api|access|secret|private|encryption|licen[cs]e|product|recovery|wi-?fi|network|auth|bearer|client)[-_\x20](?:key|token|secret) | apikey | secret | token )
    | 密码 | 密碼 | 口令 | パスワード | 暗証番号 | 비밀번호 | 비번 | รหัสผ่าน | كلمة\x20السر | كلمة\x20المرور | סיסמ[הת] | पासवर्ड )";

/// "is" and its like.
const IS: &str = r"(?: is | was | are | es | est | ist | lautet | è | é | är | er | jest | on | это | adalah | là )";

static ANNOUNCED: Pattern = Pattern::new(|| announced(r"| (?P<space> \x20 (?: [-–—] \x20 )? )"));

/// The same with a colon or "is" between, which a password without digits and quotes needs.
static LINKED: Pattern = Pattern::new(|| announced(""));

fn announced(or_space: &str) -> String {
    format!(
        r#"(?xi) {NOUN} (?: \x20? \( [^()\n]{{1,24}} \) )?
           (?: (?: \x20 (?:for|to|of|at|on|für|para|pour|per|til|zu|do) (?:\x20 [\p{{L}}\p{{N}}'’._-]+){{1,4}}? )?
               (?: (?P<sure> \s* (?: [:=：＝→] | -> | => )+ \s* ) | (?P<is> \x20 {IS} [\s:]+ | \s?(?: 是 | は | 은 | 는 )\s? ) )
             {or_space} )
           (?P<value> "[^"\n]+" | “[^”\n]+” | '[^'\n]+' | `[^`\n]+` | [\x21-\x7e\u{{c0}}-\u{{24f}}\u{{400}}-\u{{4ff}}]+ )"#
    )
}

/// "pin 4829", "my PIN is: 4829".
static PIN: Pattern = Pattern::new(|| {
    format!(
        r"(?xi) (?: ^ | [^\p{{L}}\p{{N}}_] ) pin (?: [-\x20]? (?: code | number | no\.? | nr\.? ) )? (?: \x20 (?:for|to|of) (?:\x20 [\p{{L}}'’]+){{1,4}}? )?
            (?: \s* [:=\#-] \s* | \x20 {IS} [\s:]+ | \x20 ) (?P<value> \d{{4,12}} )"
    )
});

/// "seed phrase: …", behind which come twelve words or more.
static SEED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?xi) (?: seed | recovery | backup | secret | mnemonic ) \x20? (?: phrase | words? | seed )? \s* (?: is | : | = | - )* \s* (?P<value> [a-z]{3,8} (?: [\x20,\n]+ (?:\d{1,2}[.)]\x20?)? [a-z]{3,8} ){11,} )")
        .expect("the pattern is constant")
});

pub(super) fn find(text: &str, digits: usize, found: &mut Vec<Span>) {
    // Most talk of a pass or a token ends here.
    let possible = digits > 0 || text.contains(['"', '“', '\'', '`']) || LINKED.of(text).is_match(text);
    let mut at = if possible { 0 } else { text.len() };
    while let Some(captures) = ANNOUNCED.of(text).captures_at(text, at) {
        let (Some(noun), Some(value)) = (captures.name("noun"), captures.name("value")) else { break };
        at = noun.end();
        let link = match (captures.name("sure"), captures.name("is")) {
            (Some(_), _) => Link::Sure,
            (None, Some(_)) => Link::Is,
            (None, None) => Link::Space,
        };
        let range = trimmed(text, value.range());
        if is_secret(&text[range.clone()], &text[range.end..], noun.as_str(), link) {
            at = range.end;
            found.push(Span::new(PiiKind::Password, "password/announced", range));
        }
    }
    if digits >= 4 && pattern::contains(text, "pin") {
        for captures in PIN.of(text).captures_iter(text) {
            let Some(value) = captures.name("value") else { continue };
            let next = text[value.end()..].chars().next();
            if !next.is_some_and(char::is_alphanumeric) {
                found.push(Span::new(PiiKind::Password, "password/pin", value.range()));
            }
        }
    }
    let words = SEED.captures_iter(text).filter_map(|captures| captures.name("value"));
    found.extend(words.map(|words| Span::new(PiiKind::Password, "password/seed_phrase", words.range())));
}

/// What stands between the word and the value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    /// A colon or an equals sign.
    Sure,
    Is,
    Space,
}

/// The longest password in quotes, in bytes; what is longer is a quotation that begins behind the word.
const MOST_QUOTED: usize = 64;

/// Without the full stop, comma or bracket that ends the sentence rather than the password.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let mut value = &text[range.clone()];
    if value.len() > MOST_QUOTED {
        value = value.split(char::is_whitespace).next().unwrap_or(value);
    }
    range.start..range.start + value.trim_end_matches(['.', ',', ';', ':', ')', ']']).len()
}

fn is_secret(value: &str, after: &str, noun: &str, link: Link) -> bool {
    let quoted = value.len() > 2 && value.starts_with(['"', '“', '\'', '`']);
    let core = value.trim_matches(|c: char| !c.is_alphanumeric());
    let length = value.chars().count();
    if value.starts_with('[') || value.contains("://") || length < 3 {
        return false;
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let symbol_within = core.contains(['!', '#', '$', '%', '^', '&', '*', '_', '+', '=', '?', '@', '~', '|']);
    let inner_capital = core.chars().skip(1).any(char::is_uppercase) && core.chars().any(char::is_lowercase);
    // "5pm" and "2nd" are no passwords.
    let odd = digits > 0 && length >= 4 || symbol_within || inner_capital;
    let ordinary = is_ordinary(&core.to_lowercase()) || core.is_empty();
    let for_words = !matches!(
        noun.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase().as_str(),
        "pass" | "secret" | "token" | "clave" | "parole" | "parola" | "code"
    );
    match link {
        Link::Sure => !ordinary || quoted,
        Link::Is if quoted || odd => true,
        // "the password is swordfish": one plain word that ends its sentence.
        Link::Is => {
            let ends = after.trim_start_matches(['.', ',', ';', '!', ')']).trim_start_matches(' ').is_empty()
                || after.starts_with(['.', ',', ';', '!', '\n', ')']);
            for_words
                && ends
                && !ordinary
                && length >= 4
                && !value.ends_with('?')
                && core.chars().all(char::is_alphanumeric)
        }
        Link::Space => quoted && for_words || odd && digits > 0 && length >= 5 && (for_words || length >= 12),
    }
}

/// Words with which a sentence about a password goes on.
fn is_ordinary(word: &str) -> bool {
    const WORDS: &str = " wrong right correct incorrect invalid required needed missing empty blank weak strong secure safe same different changed changing \
        change expired reset resetting too very so not no now still also really always never only just there here below above attached case sensitive \
        saved stored hidden unknown known easy hard long short default private in on under the my your our his her their a an asking being working gone \
        lost forgotten mine yours what that this it old new good bad stupid annoying fine ok okay set like something anything everything nothing \
        compromised leaked stolen hacked broken rejected accepted up down dead funny ridiculous simple complicated important protected recommended \
        optional updated visible public shared available coming sent email emailed none null true false yes nope lol haha and or but if then please pls \
        manager managers reminder field prompt policy hint again to for from with falsch richtig weg neu mal vergessen incorrecta correcta mala \
        correcto incorrecto faux bon oublié changé errada certa ";
    WORDS.contains(&format!(" {word} "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut spans = Vec::new();
        find(text, text.bytes().filter(u8::is_ascii_digit).count(), &mut spans);
        super::super::span::settle(&mut spans);
        spans.iter().map(|span| &text[span.range.clone()]).collect()
    }

    #[test]
    fn finds_what_is_announced() {
        for (text, secret) in [
            ("the password is hunter2", "hunter2"),
            ("wifi pw: Tr0ub4dor&3 ok?", "Tr0ub4dor&3"),
            ("Password = correct-horse.", "correct-horse"),
            ("pass: abc123, user: jo", "abc123"),
            ("password for the router is sunshine1", "sunshine1"),
            ("my email password - Sunshine1", "Sunshine1"),
            ("pass = sunshine1", "sunshine1"),
            ("my password is swordfish", "swordfish"),
            ("my password is \"open sesame\" lol", "\"open sesame\""),
            ("pwd hunter22", "hunter22"),
            ("pw is Blue$Sky", "Blue$Sky"),
            ("Das Passwort lautet Sommer2024!", "Sommer2024!"),
            ("la contraseña es gato123", "gato123"),
            ("a senha é praia99", "praia99"),
            ("le mot de passe: soleil", "soleil"),
            ("hasło: kotek12", "kotek12"),
            ("пароль: кот12345", "кот12345"),
            ("密码是abc12345", "abc12345"),
            ("wifi密码：home8888", "home8888"),
            ("パスワードはneko1234", "neko1234"),
            ("pin is 4829", "4829"),
            ("PIN: 482910", "482910"),
            ("pin for the card is 4829", "4829"),
            ("api key: 9f86d081884c7d65", "9f86d081884c7d65"),
            ("secret = s3cr3tvalue", "s3cr3tvalue"),
            (
                "seed phrase: able acid also apple army atom aunt baby bag ball band bank",
                "able acid also apple army atom aunt baby bag ball band bank",
            ),
        ] {
            assert_eq!(found(text), [secret], "{text:?}");
        }
    }

    #[test]
    fn leaves_talk_about_passwords_alone() {
        for text in [
            "i forgot my password",
            "the password is wrong",
            "password is required",
            "change ur password pls",
            "whats the wifi password?",
            "password: required",
            "my password is too long to type",
            "pass is 5pm",
            "the secret is out",
            "token of love",
            "pass me the salt",
            "did u pass 2nd year",
            "pin it on the wall",
            "pin 12 of them",
            "the new password policy",
            "pass the 2 of them",
            "password is [PASSWORD_1]",
            "let me know the pw when u can",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
