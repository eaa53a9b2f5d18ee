//! The header `Link` (RFC 8288), as far as the next page is concerned.

/// A header that is not what the RFC says, or that names two next pages.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unclear;

/// The target of the link whose relation is `next`. A page may have several such headers, each with several links.
pub(super) fn next<'a>(headers: impl IntoIterator<Item = &'a str>) -> Result<Option<&'a str>, Unclear> {
    let mut next = None;
    for mut rest in headers {
        while let Some(link) = link(&mut rest)? {
            if link.is_next && next.replace(link.target).is_some_and(|other| other != link.target) {
                return Err(Unclear);
            }
        }
    }
    Ok(next)
}

struct Link<'a> {
    target: &'a str,
    is_next: bool,
}

/// Takes the first link off `rest`; `None` at its end.
fn link<'a>(rest: &mut &'a str) -> Result<Option<Link<'a>>, Unclear> {
    *rest = rest.trim_start_matches([' ', '\t', ',']);
    if rest.is_empty() {
        return Ok(None);
    }
    let (target, after) = rest.strip_prefix('<').and_then(|link| link.split_once('>')).ok_or(Unclear)?;
    *rest = after.trim_start();
    let mut relations = None;
    while let Some(parameter) = rest.strip_prefix(';') {
        let parameter = parameter.trim_start();
        let end = parameter.find(['=', ';', ',']).unwrap_or(parameter.len());
        let name = parameter[..end].trim_end();
        let value = match parameter[end..].strip_prefix('=') {
            Some(value) => {
                *rest = value.trim_start();
                value_of(rest)?
            }
            None => {
                *rest = &parameter[end..];
                ""
            }
        };
        // The first one counts.
        if name.eq_ignore_ascii_case("rel") && relations.is_none() {
            relations = Some(value);
        }
    }
    if !rest.is_empty() && !rest.starts_with(',') {
        return Err(Unclear);
    }
    let is_next =
        relations.unwrap_or_default().split_whitespace().any(|relation| relation.eq_ignore_ascii_case("next"));
    Ok(Some(Link { target, is_next }))
}

/// Takes a parameter's value and the blanks behind it off `rest`. What is escaped in it stays so: relations need no escapes.
fn value_of<'a>(rest: &mut &'a str) -> Result<&'a str, Unclear> {
    let (value, after) = match rest.strip_prefix('"') {
        None => rest.split_at(rest.find([';', ',']).unwrap_or(rest.len())),
        Some(quoted) => {
            let mut is_escaped = false;
            let end = quoted.find(|c| {
                let ends = c == '"' && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                ends
            });
            let (value, after) = quoted.split_at(end.ok_or(Unclear)?);
            (value, &after[1..])
        }
    };
    *rest = after.trim_start();
    Ok(value.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{Unclear, next};

    #[test]
    fn the_next_page_is_found_among_links() {
        for (header, expected) in [
            ("<https://a/?p=2>; rel=\"next\"", Some("https://a/?p=2")),
            ("<?p=1>; rel=prev, <?p=3>; title=\"x\"; Rel=\"last next\"", Some("?p=3")),
            ("<?p=1>; title=\"<?p=2>; rel=next, \\\" ;\" ; rel = last,, <?p=3>;rel=NEXT;", Some("?p=3")),
            ("<?p=1>; rel=last; rel=next", None),
            ("<?p=1>; rel=next, <?p=1>; rel=next", Some("?p=1")),
            ("<?p=1>; next; rel=\"prev\"", None),
            ("<?p=1>", None),
            (" ,", None),
            ("", None),
        ] {
            assert_eq!(next([header]), Ok(expected), "{header}");
        }
        assert_eq!(next(["<?p=1>; rel=prev", "<?p=3>; rel=next"]), Ok(Some("?p=3")));
        assert_eq!(next([]), Ok(None));
    }

    #[test]
    fn what_cannot_be_read_is_not_passed_over() {
        for header in [
            "<?p=1",
            "rel=next",
            "<?p=1>; rel=\"next",
            "<?p=1> rel=next",
            "<?p=1>; rel=\"next\" <?p=2>",
            "<?p=1>; rel=next, x",
            "<?p=1>; rel=next, <?p=2>; rel=next",
        ] {
            assert_eq!(next([header]), Err(Unclear), "{header}");
        }
    }
}
