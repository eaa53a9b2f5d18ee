//! What exports write and JSON does not know: halves of surrogate pairs that stand alone, where a text was cut inside an emoji,
//! `\x0B`, as Telegram Desktop writes control characters, and the files of custom emoji, which its version 4.1 put in no quotes.

/// The JSON with each lone `\ud83d` turned into `\ufffd`, each `\x0B` into `\u000B` and such a file into `null`; `None` where there
/// is none of them.
pub fn repaired(json: &[u8]) -> Option<Vec<u8>> {
    let mut repaired: Option<Vec<u8>> = None;
    for repair in [without_bare_files, with_known_escapes, without_lone_surrogates] {
        let next = repair(repaired.as_deref().unwrap_or(json));
        repaired = next.or(repaired);
    }
    repaired
}

/// Behind the key, up to the end of the line.
fn without_bare_files(json: &[u8]) -> Option<Vec<u8>> {
    const KEY: &[u8] = b"\"document_id\": ";
    let mut known: Option<Vec<u8>> = None;
    let mut copied = 0;
    for at in memchr::memmem::find_iter(json, KEY) {
        let value = &json[at + KEY.len()..];
        let is_json =
            value.first().is_none_or(|byte| matches!(byte, b'"' | b'-' | b'0'..=b'9')) || value.starts_with(b"null");
        let is_said = json[..at].ends_with(b"\\");
        let Some(length) = value.iter().position(|byte| *byte == b'\n').filter(|_| !is_json && !is_said) else {
            continue;
        };
        let known = known.get_or_insert_default();
        known.extend(&json[copied..at + KEY.len()]);
        known.extend(b"null");
        copied = at + KEY.len() + length;
    }
    known.as_mut()?.extend(&json[copied..]);
    known
}

fn with_known_escapes(json: &[u8]) -> Option<Vec<u8>> {
    let mut known: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(escape) = json.get(at..) {
        let taken = match escape {
            [] => break,
            [b'\\', b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                known.get_or_insert_with(|| json[..at].to_vec()).extend([b'\\', b'u', b'0', b'0', *high, *low]);
                at += 4;
                continue;
            }
            [b'\\', _, ..] => 2,
            _ => 1,
        };
        if let Some(known) = &mut known {
            known.extend(&escape[..taken]);
        }
        at += taken;
    }
    known
}

fn without_lone_surrogates(json: &[u8]) -> Option<Vec<u8>> {
    let mut repaired: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < json.len() {
        if json[at] != b'\\' {
            at += 1;
            continue;
        }
        let Some(unit) = unit_at(json, at) else {
            at += 2;
            continue;
        };
        let is_pair = is_high(unit) && unit_at(json, at + 6).is_some_and(is_low);
        if !is_pair && (is_high(unit) || is_low(unit)) {
            repaired.get_or_insert_with(|| json.to_vec())[at + 2..at + 6].copy_from_slice(b"fffd");
        }
        at += if is_pair { 12 } else { 6 };
    }
    repaired
}

/// The UTF-16 unit that is escaped at `at`.
fn unit_at(json: &[u8], at: usize) -> Option<u16> {
    let escape = json.get(at..at + 6)?;
    let digits = std::str::from_utf8(escape.strip_prefix(b"\\u")?).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

fn is_high(unit: u16) -> bool {
    (0xd800..0xdc00).contains(&unit)
}

fn is_low(unit: u16) -> bool {
    (0xdc00..0xe000).contains(&unit)
}

#[cfg(test)]
mod tests {

    fn repaired(json: &str) -> Option<String> {
        super::repaired(json.as_bytes()).map(|json| String::from_utf8(json).unwrap())
    }

    #[test]
    fn control_characters_are_escaped_as_json_has_it() {
        assert_eq!(repaired(r#"{"a":"x\x0B y\x1f","b":"\\x0B"}"#).unwrap(), r#"{"a":"x\u000B y\u001f","b":"\\x0B"}"#);
        assert_eq!(repaired(r#""\x0B\ud83d""#).unwrap(), r#""\u000B\ufffd""#);
        assert_eq!(repaired(r#""\xg0 \x1""#), None);
    }

    #[test]
    fn files_in_no_quotes_are_null() {
        let json =
            "[{\"document_id\": video_files/a (2).webm\n},{\"document_id\": \"7\"\n},{\"document_id\": (none.)\n}]";
        let expected = "[{\"document_id\": null\n},{\"document_id\": \"7\"\n},{\"document_id\": null\n}]";
        assert_eq!(repaired(json).as_deref(), Some(expected));
        assert_eq!(repaired("{\"text\":\"\\\"document_id\\\": x\"\n}"), None);
    }

    #[test]
    fn only_lone_halves_are_replaced() {
        assert_eq!(repaired(r#"{"a":"\ud83d\ude00"}"#), None);
        assert_eq!(repaired(r#""\ud83d""#).unwrap(), r#""\ufffd""#);
        assert_eq!(repaired(r#""\ude00\ud83d\ude00\ud83d""#).unwrap(), r#""\ufffd\ud83d\ude00\ufffd""#);
        assert_eq!(repaired(r#""\\ud83d \u00e9""#), None, "an escaped backslash begins no escape");
        assert_eq!(repaired(r#""\ud8"#), None);
    }
}
