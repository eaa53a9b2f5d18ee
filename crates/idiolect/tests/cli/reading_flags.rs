//! The flags that say which messages are read: `--source` and its setting, `--csv`, `--only`, `--except`, `--after`, `--me`.

use std::fmt::Write;

use crate::hosted_world::{HostedWorld, JOBS_GO_ON, StoreKind};
use crate::world::{UNTIL, World, text};

/// Texts and the report of an extraction that succeeds.
fn extract(world: &World, arguments: &[&str]) -> (Vec<String>, String) {
    let output = world.run(&[&["extract", "--until", UNTIL], arguments].concat());
    let said = text(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    let record = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let texts = text(&output.stdout).lines().map(|line| record(line)["text"].as_str().unwrap().to_owned()).collect();
    (texts, said)
}

/// What is said where there is nothing to extract from, and the exit code.
fn refusal(world: &World, arguments: &[&str]) -> (Option<i32>, String) {
    let output = world.run(&[&["extract", "--until", UNTIL], arguments].concat());
    assert!(output.stdout.is_empty(), "{arguments:?}: printed records all the same");
    (output.status.code(), text(&output.stderr))
}

/// Six messages, two to each of three conversations.
fn write_conversations(world: &World) {
    let mut lines = String::new();
    for (number, conversation) in ["+12025550142", "lux@example.org", "club"].iter().cycle().take(6).enumerate() {
        writeln!(
            lines,
            "{{\"messageId\":\"m{number}\",\"timestamp\":\"2026-06-01T10:0{number}:00Z\",\"text\":\"text {number}\",\
             \"conversationId\":\"{conversation}\"}}"
        )
        .unwrap();
    }
    std::fs::write(world.path("sent.ndjson"), lines).unwrap();
}

/// A chat.db with so many messages of mine.
fn write_chat_db(world: &World, count: i64) {
    let connection = rusqlite::Connection::open(world.path("chat.db")).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE IF NOT EXISTS message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, date INTEGER, is_from_me INTEGER)",
        )
        .unwrap();
    for row in 1..=count {
        let date = (802_000_000 + row) * 1_000_000_000;
        connection
            .execute(
                "INSERT OR IGNORE INTO message VALUES (?1, ?2, ?3, ?4, 1)",
                rusqlite::params![row, format!("g{row}"), format!("text {row}"), date],
            )
            .unwrap();
    }
}

#[test]
fn what_a_path_holds_is_found_out() {
    let world = World::new();
    write_conversations(&world);
    assert_eq!(extract(&world, &["--source", "sent.ndjson"]).0.len(), 6);
    write_chat_db(&world, 3);
    assert_eq!(extract(&world, &["--source", "chat.db"]).0, ["text 1", "text 2", "text 3"]);
    std::fs::write(world.path("notes.txt"), "nothing of this kind").unwrap();
    let (code, said) = refusal(&world, &["--source", "notes.txt"]);
    assert!(code == Some(1) && said.contains("it is no message store or export that is known"), "{said}");
    let (code, said) = refusal(&world, &["--source", "not-there.json"]);
    assert!(code == Some(1) && said.contains("not-there.json"), "{said}");
}

#[test]
fn the_setting_names_the_source_where_no_flag_does() {
    let world = World::ready();
    let setting = format!("source={}", world.source());
    assert_eq!(extract(&world, &["--set", &setting]).0.len(), 160);
    let preview = world.json(&["dataset", "preview", "--until", UNTIL, "--set", &setting]);
    assert_eq!(preview["messagesInWindow"], 160, "{preview}");
    write_chat_db(&world, 3);
    assert_eq!(extract(&world, &["--set", &setting, "--source", "chat.db"]).0.len(), 3, "the flag is stronger");
    for command in [&["extract"][..], &["dataset", "preview"]] {
        let output = world.run(command);
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains("no source is named; pass --source"), "{said}");
    }
}

#[test]
fn a_flag_that_is_mistyped_is_said_before_consent_is_asked_for() {
    let world = World::new();
    write_conversations(&world);
    for (flag, value, part) in [
        ("--source", "nope:x", "--source: there is no source of the kind `nope`"),
        ("--source", "", "--source: the source is empty"),
        ("--source", "https://ana:canary@example.org/", "--source: a server is named with bridge: before its address"),
        ("--source", "bridge:https://ana:canary@example.org/", "--source: https://example.org/: a user and password"),
        ("--source", "bridge:http://example.org/", "--source: http://example.org/: http would send"),
        ("--source", "ndjson:", "--source: the source names no file"),
        ("--set", "source=nope:x", "the setting source: there is no source of the kind `nope`"),
        ("--until", "nope", "--until nope: is not a time"),
        ("--timezone", "Mars", "--timezone Mars: is not a known zone"),
        ("--csv", "colour=red", "--csv colour=red"),
        ("--strategy", "nope", "--strategy nope: "),
    ] {
        for command in [&["extract"][..], &["dataset", "preview"], &["train"]] {
            if (flag, command) == ("--strategy", &["extract"]) {
                continue;
            }
            let source = if matches!(flag, "--source" | "--set") { &[][..] } else { &["--source", "not-there.csv"] };
            let output = world.run(&[command, &[flag, value], source].concat());
            let said = text(&output.stderr);
            assert!(output.status.code() == Some(2) && said.contains(part), "{command:?} {flag} {value}: {said}");
            assert!(!said.contains("canary"), "{said}");
        }
    }
    let output = world.command(&["extract"]).env("IDIOLECT_SOURCE", "nope:x").output().unwrap();
    let said = text(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("the setting source: there is"), "{said}");
    let output = world.run(&["dataset", "preview", "--source", "sent.ndjson"]);
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
}

#[test]
fn conversations_are_chosen_by_flag_and_by_setting() {
    let world = World::new();
    write_conversations(&world);
    let read = |more: &[&str]| extract(&world, &[&["--source", "sent.ndjson"], more].concat());
    assert_eq!(read(&["--only", "club"]).0, ["text 2", "text 5"]);
    assert_eq!(read(&["--only", "club", "--only", "+1 202 555 0142"]).0.len(), 4);
    let (texts, said) = read(&["--except", "club"]);
    assert_eq!(texts, ["text 0", "text 1", "text 3", "text 4"]);
    assert!(said.contains("conversation_left_out") && said.contains("line 3, line 6"), "{said}");
    assert_eq!(read(&["--set", "conversations.except=club", "--except", "lux@example.org"]).0, ["text 0", "text 3"]);
    let (code, said) = refusal(&world, &["--source", "sent.ndjson", "--only", "club", "--except", "club"]);
    assert!(code == Some(1) && said.contains("6  conversation_left_out"), "{said}");
}

#[test]
fn a_cursor_reads_on_and_is_refused_where_there_is_none() {
    let world = World::new();
    write_chat_db(&world, 3);
    let (_, said) = extract(&world, &["--source", "chat.db"]);
    assert!(said.contains("cursor: row:3; with --after row:3"), "{said}");
    write_chat_db(&world, 5);
    assert_eq!(extract(&world, &["--source", "chat.db", "--after", "row:3"]).0, ["text 4", "text 5"]);
    // Nothing came since then, as is usual where one looks often.
    let (texts, said) = extract(&world, &["--source", "chat.db", "--after", "row:5"]);
    assert!(texts.is_empty() && said.contains("0 rows read"), "{said}");
    assert!(said.contains("nothing new came in after row:5") && !said.contains("--days"), "{said}");
    let (code, said) = refusal(&world, &["--source", "chat.db", "--after", "3"]);
    assert!(code == Some(2) && said.contains("write it as the report did, such as row:88360"), "{said}");
    write_conversations(&world);
    for source in ["sent.ndjson", "bridge:http://127.0.0.1:1/messages"] {
        let (code, said) = refusal(&world, &["--source", source, "--after", "row:3"]);
        assert!(code == Some(2) && said.contains("--after: such a source has no cursor"), "{source}: {said}");
        let (code, said) = refusal(&world, &["--source", source, "--csv", "separator=;"]);
        assert!(code == Some(2) && said.contains("--csv: the source is no table"), "{source}: {said}");
    }
}

#[test]
fn how_a_table_is_written_can_be_said() {
    let world = World::new();
    std::fs::write(world.path("t.csv"), b"wann~wer~was\n15|06|2026 19h56~Wren~gr\xfc\xdfe\n15|06|2026 20h01~Lux~no\n")
        .unwrap();
    let said =
        ["separator=~", "encoding=windows-1252", "time=wann", "sender=wer", "text=was", "time-format=%d|%m|%Y %Hh%M"];
    let flags = said.iter().flat_map(|option| ["--csv", option]);
    let arguments: Vec<&str> = ["--source", "csv:t.csv", "--me", "Wren"].into_iter().chain(flags).collect();
    assert_eq!(extract(&world, &arguments).0, ["grüße"]);
    let (code, said) = refusal(&world, &["--source", "csv:t.csv", "--csv", "colour=red"]);
    assert!(code == Some(2) && said.contains("--csv colour=red"), "{said}");
    let (code, said) = refusal(&world, &["--source", "csv:t.csv", "--csv", "separator=~"]);
    assert!(code == Some(1) && said.contains("it has no column for the"), "{said}");
}

#[test]
fn who_me_is_is_asked_and_not_guessed() {
    let world = World::new();
    let table = "time,sender,text\n2026-06-01T10:00:00Z,Wren,canary\n2026-06-01T10:01:00Z,Lux,canary\n";
    std::fs::write(world.path("t.csv"), table).unwrap();
    let (code, said) = refusal(&world, &["--source", "t.csv"]);
    assert!(code == Some(1) && said.contains("which of its 2 senders is you"), "{said}");
    let (code, said) = refusal(&world, &["--source", "t.csv", "--me", "Bo"]);
    assert!(code == Some(1) && said.contains("--me"), "{said}");
    assert!(!said.contains("canary"), "{said}");
    assert_eq!(extract(&world, &["--source", "t.csv", "--me", "wren"]).0, ["canary"]);
    let found = world.json(&["sources", "detect", "t.csv", "--me", "Lux"]);
    assert_eq!((&found["me"]["by"], &found["me"]["name"]), (&"given".into(), &"Lux".into()), "{found}");
    let record = |id: &str, sender: &str| {
        format!(
            "{{\"messageId\":\"{id}\",\"timestamp\":\"2026-06-01T10:00:00Z\",\"sender\":\"{sender}\",\"text\":\"canary\"}}\n"
        )
    };
    std::fs::write(world.path("t.ndjson"), record("1", "Wren") + &record("2", "Lux") + &record("3", "Lux")).unwrap();
    // Found while it streams: what came before counts for nothing.
    let refused = world.run(&["extract", "--source", "t.ndjson", "--until", UNTIL]);
    let said = text(&refused.stderr);
    assert!(refused.status.code() == Some(1) && said.contains("which of its 2 senders is you"), "{said}");
    let found = world.json(&["sources", "detect", "t.ndjson"]);
    assert_eq!(found["me"]["candidates"][0], serde_json::json!({ "name": "Lux", "messages": 2 }), "{found}");
    assert_eq!(extract(&world, &["--source", "t.ndjson", "--me", "Wren"]).0, ["canary"]);
}

#[test]
fn sources_are_listed_and_detected_as_json() {
    let world = World::new();
    let listed = world.json(&["sources", "list"]);
    let kinds: Vec<&str> = listed.as_array().unwrap().iter().map(|kind| kind["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 14);
    assert!(["chat-db", "whatsapp", "sms-backup", "bridge"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    write_chat_db(&world, 1);
    let found = world.json(&["sources", "detect", "chat.db"]);
    assert_eq!((&found["found"][0]["kind"], &found["found"][0]["confidence"]), (&"chat-db".into(), &"certain".into()));
    assert_eq!((&found["me"]["by"], &found["me"]["names"]), (&"marked".into(), &serde_json::json!([])), "{found}");
    std::fs::write(world.path("x.bin"), [0, 159, 146, 150]).unwrap();
    let none = world.run(&["sources", "detect", "x.bin", "--json"]);
    let found: serde_json::Value = serde_json::from_slice(&none.stdout).unwrap();
    assert_eq!((none.status.code(), found["found"].as_array().map(Vec::len)), (Some(1), Some(0)));
}

#[test]
fn a_run_that_is_gone_on_with_takes_no_other_flags_about_its_messages() {
    let hosted = HostedWorld::new(StoreKind::Sqlite, JOBS_GO_ON, "");
    let (_, said) = hosted.interrupted_once_it_says("fine-tuning job created", &[]);
    assert!(said.contains("stopped; nothing is lost"), "{said}");
    for flags in [["--except", "c"], ["--only", "c"], ["--me", "bo"], ["--timezone", "UTC"]] {
        let output = hosted.run(&[&["train"], &flags[..]].concat(), &[]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{flags:?}: {said}");
        assert!(said.contains(&format!("was asked for with another {}; leave the flag out", flags[0])), "{said}");
    }
    // In another zone it is the same source.
    let going_on = hosted.interrupted_once_it_says("going on with run me:1", &[("TZ", "Asia/Tokyo")]);
    assert!(going_on.1.contains("going on with run me:1 after step job_created"), "{}", going_on.1);
}
