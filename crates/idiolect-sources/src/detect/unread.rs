//! What cannot be read: what it is called, and what to do with it instead.

use super::{GZIP, HEAD, SQLITE, apps, is_named_as_ndjson, unpacked};
use crate::export::{Entry, Export};
use crate::{chat_db, whatsapp};

/// What an export is that is nothing to be read, and what to do.
pub(super) fn unknown(export: &Export) -> (String, &'static str) {
    if let Some((what, advice)) = not_read(export) {
        return (format!("it is {what}"), advice);
    }
    let is_nothing = export.entries().iter().all(|entry| entry.size == 0);
    if is_nothing && export.notes().is_empty() {
        return ("there is nothing in it".to_owned(), "name the file, folder or zip as the app exported it");
    }
    if whatsapp::may_be_chat(export) {
        let reason = "its lines begin as those of WhatsApp's chats do, and those of logs and lists".to_owned();
        return (reason, "if it is a chat, write whatsapp: before its path");
    }
    let unknown = format!("it is no message store or export that is known ({})", crate::spec::kinds());
    // What a folder of links or a zip of strange names holds was not looked at.
    let reason = match export.notes().join(" ").trim_end_matches('.') {
        "" => unknown,
        passed_over => format!("{unknown}; {passed_over}"),
    };
    (reason, "name the file, folder or zip as the app exported it, or write KIND: before its path")
}

/// What is known and not read, and what to do with it.
pub(super) fn not_read(export: &Export) -> Option<(&'static str, &'static str)> {
    const FILES: [(&str, &str, &str); 3] = [
        ("xl/workbook.xml", "a workbook of Excel", "save the sheet with the messages as CSV and name that"),
        ("content.xml", "a document of LibreOffice", "save the sheet with the messages as CSV and name that"),
        (
            "Hangouts.json",
            "an export of Hangouts, which is not read",
            "name the Google Chat folder of a Takeout instead",
        ),
    ];
    if export.is_encrypted() {
        return Some(("a zip with a password", "unpack it with the password and name the folder"));
    }
    if export.is_packed_oddly() {
        return Some(("a zip packed by a method that exports do not use", "unpack it and name the folder"));
    }
    let archive = || archive(&export.head(export.single()?, HEAD)).map(|what| (what, "unpack it and name the folder"));
    let is_there = |file: &str| {
        export.entries().iter().any(|entry| *entry.path == *file || entry.path.ends_with(&format!("/{file}")))
    };
    let gzip = || {
        let is_gzip = export.head(export.single()?, GZIP.len()) == GZIP;
        is_gzip.then_some(("packed with gzip, and no NDJSON", "unpack it and name the file"))
    };
    let ndjson = || {
        let is_within = |entry: &&Entry| export.path_of(entry) != export.root() && is_named_as_ndjson(entry);
        let found = match export.root().is_dir() {
            true => ("a folder of NDJSON", "name the file itself: one is read at a time"),
            false => ("NDJSON in a zip", "unpack it and name the file"),
        };
        export.entries().iter().any(|entry| is_within(&entry)).then_some(found)
    };
    archive()
        .or_else(gzip)
        .or_else(|| by_head(export))
        .or_else(ndjson)
        .or_else(|| packed(export))
        .or_else(|| FILES.iter().find(|(file, ..)| is_there(file)).map(|(_, what, advice)| (*what, *advice)))
        .or_else(|| export.entries().iter().find_map(|entry| phones_backup(entry.name())))
        .or_else(|| signals_backup(export))
        .or_else(|| iphones_backup(export))
}

/// What a file of this name shows by how it begins.
pub(super) fn by_head(export: &Export) -> Option<(&'static str, &'static str)> {
    let is_page = |entry: &Entry| export.head_text(entry, HEAD).contains("page_wrap");
    let page = ("Telegram's export in HTML", "export it again as machine-readable JSON");
    export.called("messages.html").any(is_page).then_some(page).or_else(|| apps::named(export))
}

/// What the phone's own backups are, which nobody else can read.
fn phones_backup(name: &str) -> Option<(&'static str, &'static str)> {
    let (stem, ending) = name.rsplit_once('.')?;
    let is_crypt = ending.strip_prefix("crypt").is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    if is_crypt && stem.contains(".db") {
        return Some(("an encrypted backup of WhatsApp", "export the chats themselves, in each chat with Export chat"));
    }
    (stem.starts_with("signal-") && ending == "backup").then_some(SIGNALS_BACKUP)
}

const SIGNALS_BACKUP: (&str, &str) =
    ("an encrypted backup of Signal", "use Signal's own export of chats, in its settings under Chats");

/// The newer ones are folders.
fn signals_backup(export: &Export) -> Option<(&'static str, &'static str)> {
    let is_backup = |entry: &Entry| ["metadata", "files"].iter().all(|name| export.beside(entry, name).is_some());
    export.called("main").any(is_backup).then_some(SIGNALS_BACKUP)
}

/// Where Messages keeps its messages in iCloud, a backup has none.
fn iphones_backup(export: &Export) -> Option<(&'static str, &'static str)> {
    let lists = ["Manifest.db", "Manifest.mbdb"].map(|name| export.called(name).next());
    let list = lists.into_iter().flatten().next()?;
    let without = (
        "an iPhone's backup without a message, as where Messages keeps them in iCloud",
        "name the chat.db of a Mac with the same account, or turn off Messages in the phone's settings for iCloud and back it up again",
    );
    let several = ("a folder of iPhones' backups", "name the folder of one of them, which has Manifest.db in it");
    Some(if list.folder().is_empty() { without } else { several })
}

/// What lies in a zip and can only be read unpacked.
fn packed(export: &Export) -> Option<(&'static str, &'static str)> {
    let packed = || {
        let is_packed = |entry: &&Entry| export.root().is_file() && export.path_of(entry) != export.root();
        export.entries().iter().filter(is_packed)
    };
    let mut databases = packed().filter(|entry| chat_db::is_called_so(entry.name()));
    if databases.any(|entry| export.head(entry, SQLITE.len()) == SQLITE) {
        let advice = "unpack it, with chat.db-wal beside chat.db if it is there, and name the folder";
        return Some(("a packed database", advice));
    }
    let advice = "unpack it and name the folder, whose zips are looked into";
    packed().any(|entry| entry.has_extension("zip")).then_some(("a zip with other zips in it", advice))
}

/// What a file that begins with `head` is called if it holds others in a way that is not looked into.
fn archive(head: &[u8]) -> Option<&'static str> {
    /// Where the header of a tar archive's first file says what it is.
    const TAR: std::ops::Range<usize> = 257..262;
    let is_tar = |head: &[u8]| head.get(TAR) == Some(b"ustar");
    match head {
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some("a 7z archive"),
        [b'R', b'a', b'r', b'!', 0x1a, 0x07, ..] => Some("a RAR archive"),
        _ if is_tar(head) => Some("a tar archive"),
        _ if head.starts_with(GZIP) && is_tar(&unpacked(head)) => Some("a tar archive packed with gzip"),
        _ => None,
    }
}
