//! The rules of the chat format, under the names that OpenAI's cookbook checker gives them where it has one.

use std::fmt;

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    NotJson,
    DataType,
    MissingMessagesList,
    MessageMissingKey,
    MessageUnrecognizedKey,
    UnrecognizedRole,
    MissingContent,
    ExampleMissingAssistantMessage,
    /// Ours: a content of white space alone teaches nothing.
    BlankContent,
    /// Ours: the loss is on the last message, which must be the person's.
    LastMessageNotAssistant,
    /// Ours: a last message of weight 0 has no loss, so the example teaches nothing.
    LastMessageUnweighted,
    /// Ours: OpenAI takes the weights 0 and 1 alone.
    UnrecognizedWeight,
    /// Ours: the holdout is never uploaded.
    HeldOutExample,
    /// Ours: longer than what the base model is trained on; a provider cuts it off without a word.
    ExampleTooLong,
    /// Ours: no example is so long, so this is no JSONL.
    LineTooLong,
    /// Of the whole file.
    TooFewExamples,
    /// Of the whole file.
    FileTooLarge,
}

impl Rule {
    pub fn name(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::DataType => "data_type",
            Self::MissingMessagesList => "missing_messages_list",
            Self::MessageMissingKey => "message_missing_key",
            Self::MessageUnrecognizedKey => "message_unrecognized_key",
            Self::UnrecognizedRole => "unrecognized_role",
            Self::MissingContent => "missing_content",
            Self::ExampleMissingAssistantMessage => "example_missing_assistant_message",
            Self::BlankContent => "blank_content",
            Self::LastMessageNotAssistant => "last_message_not_assistant",
            Self::LastMessageUnweighted => "last_message_unweighted",
            Self::UnrecognizedWeight => "unrecognized_weight",
            Self::HeldOutExample => "held_out_example",
            Self::ExampleTooLong => "example_too_long",
            Self::LineTooLong => "line_too_long",
            Self::TooFewExamples => "too_few_examples",
            Self::FileTooLarge => "file_too_large",
        }
    }

    /// The rule in words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::NotJson => "the line is not one JSON value",
            Self::DataType => "the line is no JSON object",
            Self::MissingMessagesList => "there is no list `messages`, or it is empty",
            Self::MessageMissingKey => "a message lacks `role` or `content`",
            Self::MessageUnrecognizedKey => "a message has a key that the format does not know",
            Self::UnrecognizedRole => "a role is none of system, user, assistant and function",
            Self::MissingContent => "a content is empty or no string",
            Self::ExampleMissingAssistantMessage => "no message is the assistant's",
            Self::BlankContent => "a content is white space alone",
            Self::LastMessageNotAssistant => "the last message is not the assistant's",
            Self::LastMessageUnweighted => "the last message has the weight 0, so nothing is learnt from it",
            Self::UnrecognizedWeight => "a weight is neither 0 nor 1",
            Self::HeldOutExample => "the example belongs to the holdout",
            Self::ExampleTooLong => "the example has more tokens than the base model is trained on",
            Self::LineTooLong => "the line is longer than 16 MiB",
            Self::TooFewExamples => "there are fewer examples than a fine-tuning job needs",
            Self::FileTooLarge => "the file is larger than the provider takes",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
