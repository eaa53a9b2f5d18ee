//! The model's own chat template. It is rendered with a mark in place of each message's content, so that markup and content
//! are tokenised apart: nothing that a person writes can become a control token, and the loss mask is exact.

use idiolect_provider::ChatMessage;
use minijinja::value::Value;
use minijinja::{Environment, ErrorKind, context};

use crate::error::{Error, Result};
use crate::gguf::Metadata;
use crate::packing::Example;
use crate::tokenizer::Tokenizer;

const NAME: &str = "chat";
const ROLES: [&str; 3] = ["system", "user", "assistant"];

/// A compiled chat template.
pub struct ChatTemplate {
    environment: Environment<'static>,
}

impl ChatTemplate {
    /// Compiles `tokenizer.chat_template`.
    ///
    /// # Errors
    /// When the file has no template or it is not valid Jinja.
    pub fn from_gguf(metadata: &Metadata) -> Result<Self> {
        let source = metadata.str("tokenizer.chat_template").ok_or_else(|| bad("the model has none"))?;
        Self::new(source)
    }

    /// Compiles a template. Settings and functions are those of HuggingFace's `apply_chat_template`.
    pub fn new(source: &str) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.add_function(
            "raise_exception",
            |message: String| -> std::result::Result<Value, minijinja::Error> {
                Err(minijinja::Error::new(ErrorKind::InvalidOperation, message))
            },
        );
        environment.add_function("strftime_now", |_format: String| -> std::result::Result<Value, minijinja::Error> {
            let reason = "it asks for the current date, which would make answers depend on the day";
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, reason))
        });
        environment.add_template_owned(NAME, source.to_owned()).map_err(|error| bad(describe(&error)))?;
        Ok(Self { environment })
    }

    /// Ids of a conversation that the assistant is to continue.
    ///
    /// # Errors
    /// When a role is unknown or the template refuses the conversation.
    pub fn render_prompt(&self, tokenizer: &Tokenizer, messages: &[ChatMessage]) -> Result<Vec<u32>> {
        Ok(self.render(tokenizer, messages, true)?.ids)
    }

    /// Ids of a whole conversation and which of them are to be learned: the content of each assistant message and the
    /// control token that ends it.
    ///
    /// # Errors
    /// As [`ChatTemplate::render_prompt`].
    pub fn render_conversation(&self, tokenizer: &Tokenizer, messages: &[ChatMessage]) -> Result<Example> {
        self.render(tokenizer, messages, false)
    }

    fn render(&self, tokenizer: &Tokenizer, messages: &[ChatMessage], continues: bool) -> Result<Example> {
        if let Some(message) = messages.iter().find(|message| !ROLES.contains(&message.role.as_str())) {
            let at = messages.iter().position(|other| std::ptr::eq(other, message)).unwrap_or_default();
            return Err(bad(format!("the role of message {at} is none of {}", ROLES.join(", "))));
        }
        let markup = self.markup(tokenizer, messages, continues)?;
        let in_order = || bad("it does not show each message exactly once and in order");
        if markup.matches(MARK).count() != messages.len() {
            return Err(in_order());
        }
        let mut rendered = Example { ids: Vec::new(), loss_mask: Vec::new() };
        let mut rest = markup.as_str();
        let mut learned = false;
        for (index, message) in messages.iter().enumerate() {
            let (before, after) = rest.split_once(&mark(index)).ok_or_else(in_order)?;
            push_markup(&mut rendered, tokenizer, before, learned)?;
            learned = message.role == "assistant";
            let content = tokenizer.encode_text(&message.content)?;
            rendered.loss_mask.resize(rendered.loss_mask.len() + content.len(), learned);
            rendered.ids.extend(content);
            rest = after;
        }
        push_markup(&mut rendered, tokenizer, rest, learned)?;
        Ok(rendered)
    }

    /// The rendered template with a mark for each content.
    fn markup(&self, tokenizer: &Tokenizer, messages: &[ChatMessage], continues: bool) -> Result<String> {
        let messages: Vec<_> = messages
            .iter()
            .enumerate()
            .map(|(index, message)| context! { role => message.role, content => mark(index) })
            .collect();
        let template = self.environment.get_template(NAME).map_err(|error| bad(describe(&error)))?;
        let variables = context! {
            messages,
            add_generation_prompt => continues,
            bos_token => tokenizer.bos_spelling(),
            eos_token => tokenizer.eos_spelling(),
            tools => (),
            documents => (),
        };
        template.render(variables).map_err(|error| bad(describe(&error)))
    }
}

/// Appends markup. After an assistant's content everything up to its end token is learned as well.
fn push_markup(rendered: &mut Example, tokenizer: &Tokenizer, markup: &str, follows_assistant: bool) -> Result<()> {
    let ids = tokenizer.encode_markup(markup)?;
    let end = ids.iter().position(|&id| tokenizer.is_control(id)).map_or(0, |at| at + 1);
    let learned = if follows_assistant { end } else { 0 };
    rendered.loss_mask.extend((0..ids.len()).map(|at| at < learned));
    rendered.ids.extend(ids);
    Ok(())
}

impl std::fmt::Debug for ChatTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatTemplate").finish_non_exhaustive()
    }
}

/// Begins what stands for a content. A private-use character, which no template contains.
const MARK: char = '\u{F5A00}';

/// Stands for the content of message `index`.
fn mark(index: usize) -> String {
    format!("{MARK}{index}\u{F5A01}")
}

/// The template's own words; contents cannot be among them, since the template never sees one.
fn describe(error: &minijinja::Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)
}

fn bad(reason: impl Into<String>) -> Error {
    Error::ChatTemplate { reason: reason.into() }
}
