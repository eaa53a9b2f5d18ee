//! What must be so at every moment, and what once there is nothing left to do.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use idiolect_provider::FineTuningProvider;
use idiolect_registry::{
    Clock, FailureCode, MetadataStore, ModelStatus, ModelVersion, SpendingOf, Usd, User, VersionStatus,
};
use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::operation::USERS;
use super::town::{SUCCESSOR, Town};
use crate::world::BASE;

type Holds = Result<(), String>;

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Holds {
    if holds { Ok(()) } else { Err(what()) }
}

impl Town {
    /// After every step.
    pub async fn check(&self) -> Holds {
        if let Some(broken) = self.broken.lock().unwrap().first() {
            return Err(broken.clone());
        }
        if self.store.ping().await.is_err() {
            return Ok(());
        }
        self.no_job_is_paid_twice()?;
        self.the_days_cap_is_kept().await?;
        for user in self.store.users() {
            let versions = self.versions(&user.user_id).await;
            one_run_is_under_way_at_most_and_somebody_will_look_at_it(&versions)?;
            if user.erasure_id.is_none() {
                numbers_are_counted(&user, &versions)?;
                what_is_served_exists(&user, &versions)?;
                the_status_agrees(&user, &versions)?;
            } else {
                ensure(user.dispatch.next_at.is_some(), || format!("nobody will erase {}", user.user_id))?;
            }
        }
        Ok(())
    }

    fn no_job_is_paid_twice(&self) -> Holds {
        let (mut seen, lost) = (BTreeSet::new(), self.trained_on_lost.lock().unwrap());
        let mut files = self.provider.trained_on().into_iter().filter(|file| !lost.contains(file.as_str()));
        match files.find(|file| !seen.insert(file.to_string())) {
            Some(file) => Err(format!("two jobs were created for the run of {file}")),
            None => Ok(()),
        }
    }

    async fn the_days_cap_is_kept(&self) -> Holds {
        let Some(cap) = self.setup.day_cap.and_then(|dollars| Usd::from_dollars(dollars.into())) else { return Ok(()) };
        let spent = self.store.spending(&SpendingOf::Day(self.today())).await.unwrap_or_default();
        ensure(spent <= cap, || format!("{spent} are reserved or spent today, and the cap is {cap}"))
    }

    fn today(&self) -> Date {
        self.clock.now().to_zoned(TimeZone::UTC).date()
    }

    /// No run and no erasure is under way.
    pub async fn check_at_rest(&self) -> Holds {
        let (files, may_be_left) = (self.provider.files(), self.was_away.load(Ordering::SeqCst));
        ensure(files.is_empty() || may_be_left, || format!("training files are left: {:?}", names(&files)))?;
        for job in self.provider.jobs() {
            ensure(job.status.is_terminal(), || format!("{} goes on and no run waits for it", job.id))?;
        }
        let mut recorded = BTreeSet::from([BASE.to_owned(), SUCCESSOR.to_owned()]);
        let mut jobs = BTreeSet::new();
        let mut spent = Usd::ZERO;
        let mut counted = Usd::ZERO;
        for user in self.store.users() {
            for version in self.versions(&user.user_id).await {
                recorded.extend(version.fine_tuned_model_id.clone());
                jobs.extend(version.job_id.clone());
                spent = spent + version.spent();
            }
            for month in self.months() {
                let of = SpendingOf::UserMonth(user.user_id.clone(), month);
                counted = counted + self.store.spending(&of).await.map_err(|error| error.to_string())?;
            }
        }
        // One that could not be made to answer is found by its job.
        let made = self.provider.jobs().into_iter().filter(|job| jobs.contains(job.id.as_str()));
        recorded.extend(made.filter_map(|job| Some(job.fine_tuned_model?.to_string())));
        let stray = self.models().await.into_iter().find(|model| !recorded.contains(model));
        ensure(stray.is_none(), || format!("the model {stray:?} is on no record"))?;
        let left = self.provider.results().into_iter().find(|job| !jobs.contains(job.as_str()));
        ensure(left.is_none(), || format!("the files of the job {left:?} are on no record"))?;
        let expected = if self.setup.hosted { spent } else { Usd::ZERO };
        ensure(counted == expected, || format!("{counted} count as spent, and the runs cost {expected}"))
    }

    /// Everybody who should have a turn has one, once there has been a daily look.
    pub fn check_turns(&self) -> Holds {
        if !self.setup.every_week {
            return Ok(());
        }
        let farthest = self.clock.now() + SignedDuration::from_hours(9 * 24);
        for user in self.store.users().iter().filter(|user| user.consent.stands() && user.erasure_id.is_none()) {
            let next_at = user.dispatch.next_at;
            ensure(next_at.is_some_and(|at| at <= farthest), || {
                format!("{} has no turn within the week: {next_at:?}", user.user_id)
            })?;
        }
        Ok(())
    }

    /// Everybody has been erased.
    pub async fn check_nothing_is_left(&self) -> Holds {
        ensure(self.store.users().is_empty(), || "a user's record is left".into())?;
        for user in USERS {
            let user = user.parse().unwrap();
            ensure(self.versions(&user).await.is_empty(), || format!("versions of {user} are left"))?;
            for month in self.months() {
                let of = SpendingOf::UserMonth(user.clone(), month);
                let spent = self.store.spending(&of).await.unwrap_or_default();
                ensure(spent == Usd::ZERO, || format!("the spending of {user} is left"))?;
            }
        }
        for receipt in self.store.erasures(1000).await.unwrap_or_default() {
            ensure(receipt.user_id.is_none() && receipt.completed_at.is_some(), || format!("{receipt:?}"))?;
        }
        let (files, jobs) = (self.provider.files(), self.provider.jobs());
        ensure(files.is_empty(), || format!("training files are left: {:?}", names(&files)))?;
        ensure(jobs.is_empty(), || format!("jobs are left: {jobs:?}"))?;
        let left = self.provider.results();
        ensure(left.is_empty(), || format!("files of the jobs {left:?} are left"))?;
        let models = self.models().await;
        ensure(models == BTreeSet::from([BASE.to_owned(), SUCCESSOR.to_owned()]), || {
            format!("models are left: {models:?}")
        })
    }

    async fn models(&self) -> BTreeSet<String> {
        let models = FineTuningProvider::models(self.provider.as_ref()).await.unwrap();
        models.into_iter().map(|model| model.id.to_string()).collect()
    }

    /// A day of every month there has been, and of some to come, for clocks are set back.
    fn months(&self) -> Vec<Date> {
        let first = jiff::civil::date(2025, 12, 1);
        let last = self.today().saturating_add(jiff::Span::new().months(2));
        first.series(jiff::Span::new().months(1)).take_while(|month| *month <= last).collect()
    }
}

fn names(files: &[idiolect_provider::UploadedFile]) -> Vec<&str> {
    files.iter().map(|file| file.name.as_str()).collect()
}

fn one_run_is_under_way_at_most_and_somebody_will_look_at_it(versions: &[ModelVersion]) -> Holds {
    let under_way: Vec<_> = versions.iter().filter(|version| version.run.step.is_under_way()).collect();
    ensure(under_way.len() <= 1, || format!("{} and {} are under way at once", under_way[0].id, under_way[1].id))?;
    let forgotten = under_way.iter().find(|run| run.run.dispatch.next_at.is_none());
    ensure(forgotten.is_none(), || format!("nobody will look at {}", forgotten.unwrap().id))
}

fn numbers_are_counted(user: &User, versions: &[ModelVersion]) -> Holds {
    let newest = versions.first().map_or(0, |version| version.id.version);
    ensure(user.latest_model_version == newest, || {
        format!("{} has {newest} versions and counts {}", user.user_id, user.latest_model_version)
    })
}

fn what_is_served_exists(user: &User, versions: &[ModelVersion]) -> Holds {
    let id = &user.user_id;
    ensure((user.active_model_version == 0) == user.active_model_id.is_none(), || {
        format!("{id} is served {:?} as version {}", user.active_model_id, user.active_model_version)
    })?;
    ensure(user.previous_model_version != Some(user.active_model_version), || {
        format!("{id} would be rolled back to what is served")
    })?;
    if user.active_model_version == 0 {
        return Ok(());
    }
    let active = versions.iter().find(|version| version.id.version == user.active_model_version);
    let sound = active.is_some_and(|active| {
        active.status == VersionStatus::Succeeded && active.fine_tuned_model_id == user.active_model_id
    });
    ensure(sound, || format!("{id} is served {:?}, and its version is {active:?}", user.active_model_id))
}

fn the_status_agrees(user: &User, versions: &[ModelVersion]) -> Holds {
    let newest = versions.first();
    let active = versions.iter().find(|version| version.id.version == user.active_model_version);
    let revoked = user.consent.revoked_at.is_some();
    let agrees = match user.model_status {
        ModelStatus::Disabled => revoked,
        _ if revoked => false,
        ModelStatus::None => active.is_none(),
        ModelStatus::Training => active.is_none() && newest.is_some_and(|newest| !newest.run.step.is_terminal()),
        ModelStatus::Ready => active.is_some(),
        ModelStatus::Failed => active
            .is_none_or(|active| active.failure.as_ref().is_some_and(|failure| failure.code == FailureCode::ModelGone)),
    };
    ensure(agrees, || {
        let newest = newest.map(|newest| (newest.id.to_string(), newest.run.step));
        format!("{} is {:?}, consent {:?}, newest {newest:?}", user.user_id, user.model_status, user.consent)
    })
}
