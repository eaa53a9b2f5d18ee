//! The header `Link` (RFC 8288), as far as the next page is concerned.

/// The target of the link whose relation is `next`.
pub(super) fn next(header: &str) -> Option<&str> {
    let mut rest = header;
    loop {
        let start = rest.find('<')?;
        let end = start + rest[start..].find('>')?;
        let target = &rest[start + 1..end];
        // Parameters reach to the next link.
        let after = &rest[end + 1..];
        let parameters = &after[..after.find('<').unwrap_or(after.len())];
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let Some((name, value)) = parameter.split_once('=') else { return false };
            let value = value.trim().trim_matches('"').to_ascii_lowercase();
            name.trim().eq_ignore_ascii_case("rel") && value.split_whitespace().any(|relation| relation == "next")
        });
        if is_next {
            return Some(target);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn the_next_page_is_found_among_links() {
        for (header, expected) in [
            ("<https://a/?p=2>; rel=\"next\"", Some("https://a/?p=2")),
            ("<?p=1>; rel=prev, <?p=3>; title=\"x\"; Rel=\"last next\"", Some("?p=3")),
            ("<?p=1>; rel=\"prev\"", None),
            ("<?p=1", None),
            ("rel=next", None),
            ("", None),
        ] {
            assert_eq!(next(header), expected, "{header}");
        }
    }
}
