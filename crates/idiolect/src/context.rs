//! What the commands share: settings, and the adapters built from them.

use std::ffi::OsStr;
use std::fmt::Display;
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result, bail};
use idiolect_dataset::{
    CapSettings, CleanSettings, DatasetSettings, DedupeSettings, PiiKind, RedactionSettings, Strategy, Window,
};
use idiolect_lora::{LocalProvider, LocalSettings};
use idiolect_registry::{Clock, InvalidUserId, MetadataStore, Requirements, SystemClock, User, UserId};
use idiolect_sources::{Conversations, SourceSpec};
use jiff::{SignedDuration, Timestamp};

use crate::cli::{Global, UserFlag};
use crate::countries;
use crate::environment::Environment;
use crate::exit::WrongFlag;
use crate::files::create_private_dir;
use crate::hosted::longest_to_build;
use crate::local::{LocalCell, LocalOpener};
use crate::output::Output;
use crate::reading::Access;
use crate::settings::{Resolved, Settings};
use crate::stores::Store;

/// What is locked in a data directory by the one process that drives runs there.
pub const RUN_LOCK: &str = "run.lock";

pub struct Context {
    pub settings: Settings,
    pub resolved: Resolved,
    pub output: Output,
    store: OnceLock<Arc<dyn MetadataStore>>,
    /// Shared with whoever opens providers by name.
    provider: Arc<LocalCell>,
}

impl Context {
    pub fn load(global: &Global) -> Result<Self> {
        let resolved = Resolved::load(global, &Environment::load()?)?;
        Ok(Self::new(resolved, Output::new(global.json)))
    }

    pub fn new(resolved: Resolved, output: Output) -> Self {
        let settings = resolved.settings.clone();
        Self { settings, resolved, output, store: OnceLock::new(), provider: Arc::default() }
    }

    /// What the next command has to be told again, since only flags said it.
    pub fn flags_again(&self) -> String {
        let (data_dir, base) = (self.settings.data_dir.display(), &self.settings.model.base);
        let flags = [
            ("data_dir", format!(" --data-dir {}", quoted(&data_dir.to_string()))),
            ("model.base", format!(" --set {}", quoted(&format!("model.base={base}")))),
        ];
        let is_told = |(key, _): &(&str, String)| self.resolved.origins[*key].starts_with("--");
        flags.into_iter().filter(is_told).map(|(_, flag)| flag).collect()
    }

    pub fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    /// The metadata store that the settings name, opened when first asked for.
    pub fn store(&self) -> Result<&Arc<dyn MetadataStore>> {
        if self.store.get().is_none() {
            let _ = self.store.set(Store::open(&self.settings)?.shared());
        }
        self.store.get().context("the metadata store was not opened")
    }

    /// The local provider with its base model, loaded when first asked for.
    pub fn provider(&self) -> Result<&Arc<LocalProvider>> {
        self.provider.get_or_open(|| {
            create_private_dir(&self.settings.data_dir)?;
            Ok(LocalProvider::open(self.local_settings()?)?)
        })
    }

    pub fn local_settings(&self) -> Result<LocalSettings> {
        Ok(LocalSettings {
            data_dir: self.settings.data_dir.clone(),
            base_model: self.base_model_name(),
            base_model_path: self.base_model_path()?,
            precision: self.of_setting("model.precision", &self.settings.model.precision)?,
            threads: self.threads(),
        })
    }

    /// For whoever may need the local provider later.
    pub fn local_opener(&self) -> LocalOpener {
        LocalOpener::new(self.provider.clone(), self.local_settings())
    }

    /// Where the local provider is, once somebody has opened it.
    pub fn local_provider_cell(&self) -> Arc<LocalCell> {
        self.provider.clone()
    }

    /// The name under which the base model is served and recorded.
    pub fn base_model_name(&self) -> String {
        let base = &self.settings.model.base;
        let stem = std::path::Path::new(base).file_stem().and_then(|stem| stem.to_str());
        if is_path(base) { stem.unwrap_or("base").to_lowercase() } else { base.clone() }
    }

    /// What `--source` names, else the setting `source`.
    pub fn source(&self, flag: Option<&OsStr>) -> Result<SourceSpec> {
        const NONE: &str =
            "no source is named; pass --source, such as --source chat-db:~/Library/Messages/chat.db, or set source";
        let setting = &self.settings.source;
        match flag {
            // What was written is not said again: an address may hold a password.
            Some(named) => SourceSpec::try_from(named).map_err(|error| WrongFlag(format!("--source: {error}")).into()),
            None if setting.is_empty() => Err(WrongFlag(NONE.into()).into()),
            None => {
                setting.parse().map_err(|error| self.resolved.wrong("source", format!("the setting source: {error}")))
            }
        }
    }

    /// What opening sources takes beside what is recorded.
    pub fn access(&self) -> Access {
        let token = self.settings.bridge.token.trim();
        let conversations = &self.settings.conversations;
        Access {
            bridge_token: (!token.is_empty()).then(|| token.to_owned().into()),
            conversations: Conversations { allow: conversations.only.clone(), deny: conversations.except.clone() },
        }
    }

    /// Where the base model's file is, whether it is there or not.
    fn base_model_file(&self) -> Result<PathBuf> {
        let base = &self.settings.model.base;
        if is_path(base) {
            return Ok(PathBuf::from(base));
        }
        let known = idiolect_lora::catalog::find(base).with_context(|| {
            format!(
                "{base}: is no known base model; `idiolect model list` shows them, or set model.base to a GGUF file"
            )
        })?;
        Ok(self.models_dir().join(known.file_name))
    }

    /// The base model's file, which is there.
    pub fn base_model_path(&self) -> Result<PathBuf> {
        let path = self.base_model_file()?;
        let place = path.display();
        match path.metadata() {
            Ok(found) if found.is_file() => Ok(path),
            Err(error) if error.kind() != ErrorKind::NotFound => {
                bail!("{place}: the base model cannot be looked at: {error}")
            }
            _ if is_path(&self.settings.model.base) => bail!(
                "{place}: there is no such file; check model.base, or leave it out for what `idiolect model pull` brings"
            ),
            _ => bail!("{place}: the base model is not here; `idiolect model pull` brings it"),
        }
    }

    pub fn models_dir(&self) -> PathBuf {
        self.settings.data_dir.join("models")
    }

    pub fn threads(&self) -> usize {
        match self.settings.model.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }

    pub fn user_id(&self, flag: &UserFlag) -> Result<UserId> {
        let invalid = |error: InvalidUserId| match &flag.user {
            Some(name) => WrongFlag(format!("--user {name}: {error}")).into(),
            None => self.resolved.wrong("user", format!("the setting user is {:?}: {error}", self.settings.user)),
        };
        flag.user.as_ref().unwrap_or(&self.settings.user).parse().map_err(invalid)
    }

    /// The user's record; one about whom nothing is stored is new, not an error.
    pub async fn user(&self, flag: &UserFlag) -> Result<User> {
        let user_id = self.user_id(flag)?;
        Ok(self.store()?.user(&user_id).await?.unwrap_or_else(|| User::new(user_id, self.now())))
    }

    pub fn strategy(&self, flag: Option<&str>) -> Result<Strategy> {
        match flag {
            Some(name) => Ok(name.parse().map_err(|error| WrongFlag(format!("--strategy {name}: {error}")))?),
            None => self.of_setting("dataset.strategy", &self.settings.dataset.strategy),
        }
    }

    /// What a setting's text stands for.
    fn of_setting<T: FromStr<Err: Display>>(&self, key: &str, text: &str) -> Result<T> {
        text.parse().map_err(|error| self.resolved.wrong(key, format!("the setting {key}: {error}")))
    }

    pub fn requirements(&self) -> Requirements {
        let eligibility = &self.settings.eligibility;
        Requirements { min_messages: eligibility.min_messages, min_tokens: eligibility.min_tokens }
    }

    /// The dataset's rules, for the base model that the settings train on; the window is each command's own.
    pub fn dataset_settings(&self) -> Result<DatasetSettings> {
        let cleaning = &self.settings.cleaning;
        let mut settings = DatasetSettings::new(Window::ending_at(self.now(), self.settings.dataset.days));
        settings.strategy = self.strategy(None)?;
        let dataset = &self.settings.dataset;
        settings.split.holdout_share = dataset.holdout_share;
        settings.burst_gap = SignedDuration::from_secs(dataset.burst_gap_seconds.into());
        settings.caps = CapSettings {
            conversation_share: dataset.max_conversation_share,
            example_tokens: longest_to_build(self)?,
            examples: dataset.max_examples,
            tokens: dataset.max_tokens,
            bytes: dataset.max_bytes,
            choice: dataset.choice.parse()?,
        };
        settings.clean = CleanSettings {
            drop_emoji_only: cleaning.drop_emoji_only,
            drop_url_only: cleaning.drop_url_only,
            drop_quoted: cleaning.drop_quoted,
            drop_forwarded: cleaning.drop_forwarded,
            drop_automatic: cleaning.drop_automatic,
            drop_app_made: cleaning.drop_app_made,
            drop_short: cleaning.drop_short,
            min_chars: cleaning.min_chars,
            common_share: cleaning.common_share,
            common_count: cleaning.common_count,
        };
        settings.dedupe = DedupeSettings { enabled: cleaning.drop_duplicates, paste_words: cleaning.paste_words };
        settings.redaction = self.redaction_settings()?;
        Ok(settings)
    }

    /// What is redacted, wherever a message's words go.
    pub fn redaction_settings(&self) -> Result<RedactionSettings> {
        let redaction = &self.settings.redaction;
        let on = |kind: &PiiKind| match kind {
            PiiKind::Phone => redaction.phone,
            PiiKind::Email => redaction.email,
            PiiKind::PostalAddress => redaction.postal_address,
            PiiKind::OneTimeCode => redaction.one_time_code,
            PiiKind::Password => redaction.password,
            PiiKind::PaymentCard => redaction.payment_card,
            PiiKind::Iban => redaction.iban,
            PiiKind::NationalId => redaction.national_id,
            PiiKind::IpAddress => redaction.ip_address,
            PiiKind::Secret => redaction.secret,
            PiiKind::Name => redaction.name,
            PiiKind::Word => redaction.word,
        };
        Ok(RedactionSettings {
            kinds: PiiKind::ALL.into_iter().filter(on).collect(),
            region: match redaction.region.as_str() {
                "" => None,
                text => Some(countries::region(text).map_err(|error| self.resolved.wrong("redaction.region", error))?),
            },
            names: redaction.names.clone(),
            greeting_names: redaction.greeting_names,
            deny: redaction.deny.clone(),
            allow: redaction.allow.clone(),
        })
    }

    /// Lets one process at a time drive runs in this data directory. The lock goes when the process does, however it ends.
    pub fn lock_runs(&self) -> Result<RunLock> {
        self.lock_runs_if_free()?.with_context(|| self.runs_are_driven())
    }

    pub fn runs_are_driven(&self) -> String {
        let place = self.settings.data_dir.display();
        format!("another idiolect is training in {place}; wait for it or stop it, then run this again")
    }

    /// `None` while another process has the lock.
    pub fn lock_runs_if_free(&self) -> Result<Option<RunLock>> {
        create_private_dir(&self.settings.data_dir)?;
        let path = self.settings.data_dir.join(RUN_LOCK);
        let file = File::options().create(true).append(true).open(&path);
        let file = file.with_context(|| format!("{}: cannot be opened", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(RunLock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{}: cannot be locked", path.display()))
            }
        }
    }
}

/// Held while this process drives runs.
pub struct RunLock {
    _file: File,
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-=+@:,".contains(c);
    if text.chars().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn is_path(base: &str) -> bool {
    base.contains('/') || base.ends_with(".gguf")
}
