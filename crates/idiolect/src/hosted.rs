//! Hosted providers, built from their profiles and the environment's keys.

use std::time::Duration;

use anyhow::Result;
use idiolect_dataset::validate::Limits;
use idiolect_provider::{
    Credentials, ModelId, Open, OpenAiProvider, Profile, ProfileBook, ProviderError, Surroundings, TrainingClosed,
};
use jiff::civil::Date;
use secrecy::SecretString;

use crate::context::Context;

/// The built-in profiles with what the settings change and add.
pub fn profiles(app: &Context) -> Result<ProfileBook> {
    ProfileBook::new(&app.resolved.profiles).map_err(|error| match error.place() {
        Some(place) => app.resolved.wrong(&place, error),
        None => error.into(),
    })
}

/// The one that `training.provider` names.
pub fn selected<'a>(app: &Context, book: &'a ProfileBook) -> Result<&'a Profile> {
    book.get(&app.settings.training.provider).map_err(|error| app.resolved.wrong("training.provider", error))
}

/// As a run is asked, so that nothing is called open that `train` refuses.
pub fn check_open(
    app: &Context,
    profile: &Profile,
    base: &ModelId,
    live: Option<Date>,
) -> Result<Open, TrainingClosed> {
    profile.check_open(base, live, app.now(), app.settings.retirement.min_useful_life_days.into())
}

/// What `base_model` takes, by the profile of the settings where that says it.
pub fn example_limits(app: &Context, base_model: &str) -> Result<Limits> {
    let book = profiles(app)?;
    let known = selected(app, &book)?.model(&ModelId::new(base_model));
    let context = known.and_then(|model| model.training_context_tokens);
    Ok(Limits::of(base_model).or_as_the_host_says(context.map(u64::from)))
}

/// The longest example to build for the base model that the settings train on, in o200k tokens; 0 is no limit.
pub fn longest_to_build(app: &Context) -> Result<u64> {
    let book = profiles(app)?;
    // Where no base model is named, a run says so.
    let Ok(base_model) = app.training_base_model(selected(app, &book)?) else { return Ok(0) };
    Ok(example_limits(app, &base_model)?.longest_to_build(&base_model))
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
