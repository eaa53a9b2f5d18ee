//! An area code said apart from its number: "area code 202, then 555-0142", "555 0142, area code two oh two".

use std::sync::LazyLock;

use regex::Regex;

use super::spelled;
use crate::redact::{PiiKind, Span, pattern};

static AREA_CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:area|dialling|dialing)\x20?code(?:\x20(?:is|of))?[\x20:=(]*(?P<value>[0-9]{2,5}(?-u:\b))?")
        .expect("the pattern is constant")
});

/// Where a number was found; elsewhere an area code names a town.
pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    if !found.iter().any(|span| span.kind == PiiKind::Phone) || !pattern::contains(text, "code") {
        return;
    }
    for announced in AREA_CODE.captures_iter(text) {
        let end = announced.get(0).map_or(0, |whole| whole.end());
        let in_words = || {
            let run = spelled::runs(&text[end..], 2).into_iter().next().filter(|run| run.range.start == 0)?;
            (run.digits.len() <= 5).then(|| end..end + run.range.end)
        };
        let code = announced.name("value").map(|value| value.range()).or_else(in_words);
        found.extend(code.map(|range| Span::new(PiiKind::Phone, "phone/area_code", range)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found_anywhere as found;

    #[test]
    fn area_codes_beside_a_number_are_found() {
        assert_eq!(found("area code 202, then 555-0142"), ["202", "555-0142"]);
        assert_eq!(found("call 555-0142, area code two oh two"), ["555-0142", "two oh two"]);
        assert_eq!(found("the area code is 202 here"), Vec::<&str>::new());
        assert_eq!(found("555-0142 is no zip code 20202"), ["555-0142"]);
    }
}
