//! Values of the right type that no setting takes.

use super::Settings;

/// A setting that has no value of its own, and why.
#[derive(Debug)]
pub(super) struct OutOfRange {
    pub(super) key: String,
    pub(super) why: String,
}

/// That a setting must be what is `allowed`, unless it is.
pub(super) fn within(good: bool, key: &str, allowed: &str) -> Result<(), OutOfRange> {
    if good { Ok(()) } else { Err(OutOfRange { key: key.to_owned(), why: format!("must be {allowed}") }) }
}

/// The key of what is of the right type and yet no value of it: a number below 0, or too large.
pub(super) fn out_of_range(error: &toml::de::Error) -> OutOfRange {
    let said = error.to_string();
    let key = said.split_once("\nin `").and_then(|(_, key)| key.split('`').next());
    let most = match error.message().rsplit_once(", expected ") {
        Some((_, "u16")) => u16::MAX.into(),
        Some((_, "u32")) => u32::MAX,
        _ => return OutOfRange { key: key.unwrap_or_default().to_owned(), why: "must be 0 or more".to_owned() },
    };
    OutOfRange { key: key.unwrap_or_default().to_owned(), why: format!("must be 0 to {most}") }
}

/// What a type does not say. Found here, it does not cost a run.
pub(super) fn check(settings: &Settings) -> Result<(), OutOfRange> {
    let Settings { dataset, training, cleaning, .. } = settings;
    within(["sqlite", "firestore"].contains(&settings.store.as_str()), "store", "sqlite or firestore")?;
    within((1..=36_500).contains(&dataset.days), "dataset.days", "1 to 36500")?;
    within((0.0..=0.5).contains(&dataset.holdout_share), "dataset.holdout_share", "0.0 to 0.5")?;
    within(dataset.burst_gap_seconds <= 86_400, "dataset.burst_gap_seconds", "0 to 86400, a day")?;
    within((0.0..=1.0).contains(&dataset.max_conversation_share), "dataset.max_conversation_share", "0.0 to 1.0")?;
    within(dataset.choice.parse::<idiolect_dataset::Choice>().is_ok(), "dataset.choice", "newest or sampled")?;
    within(cleaning.min_chars <= 1000, "cleaning.min_chars", "0 to 1000")?;
    within((0.0..=1.0).contains(&cleaning.common_share), "cleaning.common_share", "0.0 to 1.0")?;
    within((1..=512).contains(&settings.host.max_file_mb), "host.max_file_mb", "1 to 512")?;
    within((1..=1024 * 1024).contains(&settings.host.max_total_mb), "host.max_total_mb", "1 to 1048576, a terabyte")?;
    within(training.epochs <= 50, "training.epochs", "0 to 50, where 0 leaves it to the recipe")?;
    within(training.batch_size <= 256, "training.batch_size", "0 to 256, where 0 leaves it to the recipe")?;
    let multiplier = training.learning_rate_multiplier;
    within(multiplier > 0.0 && multiplier <= 100.0, "training.learning_rate_multiplier", "above 0 and at most 100")
}
