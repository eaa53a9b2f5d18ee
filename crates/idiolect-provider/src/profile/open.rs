//! Whether a profile takes training now, and for long enough to be worth it.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Profile;
use crate::ModelId;

/// Training may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// From this day on no new jobs are taken, and so many whole days are left. `None`: no end is known.
    pub closes: Option<(Date, i64)>,
    /// From this day on the model does not answer, and so many whole days are left. `None`: no end is known.
    pub shuts_down: Option<(Date, i64)>,
}

/// Training is refused before anything is read or paid for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrainingClosed {
    #[error("{profile} has taken no new fine-tuning jobs since {since}; {}", Instead(.alternatives))]
    Closed { profile: String, since: Date, alternatives: Vec<String> },
    #[error("{model} has been shut down at {profile} since {since}, with all that was trained on it; {}", Instead(.alternatives))]
    ShutDown { profile: String, model: String, since: Date, alternatives: Vec<String> },
    #[error(
        "{model} shuts down at {profile} on {date}, in {days_left} days, and a model trained now should be of use for {min_days}; {}",
        Instead(.alternatives)
    )]
    ShutsDownSoon {
        profile: String,
        model: String,
        date: Date,
        days_left: i64,
        min_days: i64,
        alternatives: Vec<String>,
    },
    #[error("{model} cannot be fine-tuned at {profile}; it can {}", Models(.trainable))]
    NotTrainable { profile: String, model: String, trainable: Vec<String> },
}

impl TrainingClosed {
    /// What records and programs tell the refusals apart by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Closed { .. } => "provider_closed",
            Self::ShutDown { .. } | Self::ShutsDownSoon { .. } => "base_model_retires",
            Self::NotTrainable { .. } => "model_not_trainable",
        }
    }
}

impl Profile {
    /// Refuses training that is closed, or whose model would be of use for less than `min_useful_life_days`.
    ///
    /// `live_shutdown_date` is what `GET /v1/models` says, which is newer than the profile and wins.
    pub fn check_open(
        &self,
        base_model: &ModelId,
        live_shutdown_date: Option<Date>,
        now: Timestamp,
        min_useful_life_days: i64,
    ) -> Result<Open, TrainingClosed> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let (profile, model) = (self.name.clone(), base_model.to_string());
        let alternatives = self.alternatives.clone();
        let closes = self.training_open_until.map(|date| (date, days_between(today, date)));
        if let Some((since, days)) = closes
            && days <= 0
        {
            return Err(TrainingClosed::Closed { profile, since, alternatives });
        }
        if self.model(base_model).is_some_and(|known| !known.trainable) {
            let trainable = self.models.iter().filter(|(_, m)| m.trainable).map(|(id, _)| id.clone()).collect();
            return Err(TrainingClosed::NotTrainable { profile, model, trainable });
        }
        let shutdown = live_shutdown_date.or_else(|| self.shutdown_date(base_model));
        let shuts_down = shutdown.map(|date| (date, days_between(today, date)));
        match shuts_down {
            Some((since, days)) if days <= 0 => Err(TrainingClosed::ShutDown { profile, model, since, alternatives }),
            Some((date, days_left)) if days_left < min_useful_life_days => Err(TrainingClosed::ShutsDownSoon {
                profile,
                model,
                date,
                days_left,
                min_days: min_useful_life_days,
                alternatives,
            }),
            _ => Ok(Open { closes, shuts_down }),
        }
    }
}

fn days_between(today: Date, date: Date) -> i64 {
    // Differences of dates are whole days.
    date.duration_since(today).as_hours() / 24
}

/// What to do where a profile takes no training.
pub(crate) struct Instead<'a>(pub(crate) &'a [String]);

impl fmt::Display for Instead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("choose another profile (`idiolect providers list` shows them)"),
            names => write!(f, "train with {} instead (`idiolect train --provider {}`)", names.join(" or "), names[0]),
        }
    }
}

struct Models<'a>(&'a [String]);

impl fmt::Display for Models<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("fine-tune other models (ask the host which)"),
            names => write!(f, "fine-tune {}", names.join(", ")),
        }
    }
}
