//! The final text of a sent row: from `text`, from the archived `attributedBody`, or from the versions of an edited message.

use std::borrow::Cow;

use super::row::MessageRow;
use super::summary::Summary;
use crate::reason;
use crate::typedstream::{AttributedText, Damage, read_attributed_text, read_text};

/// Stands in the text for an attachment.
const ATTACHMENT_MARK: char = '\u{FFFC}';
/// Stands in the text for what an app sent.
const APP_MARK: char = '\u{FFFD}';
/// In UTF-8; texts without it, which are nearly all, need no second look.
const FIRST_BYTE_OF_MARKS: u8 = 0xef;

/// The text that the person typed, as it is now, or why there is none.
pub(super) fn final_text(row: &MessageRow<'_>) -> Result<String, &'static str> {
    let changed = row.date_edited != 0 || row.date_retracted != 0;
    let wordless = row.text.is_none() && row.attributed_body.is_none();
    let summary = match changed || wordless {
        true => Summary::read(row.message_summary_info.as_deref()),
        false => Summary::default(),
    };
    // Whether date_retracted is set depends on the macOS version; the list of withdrawn parts does not.
    let wholly_retracted = row.date_retracted != 0 && summary.retracted.is_empty();
    if summary.is_unsent() || wholly_retracted {
        return Err(reason::UNSENT);
    }
    let mut search = Search::default();
    // The column `text` of a changed message may be what it was before.
    if !changed && let Some(text) = search.text_column(row) {
        return Ok(text);
    }
    match row.attributed_body.as_deref().map(|body| body_text(body, &summary)) {
        Some(Ok(body)) => {
            if let Some(text) = search.typed(body.into()) {
                return Ok(text);
            }
        }
        Some(Err(_)) => search.unreadable = true,
        None => {}
    }
    if changed && let Some(text) = search.text_column(row) {
        return Ok(text);
    }
    let versions: String = summary.newest_versions.iter().flat_map(|t| read_text(t)).collect();
    if let Some(text) = search.typed(versions.into()) {
        return Ok(text);
    }
    Err(match search {
        Search { unreadable: true, .. } => reason::UNREADABLE_BODY,
        Search { attachment: true, .. } => reason::ATTACHMENT_ONLY,
        _ if !summary.retracted.is_empty() => reason::UNSENT,
        _ => reason::EMPTY,
    })
}

/// The text of the body less what was withdrawn of it.
fn body_text(body: &[u8], summary: &Summary) -> Result<String, Damage> {
    match summary.retracted.is_empty() {
        true => read_text(body),
        false => Ok(without_retracted(&read_attributed_text(body)?, summary)),
    }
}

/// The body less the parts withdrawn, if they are still in it: that is so where it has all the parts the message began with.
/// Otherwise Messages has removed them, and may have numbered the rest anew.
fn without_retracted(body: &AttributedText, summary: &Summary) -> String {
    let is_whole = !summary.parts.is_empty() && summary.parts.is_subset(&body.parts());
    match is_whole {
        true => body.without_parts(&summary.retracted),
        false => body.text.clone(),
    }
}

/// What the places looked at held instead of text.
#[derive(Default)]
struct Search {
    attachment: bool,
    unreadable: bool,
}

impl Search {
    fn text_column(&mut self, row: &MessageRow<'_>) -> Option<String> {
        self.typed(row.text.as_deref()?.into())
    }

    /// `text` less its marks, if anything is left.
    fn typed(&mut self, text: Cow<'_, str>) -> Option<String> {
        let typed = match text.as_bytes().contains(&FIRST_BYTE_OF_MARKS) {
            true => {
                self.attachment |= text.contains(ATTACHMENT_MARK);
                text.replace([ATTACHMENT_MARK, APP_MARK], "")
            }
            false => text.into_owned(),
        };
        (!typed.trim().is_empty()).then_some(typed)
    }
}

#[cfg(test)]
mod tests {
    use super::super::summary::tests::summary;
    use super::*;

    fn row(text: Option<&str>) -> MessageRow<'_> {
        MessageRow { is_from_me: true, text: text.map(Into::into), ..MessageRow::default() }
    }

    /// A typedstream of a string alone.
    fn archived(text: &str) -> Vec<u8> {
        let length = u8::try_from(text.len()).unwrap();
        [
            b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x08NSString\x01\x85\x84\x01+",
            &[length][..],
            text.as_bytes(),
            b"\x86",
        ]
        .concat()
    }

    #[test]
    fn the_text_column_comes_first_and_the_body_second() {
        assert_eq!(
            final_text(&MessageRow { attributed_body: Some(archived("body").into()), ..row(Some("column")) }).unwrap(),
            "column"
        );
        assert_eq!(
            final_text(&MessageRow { attributed_body: Some(archived("body").into()), ..row(None) }).unwrap(),
            "body"
        );
        assert_eq!(
            final_text(&MessageRow { attributed_body: Some(archived("body").into()), ..row(Some("")) }).unwrap(),
            "body"
        );
    }

    #[test]
    fn marks_are_removed_and_captions_kept_as_typed() {
        assert_eq!(final_text(&row(Some("\u{FFFC}\u{FFFC} look at\nthis "))).unwrap(), " look at\nthis ");
        assert_eq!(final_text(&row(Some("\u{FFFC}"))), Err(reason::ATTACHMENT_ONLY));
        assert_eq!(final_text(&row(Some("\u{FFFD}"))), Err(reason::EMPTY));
        assert_eq!(final_text(&row(Some("  "))), Err(reason::EMPTY));
        assert_eq!(final_text(&row(None)), Err(reason::EMPTY));
    }

    #[test]
    fn an_edited_message_gives_its_final_text() {
        let edited = |text, body: Option<&str>| MessageRow {
            date_edited: 1,
            attributed_body: body.map(|body| archived(body).into()),
            message_summary_info: Some(summary(1, &[], &[&archived("old"), &archived("newest")])),
            ..row(text)
        };
        assert_eq!(final_text(&edited(Some("old"), Some("final"))).unwrap(), "final");
        assert_eq!(final_text(&edited(Some("final"), None)).unwrap(), "final");
        assert_eq!(final_text(&edited(None, None)).unwrap(), "newest");
    }

    #[test]
    fn an_unsent_message_gives_nothing_whatever_is_left_of_it() {
        let unsent = MessageRow { date_edited: 1, message_summary_info: Some(summary(1, &[0], &[])), ..row(None) };
        assert_eq!(final_text(&unsent), Err(reason::UNSENT));
        assert_eq!(final_text(&MessageRow { text: Some("leftover".into()), ..unsent }), Err(reason::UNSENT));
        assert_eq!(final_text(&MessageRow { date_retracted: 1, ..row(Some("leftover")) }), Err(reason::UNSENT));
        let by_the_list_alone = MessageRow { message_summary_info: Some(summary(2, &[0, 1], &[])), ..row(None) };
        assert_eq!(final_text(&by_the_list_alone), Err(reason::UNSENT));
    }

    #[test]
    fn a_partly_unsent_message_keeps_the_rest() {
        let partly = MessageRow {
            date_edited: 1,
            attributed_body: Some(archived("the rest").into()),
            message_summary_info: Some(summary(2, &[1], &[])),
            ..row(None)
        };
        assert_eq!(final_text(&partly).unwrap(), "the rest");
    }

    #[test]
    fn an_unreadable_body_is_told_from_an_empty_one() {
        let broken = MessageRow { attributed_body: Some(b"\x04\x0bstreamtyped".into()), ..row(None) };
        assert_eq!(final_text(&broken), Err(reason::UNREADABLE_BODY));
    }
}
