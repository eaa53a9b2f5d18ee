//! Keys of wireless networks, which stand behind the network's name or alone: "wifi is TheNest and the key is …".

use std::ops::Range;

use super::super::pattern::Pattern;
use super::super::{PiiKind, Span};
use super::value::{ends, is_chosen, is_mixed, is_number, stands_alone, without_end};
use super::{ANNOUNCING, described};
use crate::redact::nearby::is_picture;

static NETWORK: Pattern = Pattern::new(|| {
    r"(?xi) (?: ^ | [^\p{L}\p{N}] ) (?: wi-?fi(?:nya)? | wlan | ssid | hotspot | network | netzwerk | réseau | вай-?фай[а-я]? | вифи ) (?: [^\p{L}\p{N}] | $ )".to_owned()
});

/// Words for the key itself.
const KEYS: &str = " key code clé cle clef clave llave chiave chave senha schlüssel schluessel pass pw пароль ключ ";

/// Words behind which stands what it is.
const TELLING: &str = " is to now its changed es est ist è é a c'est c’est ";

/// How far behind the word a key is looked for, in bytes.
const REACH: usize = 96;

/// Where the word for a network stands.
pub(super) fn names(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    NETWORK.of(text).find_iter(text).map(|network| {
        // What ends the word may be what the key is behind.
        let end = network.as_str().trim_end_matches(|c: char| !c.is_alphanumeric()).len();
        network.start()..network.start() + end
    })
}

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    if !text.split_whitespace().any(|word| is_mixed(word) || is_number(without_end(word))) {
        return;
    }
    for network in names(text) {
        let start = network.end;
        let range = in_line(text, start).or_else(|| in_next_line(text, start));
        found.extend(range.map(|range| Span::new(PiiKind::Password, "password/network", range)));
    }
}

/// "… TheNest key …", "… is now …", "… at mums: …".
fn in_line(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..text.floor_char_boundary(text.len().min(start + REACH))];
    let among = |words: &str, word: &str| words.contains(&format!(" {word} "));
    let (mut keyed, mut direct) = (false, true);
    // "wifi: kettle44" is the key; "network: Kettle44" and "hotspot: …" are names.
    let sure = rest.trim_start().starts_with([':', '=']) && text[..start].ends_with(['i', 'I', 'n', 'N']);
    for word in rest.lines().next()?.split_whitespace() {
        let value = without_end(word.trim_start_matches([':', '=', '(']));
        let at = value.as_ptr() as usize - text.as_ptr() as usize;
        let range = at..at + value.len();
        let small = value.to_lowercase();
        let after = &text[range.end..];
        let chosen = || {
            direct
                && is_mixed(value)
                && (is_chosen(value) || sure && is_made_up(value))
                && (ends(after) || described::is_typed(after))
                && !is_name(after)
        };
        if !value.contains('/') && (keyed && (is_mixed(value) || is_number(value)) && stands_alone(after) || chosen()) {
            return Some(range);
        }
        match () {
            () if among(KEYS, &small) => keyed = true,
            () if small.is_empty() || among(TELLING, &small) => {}
            () if keyed || word.ends_with(['.', '!', '?']) => return None,
            () => direct = word.ends_with(':'),
        }
    }
    None
}

/// Letters, then digits, two or more or behind a capital: "kettle44", "Kettle7", not "channel6".
fn is_made_up(value: &str) -> bool {
    let letters = value.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = value.len() - letters.len();
    letters.chars().all(char::is_alphabetic)
        && (digits >= 2 || digits == 1 && value.starts_with(char::is_uppercase) && value.len() >= 8)
}

/// The lone word of the line behind the one that the network ends: "whats the wifi", and "…" below.
fn in_next_line(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..text.floor_char_boundary(text.len().min(start + REACH))];
    let (line, below) = rest.split_once('\n')?;
    let mut words = below.lines().next()?.split_whitespace().filter(|word| !word.starts_with(is_picture));
    let (value, None) = (without_end(words.next()?), words.next()) else { return None };
    let at = value.as_ptr() as usize - text.as_ptr() as usize;
    // "hotspot: …" names the network.
    let most = if line.starts_with(':') { 4 } else { 2 };
    (line.split_whitespace().count() <= most && (is_mixed(value) || is_number(value))).then_some(at..at + value.len())
}

/// Whether what stands before `after` is the name of a network, and its key behind it.
fn is_name(after: &str) -> bool {
    let after = after[..after.floor_char_boundary(after.len().min(32))].trim_start();
    after.starts_with(['/', '|']) || ANNOUNCING.of(after).find(after).is_some_and(|noun| noun.start() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(find, text)
    }

    #[test]
    fn finds_keys_of_networks() {
        for (text, key) in [
            ("network TheNest key sun5hine-9", "sun5hine-9"),
            ("the guest wifi is The_Nest and the key is sunshine88", "sunshine88"),
            ("le wifi c'est TheNest et la clé 0A1B2C3D4E5F", "0A1B2C3D4E5F"),
            ("el wifi se llama TheNest y la clave sol12345", "sol12345"),
            ("i changed the wifi to Sun_Shine5", "Sun_Shine5"),
            ("wifi: kettle44", "kettle44"),
            ("WiFi = Summerhouse7", "Summerhouse7"),
            ("wlan: kessel44.", "kessel44"),
            ("wifi: kettle44 all lowercase", "kettle44"),
            ("wifi gatitos2020 todo en minúscula", "gatitos2020"),
            ("wifi at mums: sunshine88.", "sunshine88"),
            ("grandmas wifi sunshine88", "sunshine88"),
            ("whats the wifi\nsun5hine", "sun5hine"),
            ("wifi?\n48291048\nall numbers", "48291048"),
        ] {
            assert_eq!(found(text), [key], "{text:?}");
        }
    }

    #[test]
    fn leaves_talk_about_networks_alone() {
        for text in [
            "wifi is 100mbps here",
            "wifi: channel6",
            "wifi: 100mbps",
            "wifi: windows11 cant see it",
            "hotspot: kettle44",
            "network: Kettle44",
            "wifi: Kettle44 / ask me",
            "wifi kettle44",
            "the wifi is down since 2019",
            "changed the wifi to channel 11",
            "network error, the key is to restart it",
            "no wifi\nwindows11 asks again",
            "the network layer code resnet50 works",
            "the wifi windows2012 finds is weak",
            "wifi here\nsee u at 8",
            "wifi: TheNest24 / ask me",
            "wifi: TheNest2024\npassword on the fridge",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
