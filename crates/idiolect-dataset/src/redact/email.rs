//! E-mail addresses.

use std::sync::LazyLock;

use regex::Regex;

use super::span::{PiiKind, Span};

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?xi)
        (?: "[^"\s@]{1,62}" | [\p{L}\p{N}\p{M}!\#$%&'*+/=?^_`{|}~-]+(?:\.+[\p{L}\p{N}\p{M}!\#$%&'*+/=?^_`{|}~-]+)* )
        \x20?@\x20?
        (?: [\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}])?\. )+ (?: xn--[a-z0-9-]+ | [\p{L}\p{M}]{2,24} )
        "#,
    )
    .expect("the pattern is constant")
});

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    if !text.as_bytes().contains(&b'@') {
        return;
    }
    found.extend(EMAIL.find_iter(text).map(|address| Span::new(PiiKind::Email, address.range())));
}
