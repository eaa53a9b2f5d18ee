//! The content of a plain sentence without its grammar: "Bring the drill, it is in my shed." is "bring drill, shed".

use crate::neutral::is_foreign;
use crate::redact::placeholder;
use crate::word_set::word_set;

/// The words of a text that carry what it says, in their order.
pub(crate) struct Keywords {
    /// Words that stood side by side are joined by a space, the others by a comma.
    pub(crate) joined: String,
    pub(crate) count: usize,
}

impl Keywords {
    /// Of `plain`, a neutral text. Every word counts but those of grammar and of mere agreement; numbers, names,
    /// placeholders, links and negations always do, so what the message says can be told from them. In another language
    /// than English all words do.
    pub(crate) fn of(plain: &str) -> Self {
        let mut keywords = Self { joined: String::new(), count: 0 };
        let foreign = is_foreign(plain);
        // Whether the last piece was a keyword, which the next one then continues.
        let mut beside = false;
        // Whether a sentence starts here, and whether nothing was said since the last mark but "oh" and the like.
        let (mut starts, mut opens) = (true, true);
        let mut last = String::new();
        let mut left = chunks(plain).peekable();
        while let Some(chunk) = left.next() {
            let word = chunk.trim_matches(is_mark);
            let ends = chunk.ends_with(is_mark);
            let lower = word.to_lowercase().replace('’', "'");
            let next = left.peek().map_or("", |next| next.trim_end_matches(is_mark));
            // "No." answers, and the intent says so; "no milk" is content, and so is "the milk is good".
            let all_right = opens && (lower == "all" && next == "right" || lower == "right" && last == "all");
            let answers = all_right || opens && ends && is_answer(&lower);
            let says_nothing = match word {
                // The month, the man, the country and the department.
                "US" | "IT" => false,
                "May" | "Will" if !starts => false,
                _ => answers || is_grammar(&lower) || !lower.chars().any(char::is_alphanumeric) && lower.is_ascii(),
            };
            let keyword = !word.is_empty() && (is_held(word) || foreign || !says_nothing);
            if keyword {
                if keywords.count > 0 {
                    keywords.joined.push_str(if beside { " " } else { ", " });
                }
                keywords.joined.push_str(word);
                keywords.count += 1;
            }
            beside = keyword && !ends;
            starts = chunk.ends_with(['.', '!', '?', ':', '"', '(']);
            opens = ends || opens && (leads_in(&lower) || answers);
            last = lower;
        }
        keywords
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',' | '!' | '?' | ';' | ':' | '"' | '(' | ')' | '“' | '”' | '…' | '。' | '？' | '！')
}

/// Placeholders, links and the like, whose marks are part of them.
fn is_held(word: &str) -> bool {
    word.contains("://") || placeholder::ranges(word).next().is_some()
}

/// Pieces between white space, those of a text without any included.
fn chunks(plain: &str) -> impl Iterator<Item = &str> {
    plain.split_whitespace()
}

word_set! {
    /// Words that say how others hang together, and nothing by themselves.
    is_grammar:
    "a" "an" "the" "and" "or" "but" "so" "to" "of" "in" "on" "at" "for" "with" "by" "as" "if" "is" "are" "was" "were" "be" "been" "being" "am" "do" "does" "did" "have" "has"
    "had" "will" "would" "can" "could" "should" "shall" "may" "might" "i" "you" "he" "she" "it" "we" "they" "me" "him" "her" "us" "them" "my" "your" "his" "its" "our"
    "their" "this" "that" "these" "those" "there" "then" "than" "what" "which" "just" "really" "very" "too" "also" "well" "okay" "ok" "yes" "yeah" "oh" "hey" "hi" "hello" "please"
    "thanks" "thank" "sorry" "i'm" "i've" "i'll" "i'd" "you're" "you've" "you'll" "you'd" "he's" "she's" "it's" "we're" "we've" "we'll" "they're" "they've" "that's" "there's" "what's"
    "let's" "about" "some" "any" "sure" "like" "because" "though" "from" "into" "he'll" "she'll" "it'll" "they'll" "we'd" "here's" "cheers";

    /// Words that answer, when nothing follows them.
    is_answer: "no" "nope" "alright" "right" "cool" "great" "fine" "perfect" "good" "nice" "definitely" "exactly" "done" "true" "bye" "goodbye" "welcome";

    /// Words that an answer may stand behind: "oh well", "okay great".
    leads_in: "okay" "ok" "yes" "yeah" "oh" "sure" "very" "really" "that's" "all";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(plain: &str) -> String {
        Keywords::of(plain).joined
    }

    #[test]
    fn grammar_goes_and_content_stays() {
        for (plain, keywords) in [
            ("I'll bring the drill, it's in my shed.", "bring, drill, shed"),
            ("I'm on my way. Call me on [PHONE_1] if you're lost.", "way, Call, [PHONE_1], lost"),
            ("The train leaves at 5.30pm from platform 4.", "train leaves, 5.30pm, platform 4"),
            ("There is no milk.", "no milk"),
            ("I can't come on Friday.", "can't come, Friday"),
            ("See https://example.com/a?b. please", "See https://example.com/a?b"),
            ("Theo and Anna are late.", "Theo, Anna, late"),
            ("The food was good.", "food, good"),
            ("All right, cool. Meet in May.", "Meet, May"),
            ("All right then Jo.", "Jo"),
            ("May I bring all of them to the US?", "bring all, US"),
            ("Where's the key?", "Where's, key"),
            ("我在路上。", "我在路上"),
            ("Ich will auch so was in Blau.", "Ich will auch so was in Blau"),
        ] {
            assert_eq!(joined(plain), keywords, "{plain:?}");
        }
    }

    #[test]
    fn an_answer_alone_has_no_keywords() {
        for plain in ["Okay.", "Yes.", "No.", "Thanks.", "Sure, great.", "Oh well.", "All right.", "Okay great.", ""] {
            assert_eq!(joined(plain), "", "{plain:?}");
        }
    }
}
