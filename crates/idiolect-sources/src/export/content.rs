//! What a file is by how it begins, whatever it is called.

/// The ending that a text of this beginning has where nobody renamed it: `json`, `xml` for an SMS backup, `html`, `csv` for a
/// channel of Discord's, or `txt`.
pub(super) fn ending(head: &str) -> Option<&'static str> {
    let head = head.trim_start();
    match head.chars().next()? {
        _ if head.contains('\0') => None,
        '{' => Some("json"),
        '[' if head[1..].trim_start().starts_with('{') => Some("json"),
        '<' => markup(head),
        // Other tables are told by their columns, which this one lacks that would say who wrote.
        _ if head.starts_with("ID,Timestamp,Contents") => Some("csv"),
        _ => Some("txt"),
    }
}

/// By the first element, behind declarations and comments.
fn markup(mut head: &str) -> Option<&'static str> {
    loop {
        head = head.trim_start();
        let lower = |length: usize| head.get(..length).map(str::to_ascii_lowercase);
        let is_html = lower(14).is_some_and(|begins| begins == "<!doctype html")
            || lower(5).is_some_and(|begins| begins == "<html");
        if is_html {
            return Some("html");
        }
        let end = match head {
            _ if head.starts_with("<!--") => "-->",
            _ if head.starts_with("<?") => "?>",
            _ if head.starts_with("<!") => ">",
            _ => {
                return head
                    .strip_prefix("<smses")
                    .filter(|rest| rest.starts_with([' ', '>', '\n', '\r', '\t']))
                    .map(|_| "xml");
            }
        };
        head = head.split_once(end)?.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_told_by_the_beginning() {
        for (head, is) in [
            ("\n{\"a\": 1", Some("json")),
            ("[ {\"a\": 1", Some("json")),
            ("[03.10.26, 09:41:02] Ana: hi", Some("txt")),
            ("<?xml version='1.0' ?>\n<!-- made by <x> -->\n<smses count=\"1\">", Some("xml")),
            ("<?xml version='1.0' ?><calls count=\"1\">", None),
            ("<xsl:template match=\"smses\"><smses>", None),
            ("<?xml version=\"1.0\" ?>\n<!DOCTYPE html PUBLIC \"x\">", Some("html")),
            ("<HTML><body>", Some("html")),
            ("ID,Timestamp,Contents,Attachments\r\n1,", Some("csv")),
            ("<!-- cut", None),
            ("%PDF-1.4\0", None),
            ("", None),
        ] {
            assert_eq!(ending(head), is, "{head}");
        }
    }
}
