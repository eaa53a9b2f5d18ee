//! What drives runs, built from the settings: the machine and the embedded engine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use idiolect_dataset::{DatasetSettings, Window};
use idiolect_lora::delete_training_files;
use idiolect_pipeline::{
    Cadence, Driven, EmbeddedEngine, EmbeddedSettings, Limits, Observer, Pace, Plan, RunSettings, Silent, Successor,
    TrainingMachine, drive, training_file_name,
};
use idiolect_provider::{Hyperparameters, PollPace, Profile, ProfileBook};
use idiolect_registry::{Activation, ModelVersion, RunStep, SpendLimits, SystemClock, Usd, UserId};
use jiff::SignedDuration;

use crate::cli::{ReadingOptions, UserFlag};
use crate::context::{Context, RunLock};
use crate::engines::tell_cluster;
use crate::exit::WrongFlag;
use crate::files::{create_private_dir, read_if_there, write_private};
use crate::hosted;
use crate::interrupt::watch_for_interrupt;
use crate::providers::Providers;
use crate::reading::{RecordedSources, SourceRecord};

/// The name of the provider in this process.
pub const LOCAL: &str = "local";

/// Ending a run that takes longer is not a matter of a call or two.
const LONG_END: Duration = Duration::from_secs(5);

/// Of runs that are asked for without one.
pub const DEFAULT_SEED: u64 = 1;

impl Context {
    pub fn machine(&self, observer: Arc<dyn Observer>) -> Result<TrainingMachine> {
        self.machine_with(self.run_settings()?, observer)
    }

    /// For ending runs and erasing, which need none of what is said about training: where that cannot be used, this machine begins
    /// nothing, and ends what there is all the same.
    pub fn ending_machine(&self) -> Result<TrainingMachine> {
        let nothing = || RunSettings {
            dataset: DatasetSettings::new(Window::ending_at(self.now(), self.settings.dataset.days)),
            requirements: self.requirements(),
            hyperparameters: Hyperparameters::default(),
            plan: Plan::default(),
            limits: Limits { allowed_users: Some(BTreeSet::new()), ..Limits::default() },
            cadence: self.cadence(),
            activation: Activation::AfterReview,
        };
        self.machine_with(self.run_settings().unwrap_or_else(|_| nothing()), Arc::new(Silent))
    }

    fn machine_with(&self, settings: RunSettings, observer: Arc<dyn Observer>) -> Result<TrainingMachine> {
        let machine = TrainingMachine {
            store: self.store()?.clone(),
            hosts: Arc::new(self.providers()?),
            sources: Arc::new(RecordedSources(self.access())),
            clock: Arc::new(SystemClock),
            observer,
            settings,
        };
        #[cfg(feature = "fault-points")]
        let machine = idiolect_pipeline::with_fault_points(machine);
        Ok(machine)
    }

    fn run_settings(&self) -> Result<RunSettings> {
        let training = &self.settings.training;
        Ok(RunSettings {
            dataset: self.dataset_settings()?,
            requirements: self.requirements(),
            hyperparameters: Hyperparameters {
                n_epochs: Some(training.epochs).filter(|n| *n > 0),
                batch_size: Some(training.batch_size).filter(|n| *n > 0),
                learning_rate_multiplier: Some(training.learning_rate_multiplier).filter(|m| *m != 1.0),
            },
            plan: self.plan()?,
            limits: self.limits()?,
            cadence: self.cadence(),
            activation: match self.settings.rollout.activation.as_str() {
                "after_review" => Activation::AfterReview,
                _ => Activation::Automatic,
            },
        })
    }

    /// The providers by name; each is opened when a run first needs it.
    fn providers(&self) -> Result<Providers> {
        Ok(Providers {
            book: self.profiles()?,
            local: self.local_opener(),
            call_timeout: Duration::from_secs(self.settings.runs.call_timeout_seconds.into()),
            pace: self.pace(),
            opened: Mutex::default(),
        })
    }

    pub fn profiles(&self) -> Result<ProfileBook> {
        hosted::profiles(self)
    }

    /// The base model that runs at the provider of the settings train on.
    pub fn training_base_model(&self, profile: &Profile) -> Result<String> {
        let asked = &self.settings.training.base_model;
        if !asked.is_empty() {
            return Ok(asked.clone());
        }
        if profile.name == LOCAL {
            return Ok(self.base_model_name());
        }
        profile
            .default_base_model
            .clone()
            .with_context(|| format!("the profile {} names no base model; set training.base_model", profile.name))
    }

    fn plan(&self) -> Result<Plan> {
        let book = self.profiles()?;
        let profile = hosted::selected(self, &book)?;
        let source = &self.settings.schedule.source;
        // Whose turn it is is put in where `{user}` stands, for a bridge too.
        let record = || SourceRecord::new(source.parse()?, &ReadingOptions::default())?.for_user("{user}").to_json();
        let source = (!source.is_empty()).then(record).transpose().context("schedule.source")?;
        Ok(Plan {
            provider: profile.name.clone(),
            base_model: self.training_base_model(profile)?,
            successor: self.successor(&book)?,
            days: self.settings.dataset.days,
            strategy: self.strategy(None)?.version().to_owned(),
            seed: DEFAULT_SEED,
            code_version_sha: env!("IDIOLECT_CODE_VERSION").to_owned(),
            hyperparams: self.hyperparams(&profile.name),
            source,
        })
    }

    /// What a run's record keeps of how it is trained, beside what the machine adds.
    pub fn hyperparams(&self, provider: &str) -> BTreeMap<String, String> {
        let threads = (provider == LOCAL).then(|| ("threads".to_owned(), self.threads().to_string()));
        threads.into_iter().collect()
    }

    fn successor(&self, book: &ProfileBook) -> Result<Option<Successor>> {
        let setting = self.settings.retirement.successor.as_str();
        if setting.is_empty() {
            return Ok(None);
        }
        let (name, model) = setting.split_once('/').map_or((setting, None), |(name, model)| (name, Some(model)));
        let profile = book.get(name).context("retirement.successor")?;
        let base_model = match model {
            Some(model) => model.to_owned(),
            None if name == LOCAL => self.base_model_name(),
            None => profile.default_base_model.clone().with_context(|| {
                format!("retirement.successor: the profile {name} names no base model; write {name}/BASE_MODEL")
            })?,
        };
        Ok(Some(Successor { provider: name.to_owned(), base_model }))
    }

    fn limits(&self) -> Result<Limits> {
        let caps = &self.settings.caps;
        let cap = |dollars: f64| Usd::from_dollars(dollars).filter(|amount| *amount > Usd::ZERO);
        let allowed = &self.settings.rollout.allowed_users;
        let users = allowed.iter().map(|name| name.parse().with_context(|| format!("rollout.allowed_users: {name}")));
        Ok(Limits {
            per_run: cap(caps.usd_per_run),
            spend: SpendLimits { user_month: cap(caps.usd_per_user_month), installation_day: cap(caps.usd_per_day) },
            cooldown: SignedDuration::from_hours(i64::from(self.settings.schedule.cooldown_hours)),
            allowed_users: if allowed.is_empty() { None } else { Some(users.collect::<Result<_>>()?) },
            min_useful_life_days: i64::from(self.settings.retirement.min_useful_life_days),
        })
    }

    fn cadence(&self) -> Cadence {
        let schedule = &self.settings.schedule;
        let days = i64::from(schedule.every_days);
        Cadence {
            every: (days > 0).then(|| SignedDuration::from_hours(24 * days)),
            min_new_share: schedule.min_new_share,
            on_opt_in: schedule.on_opt_in,
        }
    }

    /// For hosts that are far away.
    fn pace(&self) -> Pace {
        let hours = |hours: u32| Duration::from_secs(3600 * u64::from(hours));
        let runs = &self.settings.runs;
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        Pace {
            poll: PollPace { shortest: seconds(runs.poll_seconds), ..PollPace::HOSTED },
            retry: seconds(runs.retry_seconds),
            max_job: hours(runs.max_job_hours),
            give_up_after: hours(runs.give_up_hours),
            file_expiry: hours(runs.file_expiry_hours),
            ..Pace::default()
        }
    }

    /// The name that this data directory's processes put on leases, so that the next one goes on at once after a crash.
    pub fn owner(&self) -> Result<String> {
        create_private_dir(&self.settings.data_dir)?;
        let path = self.settings.data_dir.join("instance-id");
        // A name that a full disk has left empty would be that of every other process whose disk was full.
        if let Some(known) = read_if_there(&path)?.filter(|known| !known.trim().is_empty()) {
            return Ok(known.trim().to_owned());
        }
        let id = random_id()?;
        write_private(&path, id.as_bytes())?;
        Ok(id)
    }

    pub fn engine(&self, right: &DrivingRight) -> Result<EmbeddedEngine> {
        Ok(EmbeddedEngine::new(self.store()?.clone(), Arc::new(SystemClock), self.driving(right)?))
    }

    /// How this process drives runs, and under which name.
    pub fn driving(&self, right: &DrivingRight) -> Result<EmbeddedSettings> {
        let runs = &self.settings.runs;
        let owner = match right {
            DrivingRight::Alone(_) => self.owner()?,
            // Leases keep processes apart that bear different names.
            DrivingRight::Beside => format!("{}.{}", self.owner()?, random_id()?),
        };
        Ok(EmbeddedSettings {
            workers: runs.workers as usize,
            lease: Duration::from_secs(runs.lease_seconds.into()),
            heartbeat: Duration::from_secs(runs.heartbeat_seconds.into()),
            ..EmbeddedSettings::new(owner)
        })
    }

    /// The right to drive runs here that train at `provider`. Only this machine's own trainer can be used by one process at a
    /// time; what trains elsewhere may be driven by any number of them.
    pub fn right_to_drive(&self, provider: &str) -> Result<DrivingRight> {
        self.right_to_drive_if_free(provider)?.with_context(|| self.runs_are_driven())
    }

    /// `None` while another process has the right, which it may give back.
    pub fn right_to_drive_if_free(&self, provider: &str) -> Result<Option<DrivingRight>> {
        match self.lock_runs_if_free() {
            Ok(Some(lock)) => Ok(Some(DrivingRight::Alone(lock))),
            Ok(None) | Err(_) if provider != LOCAL => Ok(Some(DrivingRight::Beside)),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// After a revocation or a cancellation: takes the run to its end here, unless another process drives it, which sees it
    /// by itself. The version, if its run has ended.
    pub async fn end_run_if_possible(&self, user_id: &UserId) -> Result<Option<ModelVersion>> {
        let unfinished = self.store()?.versions(user_id).await?.into_iter().find(|v| v.run.step.is_under_way());
        let Some(unfinished) = unfinished else { return Ok(None) };
        if tell_cluster(self, user_id).await {
            return Ok(None);
        }
        let elsewhere = || self.output.note(format!("the process that drives run {} ends it", unfinished.id));
        let Some(right) = self.right_to_drive_if_free(&unfinished.provider)? else {
            match unfinished.run.dispatch.lease_until.is_some_and(|until| until > self.now()) {
                true => elsewhere(),
                // `train` drives its own user's run alone.
                false => self.output.note(format!(
                    "run {} is not ended yet, and what it holds stays: another process is at work here, on something else; \
                     do this again when that is done",
                    unfinished.id
                )),
            }
            return Ok(None);
        };
        let settings = self.driving(&right)?;
        if unfinished.run.dispatch.is_held_from(&settings.owner, self.now()) {
            elsewhere();
            return Ok(None);
        }
        let machine = self.ending_machine()?;
        // A run that has just been requested ends without its provider.
        if unfinished.run.step != RunStep::Requested
            && let Err(error) = machine.hosts.host(&unfinished.provider)
        {
            if unfinished.provider != LOCAL {
                return Err(error.into());
            }
            // Without its base model there is no provider to ask, but the words it holds go all the same.
            delete_training_files(&self.settings.data_dir, &training_file_name(&unfinished))?;
            self.output.note(format!("the run's training file is deleted; its record ends with the next run: {error}"));
            return Ok(None);
        }
        let stop = watch_for_interrupt()?;
        let driving = drive(&machine, settings, user_id, stop);
        tokio::pin!(driving);
        let driven = tokio::select! {
            driven = &mut driving => driven,
            () = tokio::time::sleep(LONG_END) => {
                self.output.note(format!(
                    "run {} cannot be ended yet, and it is tried again until it is; Ctrl-C leaves that to a worker",
                    unfinished.id
                ));
                driving.await
            }
        };
        match driven? {
            Driven::Finished(version) => Ok(version.map(|version| *version)),
            Driven::Interrupted => bail!("interrupted before run {} was ended", unfinished.id),
        }
    }
}

/// How this process came to drive runs.
pub enum DrivingRight {
    /// No other process of this data directory drives runs.
    Alone(#[expect(dead_code, reason = "held, not read")] RunLock),
    /// Others may.
    Beside,
}

/// Sixteen random hex digits.
pub fn random_id() -> Result<String> {
    let mut random = [0_u8; 8];
    getrandom::fill(&mut random).context("the system gives no random bytes")?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A version as people write it: its number, or with its user before it, who is nobody else than whom `flag` names.
pub fn parse_version(app: &Context, flag: &UserFlag, text: &str) -> Result<idiolect_registry::VersionId> {
    let invalid = |error| WrongFlag(format!("{text}: {error}"));
    let (user, number) = match text.rsplit_once(':') {
        Some((user, number)) => (user.parse::<UserId>().map_err(invalid)?, number),
        None => (app.user_id(flag)?, text),
    };
    if let Some(asked) = flag.user.as_deref().filter(|asked| *asked != user.as_str()) {
        return Err(WrongFlag(format!("--user {asked}: {text} is another user's; leave one of them out")).into());
    }
    match number.parse() {
        Ok(version) => Ok(idiolect_registry::VersionId { user_id: user, version }),
        Err(_) => {
            let why = "a version is its number, such as 3, or USER:NUMBER, such as ana:3";
            Err(WrongFlag(format!("{text}: {why}")).into())
        }
    }
}
