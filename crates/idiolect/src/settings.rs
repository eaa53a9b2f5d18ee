//! Settings: defaults, `idiolect.toml`, environment, flags, each stronger than the one before, and where each value came from.

mod file;
mod layers;
mod places;
mod ranges;
mod runs;
mod sections;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use self::file::SettingsFile;
use self::layers::Layers;
use self::places::{absolute, config_file, default_data_dir, expand_home};
use self::ranges::OutOfRange;
use crate::cli::Global;
use crate::environment::Environment;
use crate::exit::WrongFlag;
pub use layers::flatten;
pub use runs::{Caps, Retirement, Rollout, Runs, Schedule, Temporal};
pub use sections::{
    Bridge, Cleaning, ConversationLists, Dataset, Eligibility, Firestore, Host, Model, Redaction, Serve, Training,
};

/// As used. Every key may stand in `idiolect.toml`, in the environment (`IDIOLECT_` and the key in capitals, dots as `_`)
/// or behind `--set`. Secrets and people's names are among the values, so there is no `Debug`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where models, adapters and records are kept; empty where neither a flag nor a home directory says.
    pub data_dir: PathBuf,
    /// The user when no `--user` is given.
    pub user: String,
    /// What is logged to standard error.
    pub log: String,
    /// Where the messages are when no `--source` is given: `KIND:PATH`; empty asks for one.
    pub source: String,
    /// Where records are kept: `sqlite`, in the data directory, or `firestore`.
    pub store: String,
    pub firestore: Firestore,
    pub model: Model,
    pub dataset: Dataset,
    pub cleaning: Cleaning,
    pub redaction: Redaction,
    pub eligibility: Eligibility,
    pub training: Training,
    pub schedule: Schedule,
    pub caps: Caps,
    pub rollout: Rollout,
    pub retirement: Retirement,
    pub runs: Runs,
    pub temporal: Temporal,
    pub serve: Serve,
    pub bridge: Bridge,
    pub host: Host,
    pub conversations: ConversationLists,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::new(),
            user: "me".into(),
            log: "warn".into(),
            source: String::new(),
            store: "sqlite".into(),
            firestore: Firestore {
                project_id: String::new(),
                database_id: "(default)".into(),
                users: "users".into(),
                llm_models: "llmModels".into(),
                erasures: "erasures".into(),
                spend_runs: "spendRuns".into(),
                spend_user_months: "spendUserMonths".into(),
                spend_days: "spendDays".into(),
            },
            model: Model { base: "smollm2-135m-instruct".into(), precision: "auto".into(), threads: 0 },
            dataset: Dataset {
                days: 90,
                strategy: "neutral_rewrite".into(),
                burst_gap_seconds: 0,
                max_conversation_share: 0.0,
                max_examples: 0,
                max_tokens: 0,
                max_bytes: idiolect_dataset::MAX_FILE_BYTES,
                choice: "newest".into(),
                holdout_share: 0.1,
            },
            cleaning: Cleaning {
                drop_emoji_only: true,
                drop_url_only: true,
                drop_quoted: true,
                drop_forwarded: true,
                drop_automatic: true,
                drop_app_made: true,
                drop_short: true,
                min_chars: 3,
                common_share: 0.005,
                common_count: 3,
                drop_duplicates: true,
                paste_words: 4,
            },
            redaction: Redaction {
                phone: true,
                email: true,
                postal_address: true,
                one_time_code: true,
                password: true,
                payment_card: true,
                iban: true,
                national_id: true,
                ip_address: true,
                secret: true,
                name: true,
                word: true,
                names: vec![],
                greeting_names: false,
                deny: vec![],
                allow: vec![],
                region: String::new(),
            },
            eligibility: Eligibility { min_messages: 500, min_tokens: 10_000 },
            training: Training {
                provider: "local".into(),
                base_model: String::new(),
                epochs: 0,
                batch_size: 0,
                learning_rate_multiplier: 1.0,
            },
            schedule: Schedule::default(),
            caps: Caps::default(),
            rollout: Rollout::default(),
            retirement: Retirement::default(),
            runs: Runs::default(),
            temporal: Temporal::default(),
            serve: Serve { port: 8484, api_key: String::new(), webhook_secret: String::new(), metrics: false },
            bridge: Bridge { token: String::new() },
            host: Host { port: 8485, api_key: String::new(), max_file_mb: 100, max_total_mb: 1024 },
            conversations: ConversationLists::default(),
        }
    }
}

/// The settings and, for each key, what set it: `default`, the file and its line, the variable or the flag.
pub struct Resolved {
    pub settings: Settings,
    /// The file's `[profiles.NAME]`, checked where profiles are read.
    pub profiles: Table,
    pub origins: BTreeMap<String, String>,
    /// For what is no setting, such as a provider's key.
    pub environment: Environment,
}

/// Variables that are known by names of their own (spec §11.4), and the setting each is; the setting's own name is stronger.
const ALIASES: [(&str, &str); 1] = [("FIREBASE_PROJECT_ID", "firestore.project_id")];

/// Keys whose values are never printed.
pub const SECRET_KEYS: [&str; 9] = [
    "serve.api_key",
    "serve.webhook_secret",
    "host.api_key",
    "bridge.token",
    "conversations.only",
    "conversations.except",
    "redaction.names",
    "redaction.deny",
    "redaction.allow",
];

impl Resolved {
    /// A [`WrongFlag`] where the settings would be right without the flags.
    pub fn load(global: &Global, environment: &Environment) -> Result<Self> {
        Self::resolve(global, environment).map_err(|error| {
            let without =
                Global { data_dir: None, log: None, settings: vec![], config: global.config.clone(), json: false };
            match Self::resolve(&without, environment) {
                Ok(_) => WrongFlag(format!("{error:#}")).into(),
                Err(_) => error,
            }
        })
    }

    /// The error of a value that is looked at only where it is used, as [`load`](Self::load) gives it.
    pub fn wrong(&self, key: &str, error: impl Display) -> anyhow::Error {
        let place = place(&self.origins, key);
        match self.origins.get(key).is_some_and(|origin| origin.starts_with("--")) {
            true => WrongFlag(error.to_string()).into(),
            false => anyhow!("{place}{error}"),
        }
    }

    fn resolve(global: &Global, environment: &Environment) -> Result<Self> {
        let data_dir = default_data_dir(environment).unwrap_or_default();
        let defaults = Settings { data_dir, ..Settings::default() };
        let mut layers = Layers::new(&Table::try_from(defaults)?);
        let mut profiles = Table::new();

        let mut profile_places = BTreeMap::new();
        if let Some(path) = config_file(global, environment)? {
            let mut file = SettingsFile::read(path)?;
            match file.table.remove("profiles") {
                None => {}
                Some(Value::Table(tables)) => profiles = tables,
                Some(_) => bail!("{}: profiles must be sections, [profiles.NAME]", file.place("profiles")),
            }
            profile_places.extend(file.profile_places());
            for (key, value) in flatten(&file.table) {
                layers.set(&key, value, &file.place(&key))?;
            }
        }
        let aliases = ALIASES.map(|(name, key)| (key.to_owned(), name.to_owned()));
        for (key, name) in aliases.into_iter().chain(layers.environment_names()) {
            if let Some(text) = environment.get(&name) {
                layers.set_text(&key, text, &environment.origin(&name))?;
            }
        }
        for setting in &global.settings {
            let Some((key, text)) = setting.split_once('=') else {
                bail!("--set {setting}: a setting is KEY=VALUE, such as eligibility.min_messages=200");
            };
            layers.set_text(key, text, &format!("--set {key}"))?;
        }
        if let Some(dir) = &global.data_dir {
            let Some(text) = dir.to_str() else {
                bail!("--data-dir {}: is not UTF-8, which a setting is; name another place", dir.display());
            };
            layers.set("data_dir", Value::String(text.to_owned()), "--data-dir")?;
        }
        if let Some(filter) = &global.log {
            layers.set("log", Value::String(filter.clone()), "--log")?;
        }
        let Layers { table, mut origins } = layers;
        origins.extend(profile_places);
        let out_of_range = |OutOfRange { key, why }| {
            // Of two that do not go together, the one that somebody set.
            let mut named = std::iter::once(key.as_str()).chain(why.split(' '));
            let is_set = |name: &&str| origins.get(*name).is_some_and(|origin| origin != "default");
            anyhow!("{}the setting {key} {why}", place(&origins, named.find(is_set).unwrap_or(&key)))
        };
        let mut settings: Settings =
            Value::Table(table).try_into().map_err(|error| out_of_range(ranges::out_of_range(&error)))?;
        if settings.data_dir.as_os_str().is_empty() {
            // Nothing by default where there is no home; a command that keeps something says so.
            if origins["data_dir"] != "default" {
                bail!("{}: data_dir is empty; name a place, or leave it out", origins["data_dir"]);
            }
        } else {
            settings.data_dir = absolute(&expand_home(&settings.data_dir, environment))?;
        }
        settings.model.base = expand_home(Path::new(&settings.model.base), environment).display().to_string();
        check(&settings).map_err(out_of_range)?;
        Ok(Self { settings, profiles, origins, environment: environment.clone() })
    }
}

fn check(settings: &Settings) -> Result<(), OutOfRange> {
    ranges::check(settings)?;
    let Settings { schedule, caps, rollout, retirement, runs, .. } = settings;
    runs::check(schedule, caps, rollout, retirement, runs)?;
    runs::check_temporal(&settings.temporal)?;
    if settings.store == "firestore" { runs::check_firestore(runs) } else { Ok(()) }
}

/// The line or variable that set `key`, or the section of a profile where it would be, before what is said of it. Whoever wrote a
/// flag knows where.
fn place(origins: &BTreeMap<String, String>, key: &str) -> String {
    let mut keys = std::iter::successors(Some(key), |key| key.rsplit_once('.').map(|(section, _)| section));
    let origin = keys.find_map(|key| origins.get(key));
    let told = origin.filter(|origin| *origin != "default" && !origin.starts_with("--"));
    told.map_or(String::new(), |origin| format!("{origin}: "))
}

#[cfg(test)]
mod tests;
