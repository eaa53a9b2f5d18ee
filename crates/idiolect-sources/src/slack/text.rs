//! Slack's markup with people by their names and without secrets. Links, channels and formatting stay as Slack writes them.

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
    let without_secrets = match markup.contains("xox") || markup.contains("slack") {
        true => SECRET.replace_all(markup, |secret: &Captures<'_>| {
            // Other sites have a parameter `t` too.
            let start = secret.get(0).map_or(0, |found| found.start());
            let is_of_slack = secret[0].contains("xox") || link_before(markup, start).contains("slack");
            if is_of_slack { String::new() } else { secret[0].to_owned() }
        }),
        false => markup.into(),
    };
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

/// The link that goes up to `end`.
fn link_before(markup: &str, end: usize) -> &str {
    let before = &markup[..end];
    let start = before.rfind(|c: char| c.is_whitespace() || c == '<' || c == '|').map_or(0, |at| at + 1);
    before.get(start..).unwrap_or_default()
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
    }
}
