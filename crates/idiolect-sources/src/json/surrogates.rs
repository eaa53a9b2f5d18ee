//! Halves of surrogate pairs that stand alone, as exports write them where a text was cut inside an emoji.

/// The JSON with each lone `\ud83d` turned into `\ufffd`; `None` where there is none.
pub(super) fn without_lone_surrogates(json: &[u8]) -> Option<Vec<u8>> {
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
    use super::*;

    fn repaired(json: &str) -> Option<String> {
        without_lone_surrogates(json.as_bytes()).map(|json| String::from_utf8(json).unwrap())
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
