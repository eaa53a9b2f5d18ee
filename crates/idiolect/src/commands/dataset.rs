//! `idiolect dataset`: the dataset that training would use, as counts or as files.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use idiolect_dataset::picture::{self, Picture};
use idiolect_dataset::report::{Cost, Report, render};
use idiolect_dataset::validate::MIN_EXAMPLES;
use idiolect_dataset::{Dataset, DatasetSettings, ExtractionReport, Manifest, PiiKind};
use idiolect_pipeline::{Observer, build_dataset};
use idiolect_provider::{ModelId, Profile};
use idiolect_registry::{InsufficientData, Purpose, prove_consent};

use crate::cli::{DatasetAction, DatasetFlags};
use crate::commands::extract::{print_report, refuse_nothing};
use crate::commands::validate::validate;
use crate::context::Context;
use crate::cost::{PricedManifest, estimates};
use crate::exit::{Exit, WrongFlag};
use crate::files::{check_directory, check_place, is_standard, write_private};
use crate::hosted::{check_open, profiles};
use crate::interrupt::end_at_interrupt;
use crate::output::thousands;
use crate::progress::RunProgress;
use crate::reading::{SourceRecord, source_options, window};

pub async fn run(app: &Context, action: &DatasetAction) -> Result<Exit> {
    let _ending = end_at_interrupt(app.output, "stopped; nothing was left half-written, run the same command again")?;
    match action {
        DatasetAction::Preview(flags) => {
            let (dataset, _) = build(app, flags).await?;
            preview(app, &dataset)
        }
        DatasetAction::Build { flags, output } => {
            if is_standard(output) {
                let why = "-o -: two files are written, which standard output cannot take; name a directory, or write ./- for one of that name";
                return Err(WrongFlag(why.into()).into());
            }
            check_directory(output)?;
            let (dataset, _) = build(app, flags).await?;
            write(app, &dataset, output)?;
            preview(app, &dataset)
        }
        DatasetAction::Report { flags, output, with_samples } => {
            if is_standard(output) && app.output.json {
                return Err(WrongFlag(
                    "-o -: the page and --json cannot both go to standard output; name a file".into(),
                )
                .into());
            }
            if !is_standard(output) {
                // Better now than behind all the work.
                check_place(output)?;
            }
            let (dataset, extraction) = build(app, flags).await?;
            let page = render(&Report {
                source: &app.source(flags.reading.source.as_deref())?.shown(),
                extraction: &extraction,
                manifest: &dataset.manifest,
                days: &dataset.days,
                picture: &Picture::of(&dataset),
                costs: &costs(app, &dataset.manifest)?,
                samples: &picture::samples(&dataset, with_samples.unwrap_or(0)),
            });
            if is_standard(output) {
                app.output.fragment(&page)?;
            } else {
                write_private(output, page.as_bytes())?;
                app.output.note(format!("{}: written, {} bytes; open it in a browser", output.display(), page.len()));
            }
            if app.output.json {
                app.output.json(&PricedManifest::new(&dataset.manifest, costs(app, &dataset.manifest)?))?;
            }
            if dataset.manifest.messages_in_window == 0 {
                let why = match &flags.reading.options.after {
                    Some(after) => format!("nothing was sent in the window and came in after {after}"),
                    None => "nothing was sent in the window; look at --until and --days".to_owned(),
                };
                app.output.note(format!("the page is empty: {why}"));
                return Ok(Exit::InsufficientData);
            }
            Ok(Exit::Done)
        }
        DatasetAction::Validate { file, base_model } => validate(app, file, base_model.as_deref()),
    }
}

async fn build(app: &Context, flags: &DatasetFlags) -> Result<(Dataset, ExtractionReport)> {
    let options = &flags.reading.options;
    // Whoever mistypes a flag is told so, with consent or without.
    let spec = app.source(flags.reading.source.as_deref())?;
    source_options(&options.hints)?;
    let settings = DatasetSettings {
        window: window(options, app.settings.dataset.days, app.now())?,
        strategy: app.strategy(flags.strategy.as_deref())?,
        ..app.dataset_settings()?
    };
    let user = app.user(&flags.user).await?;
    let proof = prove_consent(&user, Purpose::Extract)?;
    let source = SourceRecord::new(spec, options)?.for_user(user.user_id.as_str()).open(&app.access())?;
    let progress = Arc::new(RunProgress::new(app.output));
    let observer: Arc<dyn Observer> = progress.clone();
    let built = build_dataset(&proof, source.as_ref(), settings, &observer);
    progress.clear();
    let (dataset, report) = built?;
    print_report(app.output, &source.label(), options, &report)?;
    refuse_nothing(&source.label(), options, &report)?;
    Ok((dataset, report))
}

fn preview(app: &Context, dataset: &Dataset) -> Result<Exit> {
    let manifest = &dataset.manifest;
    if app.output.json {
        app.output.json(&PricedManifest::new(manifest, costs(app, manifest)?))?;
    } else {
        print_summary(app, manifest, &costs(app, manifest)?);
        match enough(app, manifest) {
            Ok(()) => app.output.line("enough data: a run would train on this"),
            Err(insufficient) => app.output.line(insufficient),
        }
    }
    Ok(match enough(app, manifest) {
        Ok(()) => Exit::Done,
        Err(_) => Exit::InsufficientData,
    })
}

/// By the prices of the profiles as the settings have them, where a run would not be refused.
fn costs(app: &Context, manifest: &Manifest) -> Result<Vec<Cost>> {
    let may_train = |profile: &Profile, base: &ModelId| check_open(app, profile, base, None).is_ok();
    Ok(estimates(manifest, app.settings.training.epochs, &profiles(app)?, may_train))
}

/// What a run would miss, in words.
fn enough(app: &Context, manifest: &Manifest) -> Result<(), String> {
    let checked = app.requirements().check(manifest.messages_in_window, manifest.tokens.messages_in_window);
    checked.map_err(|insufficient: InsufficientData| insufficient.to_string())?;
    if manifest.training_examples < MIN_EXAMPLES {
        return Err(format!(
            "not enough data: {} of {MIN_EXAMPLES} training examples; look at what was left out, and at the caps and cleaning rules in \
             the settings",
            manifest.training_examples
        ));
    }
    Ok(())
}

fn print_summary(app: &Context, manifest: &Manifest, costs: &[Cost]) {
    let (redactions, tokens) = (&manifest.redactions, &manifest.tokens);
    let count = |name: &str, number: u64| app.output.line(format!("{:>10}  {name}", thousands(number)));
    app.output.line(format!("window {} to {}", manifest.window_start, manifest.window_end));
    count("sent messages", manifest.messages_in_window);
    count("their tokens (o200k)", tokens.messages_in_window);
    for (reason, number) in manifest.dropped.by_reason() {
        if number > 0 {
            count(&format!("left out: {reason}"), number);
        }
    }
    if manifest.messages_trimmed > 0 {
        count("shortened: less a quote or a signature", manifest.messages_trimmed);
    }
    for (kind, number) in redactions.by_kind() {
        if number > 0 {
            count(&format!("redacted: {}", redaction_name(kind)), number);
        }
    }
    count("messages kept", manifest.messages_kept);
    count("their tokens, redacted", tokens.messages_kept);
    if let (Some(first), Some(last)) = (manifest.first_message, manifest.last_message) {
        app.output.line(format!("            from {first} to {last}"));
    }
    count("training examples", manifest.training_examples);
    count("held out", manifest.holdout_examples);
    if manifest.bursts > 0 {
        count("of them bursts of several messages", manifest.bursts);
    }
    let forms = &manifest.forms;
    for (form, number) in
        [("neutral_rewrite", forms.neutral_rewrite), ("intent", forms.intent), ("style_rewrite", forms.style_rewrite)]
    {
        if number > 0 && manifest.strategy == "mix" {
            count(&format!("prompted by {form}"), number);
        }
    }
    count("tokens of the training file, prompts included", tokens.training_file);
    for cost in costs {
        app.output.line(format!(
            "{:>10}  USD to train {} at {}, {} {}",
            cost.dollars(),
            cost.base_model,
            cost.provider,
            cost.epochs,
            if cost.epochs == 1 { "epoch" } else { "epochs" }
        ));
    }
    app.output.line(format!("sha256 {}", manifest.dataset_hash));
    app.output.line(format!(
        "{}, {}, {}, {}, {}, {}",
        manifest.dataset_builder_version,
        manifest.prompt_version,
        manifest.cleaning_version,
        manifest.redaction_ruleset_version,
        manifest.neutraliser_version,
        manifest.intent_version
    ));
}

fn redaction_name(kind: PiiKind) -> &'static str {
    match kind {
        PiiKind::Phone => "phone numbers",
        PiiKind::Email => "e-mail addresses",
        PiiKind::PostalAddress => "postal addresses",
        PiiKind::OneTimeCode => "one-time codes",
        PiiKind::Password => "passwords and PINs",
        PiiKind::PaymentCard => "payment cards",
        PiiKind::Iban => "bank accounts (IBAN)",
        PiiKind::NationalId => "national ids",
        PiiKind::IpAddress => "IP addresses",
        PiiKind::Secret => "tokens and keys",
        PiiKind::Name => "names",
        PiiKind::Word => "words of your own list",
    }
}

/// The files are readable by the user alone. The holdout is not written: it has no use outside evaluation.
fn write(app: &Context, dataset: &Dataset, directory: &Path) -> Result<()> {
    std::fs::create_dir_all(directory).with_context(|| format!("{}: cannot be created", directory.display()))?;
    let training = directory.join("training.jsonl");
    write_private(&training, &dataset.training.to_bytes())?;
    let manifest = serde_json::to_vec_pretty(&PricedManifest::new(&dataset.manifest, costs(app, &dataset.manifest)?))
        .context("the manifest cannot be written as JSON")?;
    write_private(&directory.join("manifest.json"), &manifest)?;
    app.output.note(format!(
        "{}: {} examples, {} bytes; the holdout of {} messages is not written out",
        training.display(),
        thousands(dataset.training.examples as u64),
        thousands(dataset.training.len() as u64),
        thousands(dataset.holdout.examples().len() as u64)
    ));
    Ok(())
}
