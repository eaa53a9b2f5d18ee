//! What `serve` and `chat` share: the words around a conversation, taken from the version that answers.

use std::sync::Arc;

use anyhow::Result;
use idiolect_dataset::Strategy;
use idiolect_dataset::prompt::{serving_user_prompt, system_prompt};
use idiolect_gateway::PromptStyle;
use idiolect_registry::{User, VersionId};

use crate::context::Context;

/// The light prompt of the base model when the client brings none.
const FALLBACK_SYSTEM_PROMPT: &str = "You are a helpful assistant. Answer briefly.";

/// The prompts that the user's active version was trained with; those of the settings while there is none.
pub async fn prompt_style(app: &Context, user: &User) -> Result<PromptStyle> {
    let active = VersionId { user_id: user.user_id.clone(), version: user.active_model_version };
    let strategy = match app.store()?.version(&active).await? {
        Some(version) => Strategy::from_version(&version.config.system_prompt_version)?,
        None => app.strategy(None)?,
    };
    Ok(style_of(strategy))
}

/// The prompts of a model trained with `strategy`.
fn style_of(strategy: Strategy) -> PromptStyle {
    PromptStyle {
        system_prompt: system_prompt(strategy).to_owned(),
        wrap: Arc::new(move |content| serving_user_prompt(strategy, content)),
        fallback_system_prompt: FALLBACK_SYSTEM_PROMPT.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use idiolect_dataset::neutral::neutralise;
    use idiolect_dataset::prompt::Form;
    use idiolect_dataset::{Dataset, DatasetBuilder, DatasetSettings, Message, Window};
    use jiff::SignedDuration;
    use serde_json::Value;

    use super::*;

    fn dataset(strategy: Strategy) -> Dataset {
        let window = Window::ending_at("2026-01-15T12:00:00Z".parse().unwrap(), 90);
        let mut builder = DatasetBuilder::new(DatasetSettings { strategy, ..DatasetSettings::new(window) });
        let texts = [
            "omw!! {}",
            "u free at {} tmrw?",
            "nah cant do {} sorry",
            "thx for the {} cakes x",
            "{} mins, \"traffic\" lol",
        ];
        for n in 0..100 {
            builder.push(Message {
                message_id: format!("m{n}"),
                timestamp: window.start + SignedDuration::from_mins(n),
                text: texts[n as usize % texts.len()].replace("{}", &(n + 10).to_string()),
                conversation_id: None,
                recipient_count: None,
            });
        }
        builder.finish().unwrap()
    }

    /// What a client says to be answered with the target, in the words that the form is trained with.
    fn content(form: Form, target: &str) -> String {
        match form {
            Form::NeutralRewrite => neutralise(target).text,
            Form::Intent => target.to_owned(),
            Form::StyleRewrite => String::new(),
        }
    }

    #[test]
    fn what_is_served_is_byte_for_byte_what_was_trained() {
        for strategy in Strategy::ALL {
            let style = style_of(strategy);
            let dataset = dataset(strategy);
            let file = String::from_utf8(dataset.training.bytes).unwrap();
            let mut alike = 0;
            for line in file.lines() {
                let line: Value = serde_json::from_str(line).unwrap();
                let [system, user, target] = [0, 1, 2].map(|at| line["messages"][at]["content"].as_str().unwrap());
                assert_eq!(style.system_prompt, system);
                let form = match strategy {
                    Strategy::StyleRewrite => Form::StyleRewrite,
                    Strategy::Intent => Form::Intent,
                    // A mix is served in its main form.
                    Strategy::NeutralRewrite | Strategy::Mix => Form::NeutralRewrite,
                };
                alike += usize::from((style.wrap)(&content(form, target)) == user);
            }
            let main_form = match strategy {
                Strategy::Mix => {
                    let holdout = dataset.holdout.examples().iter();
                    let held = holdout.filter(|example| example.form() == Form::NeutralRewrite).count();
                    dataset.manifest.forms.neutral_rewrite as usize - held
                }
                _ => dataset.training.examples,
            };
            assert_eq!(alike, main_form, "{strategy}");
            assert!(alike > 60, "{strategy}: {alike}");
        }
    }
}
