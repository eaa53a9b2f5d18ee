//! All profiles: the built-in ones, and what the settings change in them or add.

use std::collections::BTreeMap;

use reqwest::Url;
use toml::{Table, Value};

use super::{Auth, Place, Profile};

/// Each is read like a profile of the settings, so that the files show what one may write.
const BUILT_IN: [(&str, &str); 5] = [
    ("openai", include_str!("../../profiles/openai.toml")),
    ("nebius", include_str!("../../profiles/nebius.toml")),
    ("azure", include_str!("../../profiles/azure.toml")),
    ("local", include_str!("../../profiles/local.toml")),
    ("openai-compatible", include_str!("../../profiles/openai-compatible.toml")),
];
/// What a new profile begins with unless it says `extends`.
const DEFAULT_PARENT: &str = "openai-compatible";

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    #[error("there is no provider profile {name:?}; there are {}, and [profiles.NAME] in idiolect.toml adds one", .known.join(", "))]
    Unknown { name: String, known: Vec<String> },
    #[error("[profiles.{name}] in idiolect.toml: {problem}")]
    Invalid { name: String, problem: String },
}

/// Profiles by name.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileBook {
    profiles: BTreeMap<String, Profile>,
}

impl ProfileBook {
    /// The built-in profiles with the settings' `[profiles]` laid over them. A table named like a built-in profile changes
    /// it; any other one begins with what it `extends`, which is `openai-compatible` if it does not say.
    pub fn new(tables: &Table) -> Result<Self, ProfileError> {
        let mut raw: BTreeMap<String, Table> = BTreeMap::new();
        for (name, text) in BUILT_IN {
            let table = text.parse().map_err(|error| invalid(name, &error))?;
            raw.insert(name.to_owned(), table);
        }
        for (name, value) in tables {
            let Value::Table(table) = value else {
                return Err(problem(name, "must be a section, [profiles.NAME], with settings of its own"));
            };
            let mut changes = table.clone();
            let parent = match changes.remove("extends") {
                None if raw.contains_key(name) => name.clone(),
                None => DEFAULT_PARENT.to_owned(),
                Some(Value::String(parent)) => parent,
                Some(_) => return Err(problem(name, "extends must be the name of a profile")),
            };
            // Only what is built in, so that the order of tables means nothing.
            let Some((_, text)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == parent) else {
                let names = BUILT_IN.map(|(name, _)| name).join(", ");
                return Err(problem(name, &format!("extends must be one of {names}")));
            };
            let mut merged: Table = text.parse().map_err(|error| invalid(&parent, &error))?;
            if parent != *name {
                merged.remove("description");
            }
            merge(&mut merged, changes);
            raw.insert(name.clone(), merged);
        }
        let profiles = raw.into_iter().map(|(name, table)| Ok((name.clone(), profile(&name, table)?)));
        Ok(Self { profiles: profiles.collect::<Result<_, ProfileError>>()? })
    }

    pub fn get(&self, name: &str) -> Result<&Profile, ProfileError> {
        self.profiles.get(name).ok_or_else(|| ProfileError::Unknown {
            name: name.to_owned(),
            known: self.profiles.keys().cloned().collect(),
        })
    }

    /// In the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.values()
    }
}

impl Default for ProfileBook {
    /// The built-in profiles.
    fn default() -> Self {
        Self::new(&Table::new()).expect("the built-in profiles are valid, which a test checks")
    }
}

/// Sections are laid over each other key by key; everything else is replaced. The style of hyperparameters decides which
/// other keys stand beside it, so a section that names it replaces the old one whole.
fn merge(base: &mut Table, changes: Table) {
    for (key, value) in changes {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) if !new.contains_key("style") => merge(old, new),
            (_, value) => drop(base.insert(key, value)),
        }
    }
}

fn profile(name: &str, mut table: Table) -> Result<Profile, ProfileError> {
    dates_as_text(&mut table);
    let profile = Profile { name: name.to_owned(), ..table.try_into().map_err(|error| invalid(name, &error))? };
    check(&profile).map_err(|what| problem(name, &what))?;
    Ok(profile)
}

/// TOML's own dates are taken as well as quoted ones.
fn dates_as_text(table: &mut Table) {
    for (_, value) in table.iter_mut() {
        match value {
            Value::Datetime(date) => *value = Value::String(date.to_string()),
            Value::Table(inner) => dates_as_text(inner),
            _ => {}
        }
    }
}

/// What the types do not say.
fn check(profile: &Profile) -> Result<(), String> {
    if let Some(url) = &profile.base_url {
        check_url(url)?;
    }
    if profile.place == Place::InProcess && profile.name != "local" {
        return Err("place = \"in_process\" is the profile local alone".to_owned());
    }
    if profile.place == Place::Hosted && profile.auth != Auth::None && profile.key_env.is_none() {
        return Err(
            "key_env must name the environment variable that holds the key, or auth must be \"none\"".to_owned()
        );
    }
    if profile.suffix_max_chars > 64 {
        return Err("suffix_max_chars must be at most 64".to_owned());
    }
    if let super::HyperparameterDialect::AbsoluteLora { learning_rate, lora_r, lora_alpha, lora_dropout } =
        profile.hyperparameters
    {
        let good = learning_rate.is_finite() && learning_rate > 0.0 && lora_r > 0 && lora_alpha > 0;
        if !good || !(0.0..1.0).contains(&lora_dropout) {
            return Err(
                "hyperparameters: learning_rate, lora_r and lora_alpha must be above 0, lora_dropout from 0 to below 1"
                    .to_owned(),
            );
        }
    }
    if let Some((word, crate::JobStatus::Unknown(ours))) =
        profile.statuses.iter().find(|(_, ours)| matches!(ours, crate::JobStatus::Unknown(_)))
    {
        return Err(format!(
            "statuses.{word}: {ours:?} is no status; there are validating_files, queued, running, paused, succeeded, failed \
             and cancelled"
        ));
    }
    for (id, model) in &profile.models {
        let price = model.price.unwrap_or_default();
        if [price.training, price.input, price.output].into_iter().flatten().any(|p| !p.is_finite() || p < 0.0) {
            return Err(format!("models.{id:?}.price must be US dollars per million tokens, 0 or more"));
        }
    }
    Ok(())
}

/// A key must not travel unencrypted.
fn check_url(url: &str) -> Result<(), String> {
    if url.contains(['?', '#', '@']) || url.chars().any(char::is_whitespace) {
        return Err("base_url must be an address without user, query or fragment".to_owned());
    }
    let keeps_keys = Url::parse(url).is_ok_and(|address| match address.scheme() {
        "https" => true,
        "http" => matches!(address.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
    });
    if keeps_keys {
        return Ok(());
    }
    Err("base_url must begin with https://, or with http:// and a loopback address, because keys and words go there"
        .to_owned())
}

fn invalid(name: &str, error: &toml::de::Error) -> ProfileError {
    // Not the error's own display, which quotes the line; but the key is said there alone.
    let said = error.to_string();
    let key = said.rsplit_once("\nin `").and_then(|(_, key)| key.split_once('`'));
    let key = key.map_or(String::new(), |(key, _)| format!("{key}: "));
    problem(name, &(key + error.message()))
}

fn problem(name: &str, problem: &str) -> ProfileError {
    ProfileError::Invalid { name: name.to_owned(), problem: problem.to_owned() }
}
