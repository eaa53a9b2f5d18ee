//! Hosted providers, built from their profiles and the environment's keys.

use std::time::Duration;

use anyhow::Result;
use idiolect_provider::{Credentials, OpenAiProvider, Profile, ProfileBook, ProviderError, Surroundings};
use secrecy::SecretString;

use crate::context::Context;

/// The built-in profiles with what the settings change and add.
pub fn profiles(app: &Context) -> Result<ProfileBook> {
    Ok(ProfileBook::new(&app.resolved.profiles)?)
}

/// The one that `training.provider` names.
pub fn selected<'a>(app: &Context, book: &'a ProfileBook) -> Result<&'a Profile> {
    book.get(&app.settings.training.provider).map_err(|error| app.resolved.wrong("training.provider", error))
}

/// Whether the environment holds what the profile needs; nothing of it is kept.
pub fn key_is_set(profile: &Profile) -> bool {
    profile.key_env.as_deref().is_some_and(|name| read(name).is_some())
}

/// The client of a host. Calls that take longer than `timeout` are given up.
pub fn open(profile: &Profile, timeout: Duration) -> Result<OpenAiProvider, ProviderError> {
    let header = |(name, variable): (&String, &String)| Some((name.clone(), read(variable)?));
    let credentials = Credentials {
        key: profile.key_env.as_deref().and_then(read).map(SecretString::from),
        headers: profile.header_env.iter().filter_map(header).collect(),
    };
    OpenAiProvider::new(profile.clone(), &credentials, Surroundings { timeout, ..Surroundings::default() })
}

fn read(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.trim().is_empty())
}
