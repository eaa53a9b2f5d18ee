//! Bursts: what a person sends as several messages in a row is one thing said, and can be one example with line breaks.

use std::collections::HashMap;

use jiff::SignedDuration;

use crate::sent::{Own, Sent};

/// A row longer than this is a monologue, and goes on as the next burst.
const MAX_BURST_MESSAGES: u32 = 20;

/// Joins the messages of each conversation that follow one another within `gap`, in chronological order. A burst stands
/// where its first message stood.
///
/// Messages whose conversation is not known are never joined: they may have gone to different people.
pub(crate) fn join(sent: Vec<Sent<Own<'_>>>, gap: SignedDuration) -> Vec<Sent<Own<'_>>> {
    let mut bursts: Vec<Sent<Own<'_>>> = Vec::with_capacity(sent.len());
    // The last burst of each conversation, and when its last message was sent.
    let mut open = HashMap::new();
    for message in sent {
        let Some(conversation) = message.conversation else {
            bursts.push(message);
            continue;
        };
        let now = message.timestamp;
        match open.get(&conversation).copied() {
            Some((at, last)) if now.duration_since(last) <= gap && room(&bursts[at], &message) => {
                let burst: &mut Sent<Own<'_>> = &mut bursts[at];
                let text = burst.text.text.to_mut();
                text.push('\n');
                text.push_str(&message.text.text);
                burst.text.after = message.text.after;
                burst.messages += message.messages;
                burst.tokens = None;
                open.insert(conversation, (at, now));
            }
            _ => {
                open.insert(conversation, (bursts.len(), now));
                bursts.push(message);
            }
        }
    }
    bursts
}

/// Whether `burst` can take `message`, so that joining never makes a text that redaction would refuse.
fn room(burst: &Sent<Own<'_>>, message: &Sent<Own<'_>>) -> bool {
    let bytes = burst.text.text.len() + message.text.text.len();
    burst.messages < MAX_BURST_MESSAGES && bytes < crate::redact::MAX_MESSAGE_BYTES
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use jiff::Timestamp;

    use super::*;

    fn joined(messages: &[(i64, Option<u32>, &str)]) -> Vec<(String, u32)> {
        let sent = messages.iter().map(|&(second, conversation, text)| Sent {
            timestamp: Timestamp::from_second(second).unwrap(),
            text: Own { text: Cow::Borrowed(text), before: "", after: "" },
            tokens: Some(1),
            messages: 1,
            conversation: conversation.and_then(std::num::NonZeroU32::new),
        });
        let bursts = join(sent.collect(), SignedDuration::from_secs(120));
        bursts.into_iter().map(|burst| (burst.text.text.into_owned(), burst.messages)).collect()
    }

    #[test]
    fn messages_in_a_row_are_one_example_with_line_breaks() {
        assert_eq!(
            joined(&[(0, Some(1), "hey"), (60, Some(1), "u there"), (180, Some(1), "??"), (301, Some(1), "ok")]),
            [("hey\nu there\n??".to_owned(), 3), ("ok".to_owned(), 1)]
        );
    }

    #[test]
    fn conversations_are_never_mixed() {
        assert_eq!(
            joined(&[(0, Some(1), "a"), (1, Some(2), "b"), (2, Some(1), "c"), (3, None, "d"), (4, None, "e")]),
            [("a\nc".to_owned(), 2), ("b".to_owned(), 1), ("d".to_owned(), 1), ("e".to_owned(), 1)]
        );
    }

    #[test]
    fn a_monologue_is_cut() {
        let messages: Vec<_> = (0..50).map(|n| (n, Some(1), "x")).collect();
        assert_eq!(joined(&messages).iter().map(|burst| burst.1).collect::<Vec<_>>(), [20, 20, 10]);
    }
}
