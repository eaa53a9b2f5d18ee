//! What `serve` and `chat` share: who answers, and the words around a conversation, taken from the version that answers.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use idiolect_dataset::Strategy;
use idiolect_dataset::prompt::{serving_user_prompt, system_prompt};
use idiolect_gateway::{Answering, PersonalModels, PromptStyle};
use idiolect_provider::{AfterSuccess, ChatProvider, ModelId, Profile, ProfileBook, ProviderError};
use idiolect_registry::{MetadataStore, User, VersionId};
use secrecy::SecretString;

use crate::context::Context;
use crate::files::{create_private_dir, read_if_there, write_private};
use crate::hosted;
use crate::local::LocalOpener;

/// The light prompt of the base model when the client brings none.
pub const FALLBACK_SYSTEM_PROMPT: &str = "You are a helpful assistant. Answer briefly.";

/// A hosted answer that takes longer to begin, or between two chunks, is given up for another model's.
const HOSTED_TIMEOUT: Duration = Duration::from_secs(60);

/// Who answers chats.
pub struct Serving {
    pub personal: Arc<Personal>,
    /// Answers when no fine-tuned model can; or why there is none, which matters only then.
    base: Result<Base>,
}

/// The base model of the settings' provider.
pub struct Base {
    pub chat: Arc<dyn ChatProvider>,
    pub model: ModelId,
    /// Present when a host is asked.
    pub safety_key: Option<SecretString>,
}

impl Serving {
    /// Who answers when no fine-tuned model can.
    pub fn base(&self) -> Result<&Base> {
        self.base.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))
    }
}

/// The provider of the user's active version, opened before the first chat, and of the settings.
pub async fn serving(app: &Context, user: &User) -> Result<Serving> {
    let personal = Arc::new(Personal::new(app)?);
    let is_served = match &user.active_model_id {
        None => false,
        Some(model) => match personal.answering(&user.active_version(), &ModelId::new(model)).await {
            Ok(_) => true,
            // A version of a profile that is gone cannot be served; the base model then answers and says so.
            Err(ProviderError::Unavailable { .. }) => false,
            Err(error) => return Err(error.into()),
        },
    };
    let base = base(app);
    // A personal model does without the others.
    Ok(Serving { personal, base: if is_served { base } else { Ok(base?) } })
}

fn base(app: &Context) -> Result<Base> {
    let book = hosted::profiles(app)?;
    let selected = hosted::selected(app, &book)?;
    let model = fallback_model(app, selected)?;
    if !answers_there(selected) {
        return Ok(Base { chat: app.provider()?.clone(), model, safety_key: None });
    }
    let chat = Arc::new(hosted::open(selected, HOSTED_TIMEOUT)?);
    Ok(Base { chat, model, safety_key: Some(safety_key(&app.settings.data_dir)?) })
}

/// Whether chats go to the host, rather than to this machine. Downloaded adapters are answered with here.
pub fn answers_there(profile: &Profile) -> bool {
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
fn safety_key(data_dir: &Path) -> Result<SecretString> {
    let path = data_dir.join("safety-key");
    if let Some(key) = read_if_there(&path)?.filter(|key| !key.trim().is_empty()) {
        return Ok(SecretString::from(key.trim()));
    }
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).context("the system gives no random bytes")?;
    let key: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    create_private_dir(data_dir)?;
    write_private(&path, key.as_bytes())?;
    Ok(SecretString::from(key))
}

/// The fine-tuned models of one user: each is asked at the provider that its version was trained with, in that version's words.
pub struct Personal {
    store: Arc<dyn MetadataStore>,
    book: ProfileBook,
    local: LocalOpener,
    data_dir: PathBuf,
    /// The model that was asked for last, which is the next one's too until another version is served.
    last: Mutex<Option<(ModelId, Answering)>>,
}

impl Personal {
    fn new(app: &Context) -> Result<Self> {
        Ok(Self {
            store: app.store()?.clone(),
            book: hosted::profiles(app)?,
            local: app.local_opener(),
            data_dir: app.settings.data_dir.clone(),
            last: Mutex::default(),
        })
    }

    fn last(&self) -> MutexGuard<'_, Option<(ModelId, Answering)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn open(&self, version: &VersionId) -> Result<Answering, ProviderError> {
        let unavailable = |reason: String| ProviderError::unavailable(format!("version {version}: {reason}"));
        let record = self.store.version(version).await.map_err(|error| unavailable(error.to_string()))?;
        let record = record.ok_or_else(|| unavailable("it is not on record".to_owned()))?;
        let strategy = Strategy::from_version(&record.config.system_prompt_version);
        let strategy = strategy.map_err(|error| unavailable(error.to_string()))?;
        let profile = self.book.get(&record.provider).map_err(|error| unavailable(error.to_string()))?;
        let internal = |error: anyhow::Error| ProviderError::Internal { message: format!("{error:#}") };
        let (chat, safety_key): (Arc<dyn ChatProvider>, _) = if answers_there(profile) {
            let host = Arc::new(hosted::open(profile, HOSTED_TIMEOUT)?);
            (host, Some(safety_key(&self.data_dir).map_err(internal)?))
        } else if profile.is_hosted() && profile.after_success != AfterSuccess::DownloadAdapter {
            return Err(unavailable(format!("{} does not serve what it trains", profile.name)));
        } else {
            let local = self.local.clone();
            // Reads the base model, if nobody has before.
            let opened = tokio::task::spawn_blocking(move || local.open()).await;
            let opened = opened.map_err(|_| internal(anyhow::anyhow!("the local provider was not opened")))?;
            (opened?, None)
        };
        Ok(Answering { chat, prompts: style_of(strategy), safety_key })
    }
}

#[async_trait]
impl PersonalModels for Personal {
    async fn answering(&self, version: &VersionId, model_id: &ModelId) -> Result<Answering, ProviderError> {
        if let Some((model, answering)) = &*self.last()
            && model == model_id
        {
            return Ok(answering.clone());
        }
        let answering = self.open(version).await?;
        *self.last() = Some((model_id.clone(), answering.clone()));
        Ok(answering)
    }
}

/// The prompts of a model trained with `strategy`.
fn style_of(strategy: Strategy) -> PromptStyle {
    PromptStyle {
        system_prompt: system_prompt(strategy).to_owned(),
        wrap: Arc::new(move |content| serving_user_prompt(strategy, content)),
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
            builder.push(&Message {
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
