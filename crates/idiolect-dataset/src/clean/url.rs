//! Messages made of links alone.

use std::sync::LazyLock;

use regex::Regex;

/// One link: a scheme with something behind it, `www.`, or a bare host that cannot be a slip of the space bar.
///
/// A bare host needs a well-known ending (`example.com`), a two-letter one with a second level
/// (`example.com.sa`), or a path behind a two-letter one (`youtu.be/x`): "ok.so" is a missing space.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    // Classes of every script's letters fold no case: that would take longer than all the rest.
    const LABEL: &str = r"(?-i:[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?)";
    Regex::new(&format!(
        r"(?xi)^[<(\[]?(?:
            (?:https?|ftps?|sftp|ssh|git|file|app|intent|market|spotify|steam|slack|zoommtg|tg|whatsapp|sms|facetime|maps)://[^\s]*(?-i:[\p{{L}}\p{{N}}\]])[^\s]*
          | (?:mailto|tel|sms|facetime|magnet|bitcoin|spotify|geo|data):[^\s]+
          | www[0-9]?(?:\.{LABEL}){{2,}}(?::[0-9]+)?(?:[/?\#][^\s]*)?
          | (?:{LABEL}\.)+(?:
                (?:com|org|net|edu|gov|info|biz|dev|app|io|xyz|page|online|site|shop|(?:com?|org|net|edu|gov|ac|ne|or)\.[a-z]{{2}})(?::[0-9]+)?(?:[/?\#][^\s]*)?
              | [a-z]{{2,10}}(?::[0-9]+)?/[^\s]+
            )
        )[>)\]]?$"
    ))
    .expect("the pattern is constant")
});

/// Whether `text` consists of one or more links and nothing else.
pub fn is_url_only(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| may_be_link(word) && LINK.is_match(word))
}

/// Every link has a colon with something behind it, or a dot with a letter or digit behind it: "haha..." is none.
fn may_be_link(word: &str) -> bool {
    let bytes = word.as_bytes();
    memchr::memchr2_iter(b':', b'.', bytes).any(|at| match bytes.get(at + 1) {
        Some(next) => bytes[at] == b':' || next.is_ascii_alphanumeric() || !next.is_ascii(),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_with_and_without_scheme_are_links() {
        for link in [
            "https://example.com",
            "http://localhost:8080/#/123",
            "www.example.com/a?b=c",
            "example.com",
            "shop.example.com.sa/",
            "youtu.be/abc123",
            "https://example.com/a\nhttps://example.org/b",
            "<https://example.com/a>",
            "mailto:jo@example.com",
            "tel:+12025550142",
        ] {
            assert!(is_url_only(link), "{link:?}");
        }
    }

    #[test]
    fn words_around_a_link_and_slips_of_the_space_bar_are_not() {
        for other in [
            "look https://example.com",
            "ok.thanks",
            "3.14",
            "v1.2.3",
            "home.at 5",
            "haha..ok",
            "file.txt",
            "jo@example.com",
            "http://#",
            "5:30",
            "",
            "yes/no",
        ] {
            assert!(!is_url_only(other), "{other:?}");
        }
    }
}
