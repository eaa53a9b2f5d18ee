//! Sources named by path alone, what `sources detect` says of them, and readings that give nothing.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::world::{UNTIL, World, text};

const CHAT: &str =
    "13/04/26, 10:00 - Wren: canary one\n13/04/26, 10:01 - Lux: canary two\n13/04/26, 10:02 - Wren: <Media omitted>\n";

#[test]
fn an_exported_chat_is_read_by_its_path_alone() {
    let world = World::new();
    std::fs::write(world.path("WhatsApp Chat with Lux.txt"), CHAT).unwrap();
    let arguments = ["extract", "--source", "WhatsApp Chat with Lux.txt", "--until", UNTIL, "--timezone", "+02:00"];
    let output = world.run(&arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&record["text"], &record["timestamp"]), (&"canary one".into(), &"2026-04-13T08:00:00Z".into()));
    let said = text(&output.stderr);
    for part in
        ["3 rows read, 2 sent by you, 1 kept", "attachment_only", "line 3", "day, month, year", "the given offset"]
    {
        assert!(said.contains(part), "{part:?} is not said: {said}");
    }
    assert!(!said.contains("canary"), "{said}");
    // West of Greenwich the zone begins as a flag does.
    let west = ["extract", "--source", "WhatsApp Chat with Lux.txt", "--until", UNTIL, "--timezone", "-05:00"];
    let record: serde_json::Value = serde_json::from_slice(&world.run(&west).stdout).unwrap();
    assert_eq!(record["timestamp"], "2026-04-13T15:00:00Z");
}

#[test]
fn detect_names_the_kind_and_who_me_is() {
    let world = World::new();
    std::fs::write(world.path("WhatsApp Chat with Lux.txt"), CHAT).unwrap();
    std::fs::write(world.path("friends.txt"), CHAT).unwrap();
    let found = world.json(&["sources", "detect", "WhatsApp Chat with Lux.txt"]);
    assert_eq!((&found["found"][0]["kind"], &found["found"][0]["confidence"]), (&"whatsapp".into(), &"certain".into()));
    assert_eq!((&found["me"]["by"], &found["me"]["name"]), (&"inferred".into(), &"Wren".into()));
    let found = world.run(&["sources", "detect", "friends.txt"]);
    let said = text(&found.stdout);
    assert!(said.contains("probably whatsapp") && said.contains("one of 2 senders") && said.contains("Lux"), "{said}");
    assert!(!said.contains("canary"), "{said}");
    std::fs::write(world.path("other.txt"), "no chat").unwrap();
    assert_eq!(world.run(&["sources", "detect", "other.txt"]).status.code(), Some(1));
    std::fs::write(world.path("old.7z"), b"7z\xbc\xaf\x27\x1c\0\x04").unwrap();
    let said = text(&world.run(&["sources", "detect", "old.7z"]).stderr);
    assert_eq!(said, "idiolect: old.7z: it is a 7z archive; unpack it and name the folder\n");
    let output = world.run(&["sources", "detect", "old.7z", "--json"]);
    let data: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &data["found"]), (Some(1), &serde_json::json!([])));
    assert_eq!(data["error"], "old.7z: it is a 7z archive; unpack it and name the folder");
    // Neither a window nor a choice of conversations says what it is.
    let output = world.run(&["sources", "detect", "friends.txt", "--except", "Lux"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    // As it is written behind --source.
    let found = world.json(&["sources", "detect", "whatsapp:friends.txt"]);
    assert_eq!((&found["found"][0]["kind"], &found["path"]), (&"whatsapp".into(), &"friends.txt".into()));
    for (written, part) in [
        ("slack:friends.txt", "friends.txt: nothing shows that it is slack; leave slack: out"),
        ("nowhere.txt", "nowhere.txt: no such file; check the path"),
        ("sms-backup:old.7z", "old.7z: it is a 7z archive; unpack it"),
        ("bridge:https://example.org/m", "there is nothing to detect in a bridge"),
    ] {
        let output = world.run(&["sources", "detect", written]);
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(1) && said.contains(part), "{written}: {said}");
    }
    let output = world.run(&["sources", "detect", "mbox:friends.txt"]);
    let said = text(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("no source of the kind `mbox`"), "{said}");
    // What is read where its kind is said can be asked about in the same way.
    std::fs::write(world.path("saved"), "13/04/26, 10:00 - Wren: hi\n13/04/26, 10:01 - Lux: yo\n").unwrap();
    let unsaid = world.run(&["sources", "detect", "saved"]);
    assert!(text(&unsaid.stderr).contains("write whatsapp: before its path"), "{}", text(&unsaid.stderr));
    let said = world.run(&["sources", "detect", "whatsapp:saved"]);
    let shown = text(&said.stdout);
    assert!(said.status.success() && shown.starts_with("whatsapp only by what is said"), "{shown}");
    assert!(shown.contains("one of 2 senders"), "{shown}");
    let odd = OsStr::from_bytes(b"\xff.txt");
    std::fs::write(world.path("").join(odd), CHAT).unwrap();
    let found = world.command(&["--json", "sources", "detect"]).arg(odd).output().unwrap();
    assert!(found.status.success(), "{}", text(&found.stderr));
    assert!(world.json(&["sources", "list"]).as_array().unwrap().iter().any(|kind| kind["kind"] == "csv"));
}

#[test]
fn nothing_parsed_is_an_error_with_its_likely_cause_and_an_empty_window_is_none() {
    let world = World::new();
    let run = |source: &str, me: &str, until: &str| {
        let output = world.run(&["extract", "--source", source, "--me", me, "--until", until]);
        (output.status.code(), text(&output.stderr).to_owned())
    };
    std::fs::write(world.path("friends.txt"), CHAT).unwrap();
    std::fs::write(world.path("empty.ndjson"), "\n").unwrap();
    world.write_messages(3, None);
    let (code, said) = run("friends.txt", "Bo", UNTIL);
    assert!(code == Some(1) && said.contains("none of its 3 records was sent by the one whom --me names"), "{said}");
    let (code, said) = run("ndjson:empty.ndjson", "me", UNTIL);
    assert!(code == Some(1) && said.contains("0 messages; it holds no records"), "{said}");
    assert!(world.run(&["consent", "grant"]).status.success());
    let preview = world.run(&["dataset", "preview", "--source", "ndjson:empty.ndjson", "--until", UNTIL]);
    assert!(preview.status.code() == Some(1) && text(&preview.stderr).contains("0 messages; it holds no records"));
    let left_out = world.run(&["extract", "--source", &world.source(), "--only", "anna", "--until", UNTIL]);
    let said = text(&left_out.stderr);
    assert!(said.contains("every conversation in which you wrote was left out: look at --only"), "{said}");
    let (code, said) = run(&world.source(), "me", "2020-01-01T00:00:00Z");
    assert!(code == Some(0) && said.contains("no sent messages in the window"), "{said}");
    let (code, said) = run("friends.txt", "Wren", "2020-01-01T00:00:00Z");
    assert!(code == Some(0) && said.contains("outside_window"), "{said}");
}

#[test]
fn a_wrong_option_of_a_table_is_named() {
    let world = World::new();
    std::fs::write(world.path("t.csv"), "time,text\n1776068000,x\n").unwrap();
    let output = world.run(&["extract", "--source", "csv:t.csv", "--csv", "separator=ab"]);
    assert!(text(&output.stderr).contains("--csv separator=ab: is not one character"), "{}", text(&output.stderr));
    let output = world.run(&["extract", "--source", "csv:t.csv", "--csv", "all-mine=true", "--until", UNTIL]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}
