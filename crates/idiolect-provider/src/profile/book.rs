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
    /// `key` is dotted; the section itself where it is empty.
    #[error("[profiles.{name}] {key}{}{problem}", if key.is_empty() { "" } else { " " })]
    Invalid { name: String, key: String, problem: String },
}

impl ProfileError {
    /// Where among the settings: `profiles.NAME.KEY`.
    pub fn place(&self) -> Option<String> {
        match self {
            Self::Unknown { .. } => None,
            Self::Invalid { name, key, .. } => Some(format!("profiles.{name}.{key}")),
        }
    }
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
            let table = text.parse().map_err(|error| unreadable(name, &error))?;
            raw.insert(name.to_owned(), table);
        }
        for (name, value) in tables {
            let Value::Table(table) = value else {
                return Err(problem(name, "", "must be a section, [profiles.NAME], with settings of its own"));
            };
            let mut changes = table.clone();
            let parent = match changes.remove("extends") {
                None if raw.contains_key(name) => name.clone(),
                None => DEFAULT_PARENT.to_owned(),
                Some(Value::String(parent)) => parent,
                Some(_) => return Err(problem(name, "extends", "must be the name of a profile")),
            };
            // Only what is built in, so that the order of tables means nothing.
            let Some((_, text)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == parent) else {
                let names = BUILT_IN.map(|(name, _)| name).join(", ");
                return Err(problem(name, "extends", &format!("must be one of {names}")));
            };
            let mut merged: Table = text.parse().map_err(|error| unreadable(&parent, &error))?;
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
    let profile = Profile { name: name.to_owned(), ..table.try_into().map_err(|error| unreadable(name, &error))? };
    check(&profile).map_err(|(key, what)| problem(name, &key, &what))?;
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

/// What the types do not say: the key, and what it must be.
fn check(profile: &Profile) -> Result<(), (String, String)> {
    let wrong = |key: &str, what: &str| Err((key.to_owned(), what.to_owned()));
    if let Some(url) = &profile.base_url {
        check_url(url).or_else(|what| wrong("base_url", what))?;
    }
    if profile.place == Place::InProcess && profile.name != "local" {
        return wrong("place", "must be \"hosted\"; \"in_process\" is the profile local alone");
    }
    if profile.place == Place::Hosted && profile.auth != Auth::None && profile.key_env.is_none() {
        return wrong("key_env", "must name the environment variable that holds the key, or auth must be \"none\"");
    }
    // Not quoted: it may be the key itself.
    if profile.key_env.as_deref().is_some_and(|name| !is_variable(name)) {
        return wrong(
            "key_env",
            "must be the name of an environment variable, which holds the key; never the key itself",
        );
    }
    if let Some((header, _)) = profile.header_env.iter().find(|(_, name)| !is_variable(name)) {
        return wrong(
            &format!("header_env.{header}"),
            "must be the name of an environment variable, which holds the value",
        );
    }
    if profile.suffix_max_chars > 64 {
        return wrong("suffix_max_chars", "must be at most 64");
    }
    if let super::HyperparameterDialect::AbsoluteLora { learning_rate, lora_r, lora_alpha, lora_dropout } =
        profile.hyperparameters
    {
        let good = learning_rate.is_finite() && learning_rate > 0.0 && lora_r > 0 && lora_alpha > 0;
        if !good || !(0.0..1.0).contains(&lora_dropout) {
            let what = "must have learning_rate, lora_r and lora_alpha above 0, lora_dropout from 0 to below 1";
            return wrong("hyperparameters", what);
        }
    }
    if let Some((word, _)) = profile.statuses.iter().find(|(_, ours)| matches!(ours, crate::JobStatus::Unknown(_))) {
        let what = "must be validating_files, queued, running, paused, succeeded, failed or cancelled";
        return wrong(&format!("statuses.{word}"), what);
    }
    for (id, model) in &profile.models {
        let price = model.price.unwrap_or_default();
        if [price.training, price.input, price.output].into_iter().flatten().any(|p| !p.is_finite() || p < 0.0) {
            return wrong(&format!("models.{id}.price"), "must be US dollars per million tokens, 0 or more");
        }
    }
    Ok(())
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

/// A key must not travel unencrypted.
fn check_url(url: &str) -> Result<(), &'static str> {
    if url.contains(['?', '#', '@']) || url.chars().any(char::is_whitespace) {
        return Err("must be an address without user, query or fragment");
    }
    let keeps_keys = Url::parse(url).is_ok_and(|address| match address.scheme() {
        "https" => true,
        "http" => matches!(address.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
    });
    if keeps_keys {
        return Ok(());
    }
    Err("must begin with https://, or with http:// and a loopback address, because keys and words go there")
}

/// What serde could not take, without its value, which may be a key that stands in the wrong place.
fn unreadable(name: &str, error: &toml::de::Error) -> ProfileError {
    // Not the error's own display, which quotes the line; but the key is said there alone.
    let said = error.to_string();
    let section = said.rsplit_once("\nin `").and_then(|(_, key)| key.split_once('`')).map_or("", |(key, _)| key);
    let message = error.message().replace('`', "");
    let (what, expected) = message.rsplit_once(", expected ").unwrap_or((&message, ""));
    if let Some(field) = what.strip_prefix("unknown field ") {
        let key = if section.is_empty() { field.to_owned() } else { format!("{section}.{field}") };
        return problem(name, &key, &format!("is none of {}", expected.trim_start_matches("one of ")));
    }
    if let Some(field) = what.strip_prefix("missing field ") {
        return problem(name, section, &format!("must have {field}, too"));
    }
    // What dates say of theirs is about digits.
    let is_serde =
        what.starts_with("invalid type") || what.starts_with("invalid value") || what.starts_with("unknown variant");
    let allowed = match expected {
        _ if !is_serde => "a date, such as 2027-01-31",
        "a string" => "text in quotes",
        "a boolean" => "true or false",
        "f64" => "a number",
        "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "a sequence" => "a list",
        other if other.starts_with("a map") || other.starts_with("struct") => "a section",
        other => other,
    };
    problem(name, section, &format!("must be {allowed}"))
}

fn problem(name: &str, key: &str, problem: &str) -> ProfileError {
    ProfileError::Invalid { name: name.to_owned(), key: key.to_owned(), problem: problem.to_owned() }
}
