use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, contents) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(contents).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn paths(export: &Export) -> Vec<&str> {
    export.entries().iter().map(|entry| &*entry.path).collect()
}

fn contents(export: &Export, path: &str) -> Result<String, String> {
    let entry = export.entries().iter().find(|entry| &*entry.path == path).unwrap().clone();
    let mut text = String::new();
    let mut reader = export.read(&entry).map_err(|error| error.to_string())?;
    reader.read_to_string(&mut text).map_err(|error| failed(&export.path_of(&entry), &error).to_string())?;
    Ok(text)
}

#[test]
fn a_file_a_folder_and_a_zip_are_read_alike() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("a")).unwrap();
    fs::write(folder.path().join("a/x.txt"), "ex").unwrap();
    fs::write(folder.path().join(".DS_Store"), "clutter").unwrap();
    fs::write(folder.path().join("b.zip"), zip(&[("a/y.txt", b"why"), ("__MACOSX/._y", b"clutter")])).unwrap();
    let export = Export::open(folder.path()).unwrap();
    assert_eq!(paths(&export), ["a/x.txt", "b.zip/a/y.txt"]);
    assert_eq!(contents(&export, "a/x.txt").unwrap(), "ex");
    assert_eq!(contents(&export, "b.zip/a/y.txt").unwrap(), "why");
    let export = Export::open(&folder.path().join("b.zip")).unwrap();
    assert_eq!((paths(&export), contents(&export, "a/y.txt").unwrap()), (vec!["a/y.txt"], "why".to_owned()));
    let export = Export::open(&folder.path().join("a/x.txt")).unwrap();
    assert_eq!((export.single().unwrap().name(), export.bytes_read()), ("x.txt", 0));
}

#[test]
fn links_are_not_followed_and_names_do_not_lead_out() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    fs::write(folder.path().join("bad.zip"), zip(&[("../../etc/x", b"x"), ("/abs", b"x"), ("ok", b"x")])).unwrap();
    let export = Export::open(folder.path()).unwrap();
    assert_eq!(paths(&export), ["bad.zip/ok"]);
    assert_eq!(
        export.notes(),
        ["2 files of a zip with names that lead out of it were passed over.", "1 symbolic links were not followed."]
    );
}

#[test]
fn a_name_that_two_files_of_a_zip_have_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut twice = zip(&[("a.txt", b"one"), ("b.txt", b"two")]);
    for at in 0..twice.len() - 5 {
        if twice[at..].starts_with(b"b.txt") {
            twice[at] = b'a';
        }
    }
    fs::write(folder.path().join("x.zip"), twice).unwrap();
    let export = Export::open(&folder.path().join("x.zip")).unwrap();
    assert_eq!((paths(&export), contents(&export, "a.txt").unwrap()), (vec!["a.txt"], "two".to_owned()));
    let said = "1 files of a zip were passed over, as another of its files has the same name.";
    assert_eq!(export.notes(), [said]);
}

#[test]
fn where_nothing_is_known_it_is_said_what_was_not_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/nowhere", folder.path().join("chat.db")).unwrap();
    let error = crate::detect::detect_one(folder.path()).unwrap_err().to_string();
    assert!(error.contains("1 symbolic links were not followed; name the file"), "{error}");
}

#[test]
fn what_is_not_here_yet_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for name in [".result.json.icloud", "WhatsApp Chat - Ana.zip.part", "Unconfirmed 7.crdownload", "notes.txt"] {
        fs::write(folder.path().join(name), "x").unwrap();
    }
    let export = Export::open(folder.path()).unwrap();
    assert_eq!(paths(&export), ["notes.txt"]);
    let error = crate::detect::detect_one(folder.path()).unwrap_err().to_string();
    let said = "; 2 downloads have not ended. 1 files are in iCloud and not on this machine: download them; name";
    assert!(error.contains(said), "{error}");
}

#[test]
fn a_file_that_cannot_be_opened_is_said_and_hides_no_other() {
    let chat = "[01.02.26, 10:00:00] Ana: hi\n[01.02.26, 10:01:00] Wren: yo\n";
    let folder = tempfile::tempdir().unwrap();
    for name in ["Ana.txt", "Ben.txt"] {
        fs::write(folder.path().join(name), chat).unwrap();
    }
    let export = Export::open(folder.path()).unwrap();
    fs::remove_file(folder.path().join("Ben.txt")).unwrap();
    for entry in export.entries() {
        assert_eq!(export.head(entry, 9).is_empty(), export.head_text(entry, 9).is_empty());
    }
    assert_eq!(export.notes(), ["1 files or folders could not be opened: check their permissions."]);
}

#[test]
fn a_zip_that_unpacks_out_of_proportion_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.zip");
    let zeros = vec![0; 17 << 20];
    fs::write(&path, zip(&[("zeros", &zeros)])).unwrap();
    let export = Export::open(&path).unwrap();
    let mut reader = export.read(&export.entries()[0]).unwrap();
    let error = std::io::copy(&mut reader, &mut std::io::sink()).unwrap_err();
    let error = failed(&export.path_of(&export.entries()[0]), &error).to_string();
    assert!(
        error.ends_with(
            "bomb.zip/zeros: it unpacks to hundreds of times its size; no app exports that; do not trust the file"
        ),
        "{error}"
    );
}

#[test]
fn a_cut_or_damaged_zip_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.zip");
    let text: Vec<u8> = (0..20_000_u32).flat_map(|n| n.to_string().into_bytes()).collect();
    let whole = zip(&[("x", &text)]);
    fs::write(&path, &whole[..whole.len() - 30]).unwrap();
    let error = Export::open(&path).err().unwrap().to_string();
    assert!(error.ends_with("x.zip: the zip is damaged or cut short; copy or export it again"), "{error}");
    let mut damaged = whole;
    damaged[400] ^= 0x55;
    fs::write(&path, damaged).unwrap();
    let error = contents(&Export::open(&path).unwrap(), "x").unwrap_err();
    assert!(error.contains("x.zip/x: "), "{error}");
}

#[test]
fn lines_come_from_utf8_and_utf16_with_any_line_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.txt");
    let text = "grüß\r\ndich 😀\n";
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes().to_vec(), [b"\xef\xbb\xbf", text.as_bytes()].concat(), utf16] {
        fs::write(&path, bytes).unwrap();
        let export = Export::open(&path).unwrap();
        let mut lines = export.lines(&export.entries()[0]).unwrap();
        assert_eq!(lines.next_line().unwrap().map(|line| (line.number, line.text)), Some((1, "grüß")));
        assert_eq!(lines.next_line().unwrap().map(|line| (line.number, line.text)), Some((2, "dich 😀")));
        assert_eq!(lines.next_line().unwrap(), None);
    }
    for (bytes, expected) in [
        (&b"ok\n\xff\n"[..], "line 2, text: byte 1 is not valid UTF-8; "),
        (&vec![b'x'; 3 << 20], "line 1, text: the line is longer than 1024 KiB; "),
    ] {
        fs::write(&path, bytes).unwrap();
        let export = Export::open(&path).unwrap();
        let mut lines = export.lines(&export.entries()[0]).unwrap();
        let error = loop {
            match lines.next_line() {
                Ok(line) => assert!(line.is_some()),
                Err(error) => break error.to_string(),
            }
        };
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_file_beside_another_is_found_whatever_the_case_of_its_name() {
    let folder = tempfile::tempdir().unwrap();
    for path in ["a/messages.json", "a/Group_Info.json", "a/b/messages.json", "messages.json", "group_info.json"] {
        fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), "").unwrap();
    }
    let export = Export::open(folder.path()).unwrap();
    let beside = |path: &str| {
        let entry = export.entries().iter().find(|entry| &*entry.path == path).unwrap();
        export.beside(entry, "group_info.json").map(|entry| entry.path.to_string())
    };
    assert_eq!(beside("a/messages.json").as_deref(), Some("a/Group_Info.json"));
    assert_eq!(beside("messages.json").as_deref(), Some("group_info.json"));
    assert_eq!(beside("a/b/messages.json"), None);
}

#[test]
fn a_line_that_is_too_long_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.txt");
    let limit = limits::MAX_LINE;
    for (length, end) in [(limit + 1, "\n"), (limit + 1, "\r\n"), (limit + 2, "\n"), (3 * limit, "\n"), (3 * limit, "")]
    {
        fs::write(&path, format!("a\n{}{end}b\n{}\r\n", "x".repeat(length), "y".repeat(limit))).unwrap();
        let export = Export::open(&path).unwrap();
        let mut lines = export.lines(&export.entries()[0]).unwrap();
        let mut found = Vec::new();
        while let Some(line) = lines.next_line_or_number().unwrap() {
            found.push(line.map(|line| line.text.len()));
        }
        let rest = if end.is_empty() { vec![Ok(limit)] } else { vec![Ok(1), Ok(limit)] };
        assert_eq!(found, [vec![Ok(1), Err(2)], rest].concat(), "{length} {end:?}");
    }
}

#[test]
fn folders_in_one_another_have_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let below = |depth: usize| "a/".repeat(depth);
    fs::create_dir_all(folder.path().join(below(limits::MAX_DEPTH + 1))).unwrap();
    for depth in [limits::MAX_DEPTH, limits::MAX_DEPTH + 1] {
        fs::write(folder.path().join(below(depth)).join("x"), "x").unwrap();
    }
    let export = Export::open(folder.path()).unwrap();
    assert_eq!(paths(&export), [below(limits::MAX_DEPTH) + "x"]);
    assert_eq!(export.notes(), ["1 folders nested too deeply were not looked into."]);
    let (kept, deeper) = (below(limits::MAX_DEPTH - 1) + "x", below(limits::MAX_DEPTH) + "x");
    let path = folder.path().join("x.zip");
    fs::write(&path, zip(&[(kept.as_str(), b"x"), (deeper.as_str(), b"x")])).unwrap();
    let export = Export::open(&path).unwrap();
    assert_eq!((paths(&export), export.notes().len()), (vec![kept.as_str()], 1));
}

#[test]
fn files_have_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut export = Export::open(folder.path()).unwrap();
    let mut push = || export.push("x", 1, Location::Zipped { archive: 0, index: 0 });
    (0..limits::MAX_ENTRIES).for_each(|_| push().unwrap());
    let error = push().unwrap_err().to_string();
    assert!(
        error.ends_with("it holds more than 500000 files; name the export itself and not a folder of other things"),
        "{error}"
    );
}

#[test]
fn what_a_zip_unpacks_to_counts_over_all_readings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.zip");
    fs::write(&path, zip(&[("zeros", &vec![0; 9 << 20])])).unwrap();
    let export = Export::open(&path).unwrap();
    let read = || std::io::copy(&mut export.read(&export.entries()[0]).unwrap(), &mut std::io::sink());
    assert!(read().is_ok() && read().is_err());
}

#[test]
fn an_entry_of_a_zip_is_as_large_as_it_says_and_whole() {
    /// In the directory of a zip behind its mark.
    const CRC: usize = 16;
    const SIZE: usize = 24;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.zip");
    let whole = zip(&[("x", &[b'x'; 3000])]);
    let directory = whole.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    let with = |at: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[directory + at] = byte;
        fs::write(&path, bytes).unwrap();
        contents(&Export::open(&path).unwrap(), "x")
    };
    assert_eq!(with(SIZE, whole[directory + SIZE]).unwrap().len(), 3000);
    assert!(with(SIZE, 0xb7).unwrap_err().contains("larger than the zip says"), "2999 bytes");
    assert!(with(SIZE, 0xb9).unwrap_err().contains("it ends early"), "3001 bytes");
    assert!(with(CRC, !whole[directory + CRC]).unwrap_err().contains("its packed data is damaged"));
}
