//! What is kept of a provider's refusal. Providers may quote what they were sent, and that may be anybody's words, so of
//! their texts only what cannot be a quotation is kept.

/// A provider's refusal: names, numbers, and its sentence without whatever may be quoted in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `error.code`.
    pub code: Option<String>,
    /// `error.type`.
    pub kind: Option<String>,
    /// `error.param`.
    pub param: Option<String>,
    /// `error.message`, through [`quotable`].
    pub message: Option<String>,
    /// The header `x-request-id`.
    pub request_id: Option<String>,
    /// How long it asks to wait.
    pub retry_after_secs: Option<u64>,
}

impl Answer {
    /// Keeps what may be kept of what stood in the error object.
    pub fn new(status: u16, code: &str, kind: &str, param: &str, message: &str, request_id: Option<&str>) -> Self {
        Self {
            status,
            code: name(code),
            kind: name(kind),
            param: name(param),
            message: quotable(message),
            request_id: request_id.and_then(name),
            retry_after_secs: None,
        }
    }
}

/// Characters of a kept sentence.
const MAX_MESSAGE_CHARS: usize = 300;
const MAX_NAME_CHARS: usize = 100;
const OPENING: [char; 11] = ['"', '\'', '`', '“', '‘', '«', '„', '{', '[', '<', '‹'];
const CLOSING: [char; 11] = ['"', '\'', '`', '”', '’', '»', '“', '}', ']', '>', '›'];

/// The provider's sentence without what it may quote, or `None` if nothing is left.
///
/// Kept is the first line, plain ASCII as providers' own sentences are, up to 300 characters. From the first opening
/// quotation mark or bracket to the last closing one (or the end, if none closes) everything becomes `…`: quotations nest and
/// hold quotation marks of their own, so nothing between the outermost two is trusted. A quotation that is one technical
/// name (`max_tokens`, `ft:gpt-4o-mini:…`) is kept, because no word of a message has `_` or `:` between its letters.
pub fn quotable(sentence: &str) -> Option<String> {
    let line = sentence.lines().next().unwrap_or_default();
    let plain = |c: char| c.is_ascii() || OPENING.contains(&c) || CLOSING.contains(&c) || "–—…".contains(c);
    let line = line.split(|c| !plain(c)).next().unwrap_or_default();
    let kept = without_quotations(line);
    let kept = kept.trim();
    let mut short: String = kept.chars().take(MAX_MESSAGE_CHARS).collect();
    if short.len() < kept.len() {
        short.push('…');
    }
    short.chars().any(char::is_alphabetic).then_some(short)
}

fn without_quotations(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let letter = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
    // An apostrophe stands between two letters and opens nothing.
    let apostrophe = |at: usize| "'’".contains(chars[at]) && letter(at.checked_sub(1)) && letter(Some(at + 1));
    let opens = |at: usize| OPENING.contains(&chars[at]) && !apostrophe(at);
    let Some(start) = (0..chars.len()).find(|at| opens(*at)) else { return line.to_owned() };
    let first_end = (start + 1..chars.len()).find(|at| CLOSING.contains(&chars[*at]) && !apostrophe(*at));
    if let Some(end) = first_end {
        let quoted: String = chars[start + 1..end].iter().collect();
        if is_technical_name(&quoted) {
            let head: String = chars[..=end].iter().collect();
            let rest: String = chars[end + 1..].iter().collect();
            return head + &without_quotations(&rest);
        }
    }
    let head: String = chars[..start].iter().collect();
    let last_end = (start + 1..chars.len()).rev().find(|at| CLOSING.contains(&chars[*at]));
    let tail: String = last_end.map(|end| chars[end + 1..].iter().collect()).unwrap_or_default();
    format!("{head}…{tail}")
}

fn is_technical_name(quoted: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || "_:.-".contains(c);
    quoted.len() <= MAX_NAME_CHARS
        && quoted.starts_with(|c: char| c.is_ascii_alphabetic())
        && quoted.chars().all(inner)
        && quoted.contains(['_', ':'])
}

/// A code, type or parameter as it is, or `None` if it does not look like one.
pub(crate) fn name(text: &str) -> Option<String> {
    let inner = |c: char| c.is_ascii_alphanumeric() || "_:.-[]/".contains(c);
    let good = (1..=MAX_NAME_CHARS).contains(&text.len()) && text.chars().all(inner);
    good.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sentence_of_the_providers_own_is_kept() {
        for sentence in [
            "Training file has 5 example(s), but must have at least 10 examples",
            "This training file was blocked because it violates OpenAI's usage policies.",
            "You exceeded your current quota, please check your plan and billing details.",
            "The model `ft:gpt-4o-mini-2024-07-18:org:x:abc` does not exist or you do not have access to it.",
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        ] {
            assert_eq!(quotable(sentence).as_deref(), Some(sentence));
        }
    }

    #[test]
    fn whatever_may_be_quoted_is_left_out() {
        for (sentence, kept) in [
            ("Invalid value: 'see you at nine'. Try again.", "Invalid value: …. Try again."),
            ("Invalid value: \"it's 'so' cool\" here", "Invalid value: … here"),
            ("Invalid value: 'it's 'so' cool' here", "Invalid value: … here"),
            ("Could not parse {\"role\": \"user\", \"content\": \"see you\"}", "Could not parse …"),
            ("Unbalanced: 'see you at nine and then", "Unbalanced: …"),
            ("Line 3 holds “see you at nine”", "Line 3 holds …"),
            ("bad max_len 'n_epochs' and 'my words' here", "bad max_len 'n_epochs' and … here"),
            ("First line\nsee you at nine", "First line"),
            ("Cannot read: sé you at nine", "Cannot read: s"),
        ] {
            assert_eq!(quotable(sentence).as_deref(), Some(kept), "{sentence}");
        }
        assert_eq!(quotable("{\"content\": \"see you\"}"), None);
        assert_eq!(quotable(""), None);
        assert_eq!(quotable(&"a".repeat(400)).map(|kept| kept.chars().count()), Some(301));
    }

    #[test]
    fn names_are_names() {
        for good in ["model_not_found", "messages[0].content", "invalid_request_error", "400"] {
            assert_eq!(name(good).as_deref(), Some(good));
        }
        for bad in ["", "see you at nine", "é", &"a".repeat(101)] {
            assert_eq!(name(bad), None);
        }
    }

    proptest! {
        /// The secret has a space in it, as words do, and stands in quotation marks of some kind in any sentence.
        #[test]
        fn quoted_words_never_come_through(before in "[a-zA-Z ,.:'\"]{0,40}", after in ".{0,40}", mark in 0..OPENING.len()) {
            let sentence = format!("{before} {}z9q kv{} {after}", OPENING[mark], CLOSING[mark]);
            let kept = quotable(&sentence).unwrap_or_default();
            prop_assert!(!kept.contains("z9q"), "{kept}");
        }

        #[test]
        fn anything_is_survived(sentence in any::<String>()) {
            let _ = (quotable(&sentence), name(&sentence));
        }
    }
}
