//! The readable files: `[2026-01-15 13:00:00] Name: text`, with lines that belong to the message before them.

use std::sync::LazyLock;

use regex::Regex;

static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\[(\d{4}-\d{2}-\d{2}),? (\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\] (.+?):(?: (.*))?$")
        .expect("the pattern is right")
});
/// `![IMG.jpg](./media/IMG.jpg)`, and without the mark for what is no picture.
static MEDIA: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"!?\[[^\]]*\]\(<?(?:\./)?media/[^)]*\)").expect("the pattern is right"));
static REACTIONS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\(- .+: .+ -\)$").expect("the pattern is right"));
static CALL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:(?:incoming|outgoing|missed|declined|unanswered) (?:voice |video )*call)(?: \([a-z ]+\))?$")
        .expect("the pattern is right")
});

/// A line that begins a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    /// As jiff reads it.
    pub(super) date: String,
    pub(super) sender: &'a str,
    pub(super) text: &'a str,
}

pub(super) fn header(line: &str) -> Option<Header<'_>> {
    let parts = HEADER.captures(line)?;
    let part = |index: usize| parts.get(index).map_or("", |part| part.as_str());
    let clock = if part(2).len() < 5 { format!("0{}", part(2)) } else { part(2).to_owned() };
    Some(Header { date: format!("{}T{clock}", part(1)), sender: part(3), text: part(4) })
}

/// A message's text, and whether something other than text was in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) text: String,
    pub(super) has_media: bool,
    pub(super) is_call: bool,
}

/// Takes the quote before the text, and pictures and reactions behind it, out of what stands between two headers.
pub(super) fn body(raw: &str) -> Body {
    let has_media = MEDIA.is_match(raw);
    let without_media = MEDIA.replace_all(raw, "");
    let lines: Vec<&str> = without_media.lines().map(str::trim_end).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let quoted = lines[first..].iter().take_while(|line| line.starts_with('>')).count();
    // A quote has an empty line before and behind it; without, the person wrote the sign.
    let is_quote = quoted > 0 && first > 0 && lines.get(first + quoted).is_none_or(|line| line.is_empty());
    let typed = if is_quote { first + quoted } else { first };
    let kept: Vec<&str> = lines[typed..].iter().copied().filter(|line| !REACTIONS.is_match(line)).collect();
    let text = kept.join("\n").trim().to_owned();
    Body { is_call: CALL.is_match(&text), text, has_media }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_every_version() {
        let cases = [
            ("[2026-01-15, 13:00] Ana Ruiz: so: yes", "2026-01-15T13:00", "Ana Ruiz", "so: yes"),
            ("[2026-01-15 13:00:05] Me: hi  ", "2026-01-15T13:00:05", "Me", "hi  "),
            ("[2026-01-15, 9:05] Me: ", "2026-01-15T09:05", "Me", ""),
            ("[2026-01-15 13:00:05] Me:", "2026-01-15T13:00:05", "Me", ""),
        ];
        for (line, date, sender, text) in cases {
            assert_eq!(header(line), Some(Header { date: date.into(), sender, text }), "{line}");
        }
        for line in ["", "and then", "[15.01.26, 13:00:05] Ana: hi", "[2026-01-15] Ana: hi", "(- Ana: ❤️ -)"] {
            assert_eq!(header(line), None, "{line}");
        }
    }

    #[test]
    fn bodies_lose_what_the_format_added() {
        let text = |raw: &str| body(raw).text;
        assert_eq!(text("on my way  \n\n"), "on my way");
        assert_eq!(text("one\ntwo  \n(- Ana: ❤️ -)\n\n"), "one\ntwo");
        assert_eq!(text("\n\n> where?\n> tell me\n\nhere  \n"), "here");
        assert_eq!(text("> my own sign\n"), "> my own sign");
        let picture = body("look  ![IMG.jpg](./media/IMG.jpg)  \n");
        assert_eq!((picture.text.as_str(), picture.has_media), ("look", true));
        assert_eq!(text("see [this](https://a.example)"), "see [this](https://a.example)");
    }

    #[test]
    fn calls_are_no_text() {
        for call in ["Outgoing voice call (unanswered)  ", "Incoming video call", "Missed call"] {
            assert!(body(call).is_call, "{call}");
        }
        assert!(!body("missed call from work again").is_call);
    }
}
