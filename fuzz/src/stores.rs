//! Message stores: a file, and what an app exports as a folder or a zip of several.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use idiolect_dataset::{ExtractionReport, Message, Window};
use idiolect_sources::{SourceKind, SourceOptions, SourceSpec, detect, fuzzing, open};
use jiff::Timestamp;

/// What is read beside the files that every reader has a sample of.
const OTHERS: [(SourceKind, &str); 3] = [
    (SourceKind::Ndjson, "sent.ndjson"),
    (SourceKind::Whatsapp, "WhatsApp Chat - Ben.zip"),
    (SourceKind::ChatDb, "chat.db"),
];

/// The files that are read, each by its kind and name: their places in this list choose them.
pub fn files() -> impl Iterator<Item = (SourceKind, &'static str)> + Clone {
    fuzzing::FILES.iter().map(|(kind, name, _)| (*kind, *name)).chain(OTHERS)
}

const ALL_TIME: Window = Window { start: Timestamp::MIN, end: Timestamp::MAX };

/// Any reader, which the first byte chooses: it reads the rest or refuses it, and accounts for every row it read.
pub fn exports(data: &[u8]) {
    messages_of(data);
}

/// How many messages are read before the first error, if there is one.
pub fn messages_of(data: &[u8]) -> u64 {
    let Some((choice, contents)) = data.split_first() else { return 0 };
    let (kind, name) = files().cycle().nth(usize::from(*choice)).unwrap();
    thread_local!(static FOLDER: RefCell<tempfile::TempDir> = RefCell::new(tempfile::tempdir().unwrap()));
    let path: PathBuf = FOLDER.with_borrow(|folder| folder.path().join(name));
    std::fs::write(&path, contents).unwrap();
    let _ = detect(&path);
    let Ok((messages, report)) = read(kind, &path, ALL_TIME) else { return 0 };
    if !name.ends_with(".zip") {
        let lines = 1 + contents.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
        places_lie_within(&report, lines, contents.len());
    }
    parts_make_the_whole(kind, &path, &messages);
    messages.len() as u64
}

/// What is read of a window, or the words of its error; the report fits it.
fn read(kind: SourceKind, path: &Path, window: Window) -> Result<(Vec<Message>, ExtractionReport), String> {
    let me = if kind == SourceKind::Slack { "U1A" } else { "Ana" };
    let options = SourceOptions { me: Some(me.into()), ..SourceOptions::default() };
    let read = || {
        let source = open(&SourceSpec { kind: Some(kind), path: path.to_owned() }, &options)?;
        let mut stream = source.read(window)?;
        let messages = stream.by_ref().collect::<Result<Vec<_>, _>>()?;
        Ok((messages, stream.report()))
    };
    let (messages, report) = read().map_err(|error: idiolect_dataset::SourceError| error.to_string())?;
    for message in &messages {
        assert!(!message.message_id.is_empty() && !message.text.trim().is_empty(), "a message without words or id");
        assert!(window.contains(message.timestamp), "a message outside the window");
    }
    let (kept, skipped) = (messages.len() as u64, report.skipped.values().map(|skipped| skipped.count).sum::<u64>());
    assert_eq!((report.kept, report.rows_read), (kept, kept + skipped), "every row is accounted for");
    assert!(report.sent >= kept && report.sent <= report.rows_read);
    Ok((messages, report))
}

/// The places of what was left out are lines and items that there are.
fn places_lie_within(report: &ExtractionReport, lines: usize, bytes: usize) {
    for (reason, skipped) in &report.skipped {
        assert_eq!(skipped.places.len() as u64, skipped.count.min(ExtractionReport::MAX_PLACES as u64));
        for place in &skipped.places {
            let number = |name| place.rsplit_once(name).and_then(|(_, number)| number.parse::<usize>().ok());
            let within = match (number("line "), number("message ")) {
                (Some(line), _) => (1..=lines).contains(&line),
                (_, Some(item)) => (1..=bytes).contains(&item),
                _ => place.starts_with("row "),
            };
            assert!(within, "{reason} at {place}, of {lines} lines");
        }
    }
}

/// A second reading gives the same, and one of half the time that half.
fn parts_make_the_whole(kind: SourceKind, path: &Path, messages: &[Message]) {
    let (again, _) = read(kind, path, ALL_TIME).expect("what was read once");
    assert!(again == messages, "another reading gives something else");
    let Some(middle) = messages.get(messages.len() / 2) else { return };
    for window in [Window { end: middle.timestamp, ..ALL_TIME }, Window { start: middle.timestamp, ..ALL_TIME }] {
        let (part, _) = read(kind, path, window).expect("half of what was read");
        let mut left = part.iter();
        let is_there = |message: &Message| left.any(|other| other == message);
        let mut wanted = messages.iter().filter(|message| window.contains(message.timestamp));
        assert!(wanted.all(is_there), "half the time has not its half of the messages");
    }
}

/// Stands before the name of each file of a folder; a line break ends that.
pub const FILE: u8 = 0x1e;

/// An export of several files: each reader that finds itself in it reads them or refuses them, and a zip of them as it reads them.
pub fn folders(data: &[u8]) {
    let mut files = BTreeMap::new();
    for file in data.split(|byte| *byte == FILE).filter(|file| !file.is_empty()).take(16) {
        let (name, contents) = file.split_at(file.iter().position(|byte| *byte == b'\n').unwrap_or(file.len()));
        let Ok(name) = std::str::from_utf8(name) else { return };
        let is_usual =
            |part: &str| !["", ".", ".."].contains(&part) && part.len() < 100 && !part.contains(['\\', '\0']);
        if name.split('/').count() > 8 || !name.split('/').all(is_usual) || name.to_ascii_lowercase().ends_with(".zip")
        {
            return;
        }
        files.insert(name, contents.strip_prefix(b"\n").unwrap_or(contents));
    }
    let folder = tempfile::tempdir().unwrap();
    let (whole, packed) = (folder.path().join("export"), folder.path().join("export.zip"));
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&packed).unwrap());
    for (name, contents) in &files {
        let path = whole.join(name);
        // A name may be both of a file and of a folder.
        if std::fs::create_dir_all(path.parent().unwrap()).is_err() || std::fs::write(&path, contents).is_err() {
            return;
        }
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(contents).unwrap();
    }
    zip.finish().unwrap();
    let Ok(found) = detect(&whole) else { return };
    let of_zip = detect(&packed).expect("what was detected in a folder");
    let is_database = |kind| kind == SourceKind::ChatDb;
    for kind in found.iter().map(|found| found.kind).filter(|kind| !is_database(*kind)) {
        assert!(of_zip.iter().any(|found| found.kind == kind), "{kind:?} is not found in the zip");
        let (plain, zipped) = (read(kind, &whole, ALL_TIME), read(kind, &packed, ALL_TIME));
        match (plain, zipped) {
            (Ok((messages, _)), Ok((zipped, _))) => {
                assert!(messages == zipped, "the zip has other messages than its folder");
                parts_make_the_whole(kind, &whole, &messages);
            }
            (Err(_), Err(_)) => {}
            (plain, zipped) => panic!("one of folder and zip is refused: {:?} {:?}", plain.err(), zipped.err()),
        }
    }
}
