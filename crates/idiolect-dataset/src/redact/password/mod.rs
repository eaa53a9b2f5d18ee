//! Passwords, PINs and keys that the words before them announce: "wifi pw: …", "the password is …", "Passwort lautet …".

mod again;
mod described;
mod login;
mod near;
mod network;
mod pin;
mod program;
mod seed_phrase;
mod sentence;
pub(super) mod value;

use std::ops::Range;

use super::nearby::is_picture;
use super::pattern::{Led, Pattern};
use super::{PiiKind, Span, placeholder};

pub(super) use login::{find as find_logins, introduces};

/// What announces one, in the languages met in chats.
const NOUN: &str = r"(?P<noun> (?: ^ | [^\p{L}\p{N}] ) (?: (?:app\x20)? pass\x20?word (?:s|nya)? | pass? \x20? (?: w(?:or|ro|r|o)d | owrd ) s? | pss?w (?: r?d )? | pword | p/w | passwort | passwd | pass\x20?phrase | pass\x20?code | passkey | pass | pwd | pw | ww | kennwort | losungswort | contrase[nñÑ]i?a | contra | clave | senha
      | mot\x20de\x20passe | mdp | wachtwoord | l[oö]sen (?: ord (?:et)? )? | passord (?:et)? | adgangskode n? | kodeord (?:et)? | salasana (?:ni)? | has[lł][oa] | heslo | jelsz[oó] | parola\x20d['’]ordine | pgpassword | parol[ae]? | geslo | lozinka | [sşŞ]ifre(?:miz|m|niz|si)?
      | kata\x20laluan | kata\x20sandi | m[aậ]t\x20kh[aẩ]u | парол[ья] | κωδικός | (?: secret[_\x20] )? (?:api|access|secret|private|encryption|licen[cs]e|product|recovery|wi-?fi|wlan|network|auth|bearer|client|session|wpa[23]?)[-_\x20]?(?:key|token|secret|cookie|id)
      | (?: wlan | wi-?fi | netzwerk | wpa2? )[-\x20]?schl[uü]ssel | (?: cl[ée] | code | sandi ) \x20 (?: du \x20 )? wi-?fi | wi-?fi [-\x20]? code | mk \x20 wi-?fi | токен (?:\x20бота)? | ключ | key | session | cookie | csrf[a-z_-]* | xsrf[a-z_-]* | (?: security | secret ) \x20 (?: question \x20 )? answer | apikey | secret | token )
    | 密码 | 密碼 | 口令 | パスワード | 暗証番号 | 비밀번호 | 비번 | รหัส(?:ผ่าน|ไวไฟ|wi-?fi|เน็ต) | كلمة\x20السر | كلمة\x20سر | كلمة\x20المرور | الرقم\x20السري | (?:ال)?باسورد | پسورد | گذرواژه | کلمه\x20عبور | رمز\x20عبور | رمز\x20وای(?:\x20فای|فای)? | パス | סיסמ[התא] | पासवर्ड )";

/// "is" and its like.
const IS: &str = r"(?: is | was | are | es | est | este | ist | lautet | è | é | är | er | je | jest | on | to | это | adalah | là | c['’]?est | c | e | hai | היא )";

/// Of these, those behind which more than a plain word has to stand: "heslo je dlouhé" says how it is, "le mdp je …" and "la contraseña este mes" go
/// on about something else.
const WEAK_IS: [&str; 2] = ["je", "este"];

static ANNOUNCING: Pattern = Pattern::new(|| format!("(?xi) {NOUN}"));

static ANNOUNCED: Led = Led::new(&ANNOUNCING, || {
    format!(
        r#"(?xi) ^ {NOUN} (?: \x20? \( [^()\n]{{1,24}} \) )?
           (?: (?: \x20 (?:for|to|of|at|on|für|para|pour|per|til|till|zu|do|da|de|del|della|du|des|di|von|vom|van|voor|för|od|dla|na|от|для|к|на) (?:\x20 [\p{{L}}\p{{N}}'’._-]+){{1,4}}? )?
               (?: (?P<sure> ["'’]? \s* (?: [:=：＝→] | -> | => )+ \s* ) | (?P<is> (?: \x20 {IS} | ['’]s ) (?: \x20 (?: still | now | just | always | the\x20usual | actually | prob(?:ably)? ) )? [\s:]+ | \s?(?: 是 | は | 은 | 는 )\s? ) )
             | (?P<kind> \x20 [^\s:=.,!?]{{2,12}} ) [:=] \x20?
             | \x20 (?: [-–—] \x20 )? )
           (?P<value> [0-9]{{4}} (?: [\x20-] [0-9]{{4}} ){{2,8}} | "[^"\n]+" | [“„”][^“„”\n]+[“”] | '[^'\n]+' | [‘‚][^‘‚’\n]+[‘’] | [«»][^«»\n]+[«»] | `[^`\n]+` | [a-z]{{4}} (?: \x20 [a-z]{{4}} ){{3}} | [\x21-\x7e\u{{c0}}-\u{{24f}}\u{{400}}-\u{{4ff}}]+ )"#
    )
});

pub(super) fn find(text: &str, digits: usize, found: &mut Vec<Span>) {
    let first = found.len();
    let (announced, mut at) = (ANNOUNCED.of(text), 0);
    while let Some(matched) = announced.captures_at(at) {
        let (Some(noun), Some(value)) = (matched.name("noun"), matched.name("value")) else { break };
        at = noun.end;
        let link = match (matched.name("sure"), matched.name("is"), matched.name("kind")) {
            (Some(sure), ..) if is_word_of_a_program(&text[sure.clone()]) => Link::Space,
            (Some(_), ..) => Link::Sure,
            (_, Some(is), _) if WEAK_IS.contains(&text[is.clone()].trim().to_lowercase().as_str()) => Link::Space,
            (_, Some(_), _) => Link::Is,
            (_, _, Some(_)) => Link::Kind,
            _ => Link::Space,
        };
        let range = trimmed(text, value.clone(), link);
        let held = placeholder::length(&text[range.start..]).is_some();
        if !held && is_secret(text, range.clone(), noun.clone(), link) {
            at = range.end;
            let name = login::name_before(text, noun.start);
            found.extend(name.map(|name| Span::new(PiiKind::Password, "password/user_name", name)));
            found.push(Span::new(PiiKind::Password, "password/announced", range));
        } else if value.len() > LONGEST {
            // Not looked through once more for each word in it.
            at = value.end;
        }
    }
    described::find(text, found);
    // Without these no word can be what is looked for around the word that announces it.
    let mixed = |word: &str| value::is_mixed(word.trim_start_matches(['[', '(', '"', '#', '@']));
    if digits >= 4 || digits > 0 && text.split_whitespace().any(mixed) {
        sentence::find(text, found);
        login::find_named(text, found);
        network::find(text, found);
        pin::find(text, digits, found);
        near::find(text, digits, found);
        again::find(text, first, found);
    }
    seed_phrase::find(text, found);
}

/// ":pass :fail" are two words of a program.
fn is_word_of_a_program(colon: &str) -> bool {
    colon.starts_with(' ') && colon.ends_with(':')
}

/// What stands between the word and the value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    /// A colon or an equals sign.
    Sure,
    /// The same behind a word: "password hint:".
    Kind,
    Is,
    Space,
}

/// The longest password or key, in bytes.
const LONGEST: usize = 4096;

/// What a password in quotes begins with.
const QUOTES: [char; 10] = ['"', '“', '„', '”', '\'', '‘', '‚', '«', '»', '`'];

/// The longest password in quotes, in bytes; what is longer is a quotation that begins behind the word.
const MOST_QUOTED: usize = 64;

/// Without the full stop, comma or bracket that ends the sentence rather than the password.
fn trimmed(text: &str, range: Range<usize>, link: Link) -> Range<usize> {
    let mut value = &text[range.clone()];
    let quoted = value.starts_with(QUOTES);
    // Google's passwords for apps are four words of four letters, as sentences may be behind less than a colon.
    let four_fours = link == Link::Sure && value.len() == 19 && !text[range.end..].starts_with(char::is_alphanumeric);
    // Keys of wireless networks as they stand on routers: "4829 1048 2910 4829 1048".
    let fours = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
    if value.len() > MOST_QUOTED || !quoted && !four_fours && !fours {
        value = value.split(char::is_whitespace).next().unwrap_or(value);
    }
    range.start..range.start + value.trim_end_matches(['.', ',', ';', ':', ')', ']']).len()
}

fn is_secret(text: &str, range: Range<usize>, noun: Range<usize>, link: Link) -> bool {
    let (value, after, before) = (&text[range.clone()], &text[range.end..], &text[..noun.start]);
    let noun = &text[noun];
    let quoted = value.len() > 2 && value.starts_with(QUOTES);
    let core = value.trim_matches(|c: char| !c.is_alphanumeric());
    let length = value.chars().count();
    if value.contains("://") || value.starts_with("::") || length < 3 || program::stands_at(&text[range.start..]) {
        return false;
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let symbol_within = core.contains(['!', '#', '$', '%', '^', '&', '*', '_', '+', '=', '?', '@', '~', '|']);
    let inner_capital = core.chars().skip(1).any(char::is_uppercase) && core.chars().any(char::is_lowercase);
    // "5pm" and "2nd" are no passwords.
    let odd = digits > 0 && length >= 4 || symbol_within || inner_capital;
    let ordinary = is_ordinary(&core.to_lowercase()) || core.is_empty();
    let for_words = is_for_words(noun);
    if needs_random(noun) {
        return length >= 16 && digits >= 3 || link == Link::Sure && noun_is_key(noun) && value::is_random(value);
    }
    match link {
        // "the secret: butter"
        Link::Sure if matches!(bare(noun).as_str(), "secret" | "token" | "токен") => odd || quoted,
        Link::Sure => !ordinary || quoted,
        Link::Kind => digits > 0 && odd || symbol_within && length >= 6,
        Link::Is if quoted || odd => true,
        // "the password is swordfish": one plain word that ends its sentence.
        Link::Is => {
            let ends = is_described(after)
                || after.trim_start_matches(['.', ',', ';', '!', ')']).trim_start_matches(' ').is_empty()
                || after.starts_with(['.', ',', ';', '!', '\n', '\r', ')'])
                || after.trim_start_matches(' ').starts_with(is_picture);
            (for_words || is_described(after) || login::introduces(before))
                && ends
                && !ordinary
                && length >= 4
                && !value.ends_with('?')
                && core.chars().all(char::is_alphanumeric)
        }
        Link::Space => {
            let strange = length >= 12 || length >= 6 && symbol_within && core.chars().any(char::is_alphabetic);
            let introduced =
                || length >= 6 && !ordinary && is_for_words(noun) && value::ends(after) && login::introduces(before);
            quoted && for_words || introduced() || odd && digits > 0 && length >= 5 && (for_words || strange)
        }
    }
}

/// Whether `after` says how a password is typed: "… all lowercase", "… one word".
fn is_described(after: &str) -> bool {
    const HOW: [&str; 17] = [
        "lowercase",
        "lower case",
        "all l",
        "all caps",
        "all one",
        "one word",
        "no caps",
        "no spaces",
        "small letters",
        // What a sentence in Korean or Japanese ends with.
        "야",
        "이야",
        "임",
        "예요",
        "이에요",
        "です",
        "だよ",
        "ね",
    ];
    let after = after.trim_start_matches([' ', ',', '(']);
    HOW.iter().any(|how| after.get(..how.len()).is_some_and(|start| start.eq_ignore_ascii_case(how)))
}

/// `noun` without the mark before it.
fn bare(noun: &str) -> String {
    noun.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// Whether `noun` means nothing but a password, which may be a word, too.
fn is_for_words(noun: &str) -> bool {
    !matches!(
        bare(noun).as_str(),
        "pass"
            | "パス"
            | "secret"
            | "token"
            | "токен"
            | "токен бота"
            | "ключ"
            | "clave"
            | "contra"
            | "parole"
            | "parola"
            | "code"
            | "ww"
            | "lösen"
            | "losen"
    )
}

fn noun_is_key(noun: &str) -> bool {
    matches!(bare(noun).as_str(), "key" | "ключ")
}

/// Whether `noun` means other things so often that only what no person would type counts.
fn needs_random(noun: &str) -> bool {
    let noun = bare(noun);
    noun == "key"
        || noun == "ключ"
        || ["session", "csrf", "xsrf"].iter().any(|start| noun.starts_with(start))
        || noun.ends_with("id")
        || noun.ends_with("cookie")
}

/// Words with which a sentence about a password goes on.
pub(super) fn is_ordinary(word: &str) -> bool {
    const WORDS: &str = " wrong right correct incorrect invalid required needed missing empty blank weak strong secure safe same different changed changing \
        change expired reset resetting too very so not no now still also really always never only just there here below above attached case sensitive \
        saved stored hidden unknown known easy hard long short default private in on under the my your our his her their a an asking being working gone \
        lost forgotten mine yours what that this it old new good bad stupid annoying fine ok okay set like something anything everything nothing \
        compromised leaked stolen hacked broken rejected accepted up down dead funny ridiculous simple complicated important protected recommended \
        optional updated visible public shared available coming sent email emailed none null true false yes nope lol haha and or but if then please pls \
        manager managers reminder field prompt policy hint again to for from with falsch richtig weg neu mal vergessen incorrecta correcta mala \
        correcto incorrecto faux bon oublié changé errada certa sbagliata giusta corretta fel rätt feil riktig fout goed juist złe zle dobre yanlış doğru ungültig invalida inválida ";
    WORDS.contains(&format!(" {word} "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(|text, spans| find(text, text.bytes().filter(u8::is_ascii_digit).count(), spans), text)
    }

    #[test]
    fn finds_what_is_announced() {
        for (text, secret) in [
            ("the password is hunter2", "hunter2"),
            ("wifi password: [Sunshine99]", "[Sunshine99"),
            ("wifi pw: Tr0ub4dor&3 ok?", "Tr0ub4dor&3"),
            ("Password = correct-horse.", "correct-horse"),
            ("pass: abc123, user: jo", "abc123"),
            ("password for the router is sunshine1", "sunshine1"),
            ("my email password - Sunshine1", "Sunshine1"),
            ("pass = sunshine1", "sunshine1"),
            ("my password is swordfish", "swordfish"),
            ("my password is \"open sesame\" lol", "\"open sesame\""),
            ("my password is ‘open sesame’ lol", "‘open sesame’"),
            ("das passwort: „sesam öffne dich“", "„sesam öffne dich“"),
            ("mot de passe: «sésame ouvre toi»", "«sésame ouvre toi»"),
            ("the password is swordfish\r\nok", "swordfish"),
            ("pwd hunter22", "hunter22"),
            ("the password's hunter22", "hunter22"),
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
            ("la password del wifi è gatto1234", "gatto1234"),
            ("lösenordet är Vinter99", "Vinter99"),
            ("le mdp c Soleil12!", "Soleil12!"),
            ("Passwort vom Rechner: Mondschein", "Mondschein"),
            ("clave temporal: aB3dE6gH", "aB3dE6gH"),
            ("app password: abcd efgh ijkl mnop", "abcd efgh ijkl mnop"),
            ("ACME_PASSWORD=aB3dE6gH", "aB3dE6gH"),
            ("pass Xy!4829z", "Xy!4829z"),
            ("WPA2 key aB3dE6gH9kL2mN5p", "aB3dE6gH9kL2mN5p"),
            ("the key: aB3dE6gH9kL2mN5p", "aB3dE6gH9kL2mN5p"),
            ("security answer: Fluffy", "Fluffy"),
            ("network: TheNest key: d7fa29c4be", "d7fa29c4be"),
            ("das wlan pw ist 4829 1048 2910 4829 1048", "4829 1048 2910 4829 1048"),
            ("비밀번호는 sunshine 이야", "sunshine"),
            ("sessionid=0123456789abcdef", "0123456789abcdef"),
            ("PGPASSWORD=aB3dE6gH", "aB3dE6gH"),
            ("parola d'ordine: tramonto", "tramonto"),
            ("パスはneko1234", "neko1234"),
            ("cookie session=a1B2c3D4e5F6g7H8", "a1B2c3D4e5F6g7H8"),
            ("WLAN-Schlüssel: 4829104829104829", "4829104829104829"),
            ("api key: 9f86d081884c7d65", "9f86d081884c7d65"),
            ("secret = s3cr3tvalue", "s3cr3tvalue"),
            ("{\"password\": \"Sunshine1\"}", "\"Sunshine1\""),
            ("pasword is Sunshine1", "Sunshine1"),
            ("the psswrd for the portal is Sun_shine9$$", "Sun_shine9$$"),
            ("pswd: sunshine", "sunshine"),
            ("contraseñia Luna_1234", "Luna_1234"),
            ("passwrd Sunshine1", "Sunshine1"),
            ("p/w: sunshine", "sunshine"),
            ("password is swordfish all lowercase", "swordfish"),
            ("passwordnya sunshine99", "sunshine99"),
            ("parola e Luna1234", "Luna1234"),
            ("clé wifi aB3dE6gH9kL2mN5p", "aB3dE6gH9kL2mN5p"),
            ("токен aB3dE6gH9kL2mN5p", "aB3dE6gH9kL2mN5p"),
            ("heslo je Luna_1234", "Luna_1234"),
            ("heslo na wifi je Luna_1234", "Luna_1234"),
            ("parola este Luna_1234", "Luna_1234"),
            ("la contra es Luna_1234", "Luna_1234"),
            ("סיסמא: Luna_1234", "Luna_1234"),
            ("הסיסמא היא Luna_1234", "Luna_1234"),
            ("پسورد: Luna_1234", "Luna_1234"),
            ("رمز وای فای Luna_1234", "Luna_1234"),
            ("الرقم السري Luna_1234", "Luna_1234"),
            ("รหัสไวไฟ luna1234", "luna1234"),
        ] {
            assert_eq!(found(text), [secret], "{text:?}");
        }
    }

    #[test]
    fn leaves_talk_about_passwords_alone() {
        for text in [
            "i forgot my password",
            "cambia la contraseña este finde",
            "le mdp je crois",
            "heslo je dlouhe",
            "lozinka je kratka",
            "the password is wrong",
            "password is required",
            "change ur password pls",
            "whats the wifi password?",
            "password: required",
            "password: string",
            "const password = getPassword()",
            "apiKey: process.env.API_KEY",
            "password VARCHAR(64) NOT NULL",
            "password: ${DB_PASS}",
            "my password is too long to type",
            "pass is 5pm",
            "the secret is out",
            "token of love",
            "pass me the salt",
            "did u pass 2nd year",
            "la password è sbagliata",
            "key: C minor",
            "key: shift1234",
            "either :pass :fail",
            "password manager: bitwarden",
            "token price 0.0025",
            "the session id is wrong",
            "the new password policy",
            "pass the 2 of them",
            "password is [PASSWORD_1]",
            "let me know the pw when u can",
            "the secret: butter",
            "invalid token: ::elm1/oak",
            "the secret club from last year came back with their best music ever made",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
