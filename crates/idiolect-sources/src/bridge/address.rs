//! A bridge's URL: its origin, what may stand in it, and the query that is put behind it.

use std::path::PathBuf;

use idiolect_dataset::{SourceError, Window};

/// A checked URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    url: String,
    /// `https://host:port`, in small letters.
    origin: String,
}

const ADVICE: &str = "write it like bridge:https://example.org/messages";

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, SourceError> {
        let refused =
            |reason: &str, advice| SourceError::Refused { path: shown_url(url), reason: reason.into(), advice };
        let (scheme, rest) = url.split_once("://").ok_or_else(|| refused("it is not a URL", ADVICE))?;
        let scheme = scheme.to_ascii_lowercase();
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        if authority.contains('@') {
            let advice = "put the token into the setting bridge.token or IDIOLECT_BRIDGE_TOKEN instead";
            return Err(refused("a user and password stand in the URL, which is recorded", advice));
        }
        let is_text = url.bytes().all(|byte| byte.is_ascii_graphic());
        if authority.is_empty() || !is_text || url.contains('#') {
            return Err(refused("it is not a URL", ADVICE));
        }
        match scheme.as_str() {
            "https" => {}
            "http" if is_loopback(&authority) => {}
            "http" => {
                let advice = "write https:// (http:// is for this machine's own 127.0.0.1 only)";
                return Err(refused("http would send messages and token unencrypted", advice));
            }
            _ => return Err(refused("it is neither http nor https", ADVICE)),
        }
        Ok(Self { url: url.to_owned(), origin: format!("{scheme}://{authority}") })
    }

    /// For messages: without its query, which may name people.
    pub(super) fn shown(&self) -> PathBuf {
        shown_url(&self.url)
    }

    /// Whether it is asked unencrypted, which only this machine is: through a proxy, token and messages would travel so.
    pub(super) fn is_this_machine(&self) -> bool {
        self.origin.starts_with("http://")
    }

    /// The URL of the first page.
    pub(super) fn first(&self, user: Option<&str>, window: Window) -> String {
        let join = if self.url.contains('?') { '&' } else { '?' };
        let user = user.map(|user| format!("user={}&", escaped(user))).unwrap_or_default();
        format!("{}{join}{user}since={}&until={}", self.url, window.start, window.end)
    }

    /// What a link on the page `from` points to; `None` where that is another origin.
    pub(super) fn linked(&self, from: &str, target: &str) -> Option<String> {
        if !target.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        if target.contains("://") {
            return Self::parse(target).ok().filter(|linked| linked.origin == self.origin).map(|linked| linked.url);
        }
        let path = from.split(['?', '#']).next().unwrap_or(from);
        match target {
            _ if target.starts_with("//") => None,
            _ if target.starts_with('/') => Some(format!("{}{target}", self.origin)),
            _ if target.starts_with('?') => Some(format!("{path}{target}")),
            _ => {
                let after_origin = path.get(self.origin.len()..).unwrap_or_default();
                let folder = after_origin.rfind('/').map_or("/", |end| &after_origin[..=end]);
                Some(format!("{}{folder}{target}", self.origin))
            }
        }
    }
}

/// A URL as it may be shown: without its query, which may name people, and without a user and password.
pub fn shown_url(url: &str) -> PathBuf {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let url = &url[..end];
    // A password is not shown either.
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://{}", &url[..scheme], &url[at + 1..]).into(),
        _ => url.into(),
    }
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn escaped(value: &str) -> String {
    let mut escaped = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_are_unsafe_are_refused_without_showing_their_secrets() {
        let error = |url: &str| Address::parse(url).unwrap_err().to_string();
        assert!(error("https://u:secret@example.org/x?y=z").starts_with("https://example.org/x: a user and password"));
        assert!(!error("https://u:secret@example.org/x").contains("secret"));
        assert!(error("http://example.org/x").contains("unencrypted"));
        for url in ["example.org", "ftp://example.org", "https://", "https://a b/", "https://a/#x"] {
            assert!(error(url).contains("bridge:https://"), "{url}");
        }
        for url in ["http://127.0.0.1:8/x", "http://localhost/x", "http://[::1]:8/x", "https://example.org"] {
            assert!(Address::parse(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn links_stay_within_the_origin() {
        let address = Address::parse("https://Example.org/a/b").unwrap();
        let linked = |target: &str| address.linked("https://example.org/a/b?page=1", target);
        assert_eq!(linked("?page=2").as_deref(), Some("https://example.org/a/b?page=2"));
        assert_eq!(linked("/c?page=2").as_deref(), Some("https://example.org/c?page=2"));
        assert_eq!(linked("c").as_deref(), Some("https://example.org/a/c"));
        assert_eq!(linked("https://example.org/x").as_deref(), Some("https://example.org/x"));
        for target in [
            "https://evil.org/",
            "//evil.org/",
            "http://example.org/",
            "https://example.org:444/",
            "https://example.org@evil.org/",
        ] {
            assert_eq!(linked(target), None, "{target}");
        }
    }

    #[test]
    fn the_query_is_put_behind_what_is_there() {
        let window =
            Window { start: "2026-01-01T00:00:00Z".parse().unwrap(), end: "2026-01-02T00:00:00Z".parse().unwrap() };
        let address = Address::parse("https://example.org/m?app=1").unwrap();
        let expected = "https://example.org/m?app=1&user=a%26b&since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z";
        assert_eq!(address.first(Some("a&b"), window), expected);
    }
}
