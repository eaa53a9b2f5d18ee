//! `idiolect demo`: the whole of it on a fictional person, whose words may therefore be shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use idiolect_dataset::{DatasetSettings, Example, Window};
use idiolect_lora::catalog;
use idiolect_pipeline::{Observer, Silent, build_dataset};
use idiolect_provider::{ChatMessage, ChatProvider, ChatRequest, ModelId};
use idiolect_registry::{Change, ModelVersion, Purpose, User, UserId, grant, prove_consent};
use idiolect_sample::{PERSON, WINDOW_END, sample_messages, write_chat_db_with};
use serde_json::{Value, json};

use crate::cli::{Demo, ReadingOptions, Train, UserFlag};
use crate::commands::model::bring;
use crate::commands::train;
use crate::context::{Context, RUN_LOCK, RunLock};
use crate::exit::{Exit, WrongFlag};
use crate::files::{check_directory, create_private_dir};
use crate::interrupt::end_at_interrupt;
use crate::output::{Output, thousands};
use crate::reading::SourceRecord;
use crate::runner::LOCAL;
use crate::settings::{ConversationLists, Resolved, Retirement, Rollout, Schedule, Settings};

/// Marks a directory as a demo's, which the next demo may empty.
const MARKER: &str = ".idiolect-demo";
/// The models stay: bringing one takes longer than anything else that is prepared.
const KEPT: [&str; 3] = [MARKER, "models", RUN_LOCK];
/// Said at Ctrl-C, but in the training run, which can be gone on with.
const STOPPED: &str = "stopped; `idiolect demo` begins anew";
/// The demo's user.
const USER: &str = "wren";
/// Half of what a real run takes, to be quick; the style is there after one.
const DEMO_EPOCHS: u32 = 1;
/// How many unseen things to say are shown.
const SHOWN: usize = 6;

pub async fn run(app: &Context, flags: &Demo) -> Result<Exit> {
    let started = Instant::now();
    let data = app.output;
    let out = Output { json: false, beside: data.json };
    let dir = usable("--dir", &flags.dir)?;
    let base_model = flags.base_model.as_deref().map(|file| usable("--base-model", file)).transpose()?;
    if let Some(file) = base_model.as_ref().filter(|file| !file.is_file()) {
        bail!("--base-model {}: there is no such file", file.display());
    }
    let app = demo_context(app, out, &dir, base_model.as_deref())?;
    // Only one of two demos may empty the place.
    let lock = prepare(&app, &dir)?;

    out.line(format!("1. the base model, {}", app.base_model_name()));
    // A file of one's own is there or is not.
    if flags.base_model.is_none() && catalog::find(&app.settings.model.base).is_some() {
        bring(&app, &app.settings.model.base, None)?;
    }
    let ending = end_at_interrupt(out, STOPPED)?;

    out.line(format!("2. the messages of {PERSON}, a fictional person, as a macOS Messages database"));
    let database = dir.join("chat.db");
    let options = idiolect_sample::ChatDbOptions { leave_wal: true, ..Default::default() };
    let counts = write_chat_db_with(&database, &sample_messages(), &options)?;
    out.line(format!(
        "   {}: {} sent and {} received messages, and {} rows that nobody typed",
        database.display(),
        thousands(counts.sent as u64),
        thousands(counts.received as u64),
        counts.noise
    ));

    out.line("3. consent, given here in the fictional person's name");
    let user_id: UserId = USER.parse()?;
    let user = grant(&User::new(user_id.clone(), app.now()), [Purpose::Extract, Purpose::TrainLocal], app.now());
    app.store()?.commit(vec![Change::PutUser(user)]).await?;

    out.line("4. the training run: extract, clean, redact, train (one epoch, to be quick), evaluate, activate");
    let reading = ReadingOptions { until: Some(WINDOW_END.to_owned()), days: Some(90), ..ReadingOptions::default() };
    let source = format!("chat-db:{}", database.display());
    let request = Train {
        user: UserFlag { user: Some(USER.to_owned()) },
        source: Some(source.clone().into()),
        options: reading.clone(),
        strategy: None,
        provider: None,
        seed: None,
    };
    drop((lock, ending));
    let exit = train::train(&app, &request).await?;
    if exit != Exit::Done {
        return Ok(exit);
    }
    let _ending = end_at_interrupt(out, STOPPED)?;

    let version = app.store()?.versions(&user_id).await?.into_iter().next().context("the run left no record")?;
    out.line("5. bits per character on the holdout, the newest tenth, never trained on (less is better)");
    print_bits(out, &version);

    out.line(format!(
        "6. things that {PERSON} said in the holdout: asked for in plain English, and in whose words they come back"
    ));
    let examples = holdout(&app, &user_id, &source, &reading).await?;
    let answers = answer_side_by_side(&app, &version, &examples).await?;

    let seconds = started.elapsed().as_secs();
    print_next(&app, &dir, seconds);
    if data.json {
        data.json(&json!({
            "dir": dir,
            "userId": USER,
            "modelId": version.fine_tuned_model_id,
            "bitsPerChar": {"base": version.eval.base_holdout_loss, "tuned": version.eval.holdout_loss},
            "answers": answers,
            "seconds": seconds,
        }))?;
    }
    Ok(Exit::Done)
}

/// The whole of a path that settings can hold.
fn usable(flag: &str, path: &Path) -> Result<PathBuf> {
    if path.to_str().is_none() {
        return Err(WrongFlag(format!("{flag} {}: is not UTF-8; name another place", path.display())).into());
    }
    std::path::absolute(path).with_context(|| format!("{flag} {}: is not a usable path", path.display()))
}

/// An empty directory, but for what an earlier demo may leave to this one, and the right to use it.
fn prepare(app: &Context, dir: &Path) -> Result<RunLock> {
    check_directory(dir)?;
    create_private_dir(dir)?;
    let entries = || std::fs::read_dir(dir).with_context(|| format!("{}: cannot be read", dir.display()));
    let marker = dir.join(MARKER);
    if !marker.exists() {
        if entries()?.next().is_some() {
            bail!("{}: is there already and is not a demo's; choose another place with --dir", dir.display());
        }
        std::fs::write(&marker, b"").with_context(|| format!("{}: cannot be written", marker.display()))?;
    }
    let lock = app.lock_runs()?;
    for entry in entries()? {
        let entry = entry?;
        if KEPT.iter().any(|kept| entry.file_name() == *kept) {
            continue;
        }
        let removed = if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())
        } else {
            std::fs::remove_file(entry.path())
        };
        removed.with_context(|| format!("{}: cannot be removed", entry.path().display()))?;
    }
    Ok(lock)
}

/// The same settings with everything under the demo's directory, and without those about whose messages are read and how many it takes,
/// where they are trained on and who may be trained: the demo's person is none of this machine's.
fn demo_context(app: &Context, out: Output, dir: &Path, base_model: Option<&Path>) -> Result<Context> {
    let mut settings = app.settings.clone();
    settings.data_dir = dir.to_owned();
    settings.store = "sqlite".into();
    settings.training.provider = LOCAL.into();
    settings.training.base_model = String::new();
    settings.conversations = ConversationLists::default();
    settings.eligibility = Settings::default().eligibility;
    settings.schedule = Schedule::default();
    settings.rollout = Rollout::default();
    settings.retirement = Retirement::default();
    if let Some(path) = base_model {
        settings.model.base = path.display().to_string();
    }
    if settings.training.epochs == 0 {
        settings.training.epochs = DEMO_EPOCHS;
    }
    let mut origins = app.resolved.origins.clone();
    origins.insert("data_dir".into(), "--dir".into());
    if base_model.is_some() {
        origins.insert("model.base".into(), "--base-model".into());
    }
    let (profiles, environment) = Default::default();
    Ok(Context::new(Resolved { settings, origins, profiles, environment }, out))
}

/// The holdout is extracted again, for nothing keeps it.
async fn holdout(app: &Context, user_id: &UserId, source: &str, reading: &ReadingOptions) -> Result<Vec<Example>> {
    let user = app.store()?.user(user_id).await?.context("the demo's user is gone")?;
    let proof = prove_consent(&user, Purpose::Extract)?;
    let source = SourceRecord::new(source.parse()?, reading)?.open(&app.access())?;
    let settings = DatasetSettings { window: Window::ending_at(WINDOW_END.parse()?, 90), ..app.dataset_settings()? };
    let observer: Arc<dyn Observer> = Arc::new(Silent);
    let (dataset, _) = build_dataset(&proof, source.as_ref(), settings, &observer)?;
    Ok(spread(dataset.holdout.examples()))
}

/// Examples long enough to show a style, evenly spread over the holdout.
fn spread(examples: &[Example]) -> Vec<Example> {
    let telling: Vec<_> = examples
        .iter()
        .filter(|example| (7..=18).contains(&example.assistant().split_whitespace().count()))
        .filter(|example| !example.assistant().contains('['))
        .collect();
    (0..SHOWN.min(telling.len())).map(|n| telling[n * telling.len() / SHOWN.min(telling.len())].clone()).collect()
}

/// Says each example with the base model and with the tuned one, prints them as they come and returns them.
async fn answer_side_by_side(app: &Context, version: &ModelVersion, examples: &[Example]) -> Result<Vec<Value>> {
    let tuned_model = version.fine_tuned_model_id.as_deref().context("the run left no model")?;
    let mut answers = Vec::new();
    for example in examples {
        let asked = example.user().split_once('\n').map_or("", |(_, content)| content);
        let base = answer(app, &version.base_model, example).await?;
        let tuned = answer(app, tuned_model, example).await?;
        app.output.line(format!("   say    {asked}"));
        app.output.line(format!("   base   {}", one_line(&base)));
        app.output.line(format!("   tuned  {}", one_line(&tuned)));
        app.output.line(format!("   {:<6} {}", first_name(), one_line(example.assistant())));
        app.output.line("");
        answers.push(json!({"asked": asked, "base": base, "tuned": tuned, "written": example.assistant()}));
    }
    Ok(answers)
}

fn first_name() -> String {
    PERSON.split(' ').next().unwrap_or(PERSON).to_lowercase()
}

async fn answer(app: &Context, model: &str, example: &Example) -> Result<String> {
    let messages = [ChatMessage::new("system", example.system()), ChatMessage::new("user", example.user())];
    let request = ChatRequest::new(ModelId::new(model), &messages).with("temperature", 0).with("max_tokens", 48);
    let completion = app.provider()?.complete(request).await?;
    Ok(completion.content().unwrap_or_default().to_owned())
}

/// Line breaks as spaces, and not longer than a terminal is wide.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 96 { line } else { line.chars().take(95).chain(['…']).collect() }
}

fn print_bits(out: Output, version: &ModelVersion) {
    if let (Some(base), Some(tuned)) = (version.eval.base_holdout_loss, version.eval.holdout_loss) {
        out.line(format!("   base   {base:.3}"));
        out.line(format!("   tuned  {tuned:.3}  ({:.0} % less)", 100.0 * (base - tuned) / base));
    }
}

fn print_next(app: &Context, dir: &Path, seconds: u64) {
    let out = app.output;
    let program = PathBuf::from(std::env::args_os().next().unwrap_or_else(|| "idiolect".into()));
    let program = program.display();
    let flags = app.flags_again();
    out.line(format!("done in {} min {} s. Everything is under {}:", seconds / 60, seconds % 60, dir.display()));
    out.line("   chat.db             the messages");
    out.line("   registry.sqlite3    consent, versions, the run: no message text");
    out.line("   adapters/           the LoRA adapter, in PEFT format");
    if dir.join("models").exists() {
        out.line("   models/             the base model");
    }
    out.line("next:");
    out.line(format!("   {program} chat --user {USER}{flags}"));
    out.line(format!("   {program} serve --user {USER}{flags}"));
    out.line(format!("   {program} consent grant && {program} train --source chat-db:~/Library/Messages/chat.db"));
}
