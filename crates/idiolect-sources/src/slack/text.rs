//! Slack's markup with people by their names and without secrets. Links, channels and formatting stay as Slack writes them.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// `<@U123>` and, in old exports, `<@U123|ana>`.
static MENTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<@([UWB][A-Z0-9]{2,20})(?:\|([^<>|]{1,80}))?>").expect("the pattern is right"));
/// What gives access: the parameter of a link to a file, and tokens themselves.
static SECRET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[?&](?:t|token|pub_secret)=[A-Za-z0-9%._-]+|\bxox[a-z](?:\.[a-z]+)?-[A-Za-z0-9%._-]{8,}")
        .expect("the pattern is right")
});

/// `name` says what a member is called; those whom it does not know keep their ids.
pub(super) fn readable(markup: &str, name: impl Fn(&str) -> Option<String>) -> String {
    let without_secrets: String = markup.split_inclusive(ends_link).map(without_secrets).collect();
    let named = MENTION.replace_all(&without_secrets, |mention: &Captures<'_>| {
        let known = name(&mention[1]).or_else(|| mention.get(2).map(|label| label.as_str().to_owned()));
        known.map_or_else(|| mention[0].to_owned(), |name| format!("<@{name}>"))
    });
    unescaped(&named)
}

/// Mentions of whom nobody knows a name.
pub(super) fn mentions_by_id(text: &str) -> u64 {
    MENTION.find_iter(text).count() as u64
}

fn ends_link(c: char) -> bool {
    c.is_whitespace() || c == '<' || c == '|'
}

/// A link, or any other word, without what gives access. Other sites have a parameter `t` too.
fn without_secrets(link: &str) -> Cow<'_, str> {
    let slack = link.find("slack");
    if slack.is_none() && !link.contains("xox") {
        return link.into();
    }
    SECRET.replace_all(link, |secret: &Captures<'_>| {
        let found = secret.get_match();
        let is_of_slack = found.as_str().contains("xox") || slack.is_some_and(|slack| slack < found.start());
        if is_of_slack { "" } else { found.as_str() }.to_owned()
    })
}

/// Slack escapes three characters and no others.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(markup: &str) -> String {
        readable(markup, |id| (id == "U12A").then(|| "Ana".to_owned()))
    }

    #[test]
    fn people_go_by_their_names() {
        assert_eq!(text("<@U12A> and <@U99Z> and <@U99Z|ben>"), "<@Ana> and <@U99Z> and <@ben>");
    }

    #[test]
    fn escapes_are_undone_once() {
        assert_eq!(text("a &lt; b &amp;&amp; c &gt; d, &amp;lt; &quot;"), "a < b && c > d, &lt; &quot;");
        assert_eq!(text("literally &lt;@U12A&gt;"), "literally <@U12A>");
    }

    #[test]
    fn links_channels_and_emoji_stay() {
        let markup = "see <https://a.example/x?t=5|here> in <#C1|general> <!here> :wave: `code`";
        assert_eq!(text(markup), markup);
    }

    #[test]
    fn secrets_are_taken_out() {
        assert_eq!(
            text("<https://files.slack.com/files-pri/T1-F1/a.png?t=xoxe-1-abcdefghij|a.png>"),
            "<https://files.slack.com/files-pri/T1-F1/a.png|a.png>"
        );
        assert_eq!(text("<https://slack-files.com/T1-F1?pub_secret=0a1b2c>"), "<https://slack-files.com/T1-F1>");
        assert_eq!(text("use xoxb-1234567890-abcdef please"), "use  please");
        assert_eq!(
            text("slack: see\u{3000}https://a.example/?t=5&ref=slack"),
            "slack: see\u{3000}https://a.example/?t=5&ref=slack"
        );
        assert_eq!(text("https://a.slack.com/?x=1&t=5&token=6&y=2#xoxp-12345678"), "https://a.slack.com/?x=1&y=2#");
    }
}
