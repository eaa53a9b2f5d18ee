//! What `serve` and `chat` share: the words around a conversation, taken from the version that answers.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use idiolect_dataset::Strategy;
use idiolect_dataset::prompt::{serving_user_prompt, system_prompt};
use idiolect_gateway::PromptStyle;
use idiolect_provider::{
    AfterSuccess, ChatCompletion, ChatProvider, ChatRequest, ChatStream, ModelId, OpenAiProvider, Profile,
    ProviderError,
};
use idiolect_registry::User;
use secrecy::SecretString;

use crate::context::Context;
use crate::files::{create_private_dir, read_if_there, write_private};
use crate::hosted;

/// The light prompt of the base model when the client brings none.
const FALLBACK_SYSTEM_PROMPT: &str = "You are a helpful assistant. Answer briefly.";

/// A hosted answer that takes longer to begin, or between two chunks, is given up for another model's.
const HOSTED_TIMEOUT: Duration = Duration::from_secs(60);

/// Who answers chats.
pub struct Serving {
    pub chat: Arc<dyn ChatProvider>,
    /// Answers when no fine-tuned model can; or why there is none, which matters only then.
    base_model: Result<ModelId>,
    /// Present when a hosted provider may be asked.
    pub safety_key: Option<SecretString>,
}

impl Serving {
    /// Who answers when no fine-tuned model can.
    pub fn base_model(&self) -> Result<&ModelId> {
        self.base_model.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))
    }
}

/// The providers of the user's active version and of the settings. The base model is the settings' provider's.
pub async fn serving(app: &Context, user: &User) -> Result<Serving> {
    let book = hosted::profiles(app)?;
    let selected = hosted::selected(app, &book)?;
    let active = user.active_version();
    let active = app.store()?.version(&active).await?.map(|version| version.provider);
    // A version of a profile that is gone cannot be served; the base model then answers and says so.
    let active = active.as_deref().and_then(|name| book.get(name).ok()).filter(|p| p.serves_fine_tuned);
    let mut by_model = ByModel { local_base: app.base_model_name(), local: None, hosted: Vec::new() };
    if let Some(active) = active {
        by_model.add(app, active)?;
    }
    // A personal model does without the others.
    let added = match active {
        Some(active) if active.name == selected.name => Ok(()),
        _ => by_model.add(app, selected),
    };
    let base_model = added.and_then(|()| fallback_model(app, selected));
    let base_model = if active.is_some() { base_model } else { Ok(base_model?) };
    let safety_key = if by_model.hosted.is_empty() { None } else { Some(safety_key(app)?) };
    Ok(Serving { chat: Arc::new(by_model), base_model, safety_key })
}

/// Whether chats go to the host, rather than to this machine.
fn answers_there(profile: &Profile) -> bool {
    profile.is_hosted() && profile.serves_fine_tuned && profile.after_success != AfterSuccess::DownloadAdapter
}

/// What answers when no fine-tuned model can, with `selected` as the settings' provider.
pub fn fallback_model(app: &Context, selected: &Profile) -> Result<ModelId> {
    if !answers_there(selected) {
        return Ok(ModelId::new(app.base_model_name()));
    }
    selected.fallback_model().with_context(|| {
        let name = &selected.name;
        format!("the provider profile {name} has no fallback_model; set it in idiolect.toml under [profiles.{name}]")
    })
}

/// Made once for a data directory, so that a user keeps their name at the host.
fn safety_key(app: &Context) -> Result<SecretString> {
    let path = app.settings.data_dir.join("safety-key");
    if let Some(key) = read_if_there(&path)?.filter(|key| !key.trim().is_empty()) {
        return Ok(SecretString::from(key.trim()));
    }
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).context("the system gives no random bytes")?;
    let key: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    create_private_dir(&app.settings.data_dir)?;
    write_private(&path, key.as_bytes())?;
    Ok(SecretString::from(key))
}

/// Asks whichever provider has the model: this process for what was trained on its base model, else the host whose profile
/// knows the base, else the last one, which is the settings'.
struct ByModel {
    local_base: String,
    local: Option<Arc<idiolect_lora::LocalProvider>>,
    hosted: Vec<OpenAiProvider>,
}

impl ByModel {
    fn provider_of(&self, model: &ModelId) -> Result<&dyn ChatProvider, ProviderError> {
        if let Some(local) = self.local.as_deref().filter(|_| Profile::base_of(model) == self.local_base) {
            return Ok(local);
        }
        let knows = |host: &&OpenAiProvider| host.profile().model(model).is_some();
        let host = self.hosted.iter().find(knows).or_else(|| self.hosted.last());
        let host = host.map(|host| host as &dyn ChatProvider);
        let local = self.local.as_deref().map(|local| local as &dyn ChatProvider);
        host.or(local).ok_or_else(|| ProviderError::not_found("model", model))
    }
}

impl ByModel {
    /// Downloaded adapters are answered with here, and their host is not asked.
    fn add(&mut self, app: &Context, profile: &Profile) -> Result<()> {
        if answers_there(profile) {
            self.hosted.push(hosted::open(profile, HOSTED_TIMEOUT)?);
        } else {
            self.local = Some(app.provider()?.clone());
        }
        Ok(())
    }
}

#[async_trait]
impl ChatProvider for ByModel {
    async fn complete(&self, request: ChatRequest) -> Result<ChatCompletion, ProviderError> {
        self.provider_of(&request.model)?.complete(request).await
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, ProviderError> {
        self.provider_of(&request.model)?.stream(request).await
    }
}

/// The prompts that the user's active version was trained with; those of the settings while there is none.
pub async fn prompt_style(app: &Context, user: &User) -> Result<PromptStyle> {
    let active = user.active_version();
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
            let file = String::from_utf8(dataset.training.to_bytes()).unwrap();
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
