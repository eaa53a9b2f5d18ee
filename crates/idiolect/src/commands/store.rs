//! `idiolect store`: takes all records out of a store as lines of JSON, or into one.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow};
use idiolect_store::{Kind, Line, Movable, Put, Record};
use serde_json::json;
use tokio::sync::watch;

use crate::cli::StoreAction;
use crate::context::Context;
use crate::exit::Exit;
use crate::files::{is_standard, new_beside, open_regular, place_to_write};
use crate::interrupt::watch_for_interrupt;
use crate::output::thousands;
use crate::stores::{self, Store};

/// Records that are read or written together.
const BATCH: usize = 200;

/// The longest record is a receipt with all that was erased; this is many times longer.
const LONGEST_LINE: u64 = 4 << 20;

/// How often progress is said.
const SAY_EVERY: std::time::Duration = std::time::Duration::from_secs(2);

/// How many of the records that were left alone are named.
const NAMED: usize = 10;

pub async fn run(app: &Context, action: &StoreAction) -> Result<Exit> {
    if matches!(action, StoreAction::Export { .. }) {
        stores::refuse_none(&app.settings)?;
    }
    let stop = watch_for_interrupt()?;
    let store = Store::open(&app.settings)?.movable();
    match action {
        StoreAction::Export { output } => {
            let store = store.at_one_moment().await?;
            let count = match output.as_deref().filter(|path| !is_standard(path)) {
                None => export(app, store.as_ref(), &mut std::io::stdout().lock(), &stop).await?,
                Some(path) => export_to_file(app, store.as_ref(), path, &stop).await?,
            };
            Ok(exported(app, count))
        }
        StoreAction::Import { input } if is_standard(input) => {
            import(app, store.as_ref(), std::io::stdin().lock(), "standard input", &stop).await
        }
        StoreAction::Import { input } => {
            import(app, store.as_ref(), BufReader::new(open_regular(input)?), &input.display().to_string(), &stop).await
        }
    }
}

fn exported(app: &Context, count: Option<u64>) -> Exit {
    match count {
        Some(count) => {
            let records = if count == 1 { "record" } else { "records" };
            app.output.note(format!("{} {records} exported from {}", thousands(count), stores::name(&app.settings)));
            Exit::Done
        }
        None => {
            app.output.note("interrupted; the export is not whole");
            Exit::Interrupted
        }
    }
}

/// The file is whole or not there.
async fn export_to_file(
    app: &Context,
    store: &dyn Movable,
    path: &Path,
    stop: &watch::Receiver<bool>,
) -> Result<Option<u64>> {
    let place = place_to_write(path)?;
    let unwritable = || format!("{}: cannot be written", path.display());
    let mut file = new_beside(&place).with_context(unwritable)?;
    let mut writer = BufWriter::new(file.as_file_mut());
    // What is not kept goes with `file`.
    let Some(count) = export(app, store, &mut writer, stop).await? else { return Ok(None) };
    drop(writer);
    file.as_file().sync_all().with_context(unwritable)?;
    file.persist(&place).with_context(unwritable)?;
    Ok(Some(count))
}

/// The number of records, or `None` if it was interrupted.
async fn export(
    app: &Context,
    store: &dyn Movable,
    to: &mut impl Write,
    stop: &watch::Receiver<bool>,
) -> Result<Option<u64>> {
    let cannot_write = "the export cannot be written";
    let mut progress = Progress::new(app, "exported");
    writeln!(to, "{}", Line::Begin.to_json()).context(cannot_write)?;
    for kind in Kind::ALL {
        let mut after = None;
        loop {
            if *stop.borrow() {
                return Ok(None);
            }
            let page = store.page(kind, after.as_deref(), BATCH).await?;
            let Some((position, _)) = page.last() else { break };
            after = Some(position.clone());
            progress.add(page.len());
            for (_, record) in page {
                writeln!(to, "{}", Line::Record(record).to_json()).context(cannot_write)?;
            }
        }
    }
    writeln!(to, "{}", Line::End { records: progress.count }.to_json()).context(cannot_write)?;
    to.flush().context(cannot_write)?;
    Ok(Some(progress.count))
}

/// What became of the records of an import.
#[derive(Default)]
struct Tally {
    written: BTreeMap<Kind, u64>,
    same: u64,
    newer: u64,
    /// The first of those that are newer in the store.
    named: Vec<String>,
}

async fn import(
    app: &Context,
    store: &dyn Movable,
    mut from: impl BufRead,
    place: &str,
    stop: &watch::Receiver<bool>,
) -> Result<Exit> {
    let mut tally = Tally::default();
    let mut progress = Progress::new(app, "read");
    let mut batch = Vec::with_capacity(BATCH);
    let mut number = 0;
    let mut begun = false;
    let ended = loop {
        if *stop.borrow() {
            break Err(None);
        }
        match next_line(&mut from, &mut number).map_err(|reason| anyhow!("{place}, line {number}: {reason}")) {
            Err(error) => break Err(Some(error)),
            Ok(None) => {
                break Err(Some(anyhow!("{place} ends after line {number}, before its end line; export it again")));
            }
            Ok(Some(Line::Begin)) if !begun => begun = true,
            Ok(Some(_)) if !begun => break Err(Some(anyhow!("{place} is no export of `idiolect store export`"))),
            Ok(Some(Line::Begin)) => break Err(Some(anyhow!("{place}, line {number}: a second export begins here"))),
            Ok(Some(Line::End { records })) if records == progress.count => break Ok(()),
            Ok(Some(Line::End { records })) => {
                break Err(Some(anyhow!("{place} has {} of {records} records; export it again", progress.count)));
            }
            Ok(Some(Line::Record(record))) => {
                progress.add(1);
                batch.push(record);
                if batch.len() == BATCH {
                    put(store, std::mem::take(&mut batch), &mut tally).await?;
                }
            }
        }
    };
    // Whatever stood before the end, however it came, is put in: an import goes on where the last one stopped.
    put(store, batch, &mut tally).await?;
    report(app, &tally)?;
    match ended {
        Err(Some(error)) => Err(error
            .context("the import stopped; what stood before is in, and importing the whole file goes on from there")),
        Err(None) => {
            app.output.note("interrupted; what was read is in, and importing again goes on from there");
            Ok(Exit::Interrupted)
        }
        Ok(()) if tally.newer > 0 => Ok(Exit::Failed),
        Ok(()) => Ok(Exit::Done),
    }
}

async fn put(store: &dyn Movable, records: Vec<Record>, tally: &mut Tally) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let named: Vec<_> = records.iter().map(|record| (record.kind(), record.name())).collect();
    let answers = store.put(records).await?;
    for ((kind, name), answer) in named.into_iter().zip(answers) {
        match answer {
            Put::Written => *tally.written.entry(kind).or_default() += 1,
            Put::Same => tally.same += 1,
            Put::Newer => {
                tally.newer += 1;
                if tally.named.len() < NAMED {
                    tally.named.push(name);
                }
            }
        }
    }
    Ok(())
}

fn report(app: &Context, tally: &Tally) -> Result<()> {
    let of = |kind| tally.written.get(&kind).copied().unwrap_or(0);
    let spending = of(Kind::SpendRun) + of(Kind::SpendUserMonth) + of(Kind::SpendDay);
    if app.output.json {
        return app.output.json(&json!({
            "store": stores::name(&app.settings),
            "written": {
                "users": of(Kind::User),
                "versions": of(Kind::Version),
                "erasures": of(Kind::Erasure),
                "spending": spending,
            },
            "alreadyThere": tally.same,
            "newerThere": tally.newer,
        }));
    }
    app.output.line(format!("into {}:", stores::name(&app.settings)));
    let rows = [
        ("users written", of(Kind::User)),
        ("versions written", of(Kind::Version)),
        ("erasures written", of(Kind::Erasure)),
        ("spending written", spending),
        ("already there", tally.same),
        ("newer there, left alone", tally.newer),
    ];
    app.output.table(&["", "records"], rows.map(|(name, count)| vec![name.to_owned(), thousands(count)]));
    if !tally.named.is_empty() {
        let more = if tally.newer as usize > tally.named.len() { ", …" } else { "" };
        app.output.note(format!(
            "left alone, because the store has a newer one or another of the same revision: {}{more}",
            tally.named.join(", ")
        ));
    }
    Ok(())
}

/// The next line that is not blank, and its number; `None` at the end.
fn next_line(from: &mut impl BufRead, number: &mut u64) -> Result<Option<Line>, String> {
    loop {
        let mut bytes = Vec::new();
        let read = from.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes);
        if read.is_ok() && bytes.is_empty() {
            return Ok(None);
        }
        *number += 1;
        read.map_err(|error| format!("cannot be read: {error}"))?;
        if bytes.len() as u64 == LONGEST_LINE && bytes.last() != Some(&b'\n') {
            return Err("is too long for a record".to_owned());
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| "is not UTF-8".to_owned())?.trim();
        if !text.is_empty() {
            return Line::from_json(text).map(Some);
        }
    }
}

/// Says now and then how far it is.
struct Progress<'a> {
    app: &'a Context,
    what: &'static str,
    count: u64,
    said: Instant,
}

impl<'a> Progress<'a> {
    fn new(app: &'a Context, what: &'static str) -> Self {
        Self { app, what, count: 0, said: Instant::now() }
    }

    fn add(&mut self, records: usize) {
        self.count += records as u64;
        if self.said.elapsed() >= SAY_EVERY {
            self.said = Instant::now();
            self.app.output.note(format!("{} records {}", thousands(self.count), self.what));
        }
    }
}
