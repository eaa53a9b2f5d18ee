//! E-mail addresses.

use std::sync::LazyLock;

use regex::Regex;

use super::{PiiKind, Span};

/// A local part, an at sign (people put a space beside it), a host with an ending of letters.
///
/// Local parts are the unquoted ones of RFC 5322 in any script (RFC 6531), or a quoted one without spaces.
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?xi)
        (?: "[^"\s@]{1,62}" | [\p{L}\p{N}\p{M}!\#$%&'*+/=?^_`{|}~-]+(?:\.+[\p{L}\p{N}\p{M}!\#$%&'*+/=?^_`{|}~-]+)* )
        \x20?@\x20?
        (?: [\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}])?\. )+ (?: xn--[a-z0-9-]+ | [\p{L}\p{M}]{2,} )
        "#,
    )
    .expect("the pattern is constant")
});

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    if !text.as_bytes().contains(&b'@') {
        return;
    }
    found.extend(EMAIL.find_iter(text).map(|address| Span::new(PiiKind::Email, "email", address.range())));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut spans = Vec::new();
        find(text, &mut spans);
        spans.iter().map(|span| &text[span.range.clone()]).collect()
    }

    #[test]
    fn finds_addresses_in_running_text() {
        for (text, address) in [
            ("jo@example.com", "jo@example.com"),
            ("its jo.k+home@mail.example.co.uk.", "jo.k+home@mail.example.co.uk"),
            ("mail me(jo_k@example.org)!", "jo_k@example.org"),
            ("jo @example.com", "jo @example.com"),
            ("JO@EXAMPLE.COM", "JO@EXAMPLE.COM"),
            ("josé@exämple.org", "josé@exämple.org"),
            ("\"jo.k\"@example.com", "\"jo.k\"@example.com"),
            ("jo@xn--exmple-cua.com", "jo@xn--exmple-cua.com"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn leaves_handles_and_prices_alone() {
        for text in ["@jo", "meet @ 5", "jo@home", "3 @ 1.50", "a@b", "@example.com", "jo@", "cu @ the gym. ok"] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
