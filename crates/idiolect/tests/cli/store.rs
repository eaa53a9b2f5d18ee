//! `idiolect store`: an installation goes to another place and back; and the environment that names the place.

use std::process::{Output, Stdio};

use crate::world::{World, text};

/// With a trained version, and others' consent.
fn installation() -> World {
    let world = World::ready();
    for user in ["ana", "ben"] {
        assert!(world.run(&["consent", "grant", "--user", user]).status.success());
    }
    world
}

fn export(world: &World, name: &str, more: &[&str]) -> Vec<String> {
    let path = world.path(name);
    let path = path.to_str().unwrap();
    let output = world.run(&[&["store", "export", "-o", path], more].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

fn import(world: &World, name: &str, more: &[&str]) -> Output {
    let path = world.path(name);
    world.run(&[&["store", "import", path.to_str().unwrap()], more].concat())
}

#[test]
fn an_export_goes_into_another_directory_and_comes_out_the_same() {
    let world = installation();
    let exported = export(&world, "records.ndjson", &[]);
    assert_eq!(exported.len(), 5, "{exported:?}");
    assert_eq!(
        (exported[0].as_str(), exported[4].as_str()),
        ("{\"kind\":\"begin\",\"format\":1}", "{\"kind\":\"end\",\"records\":3}")
    );
    let other = world.path("other");
    let elsewhere = ["--data-dir", other.to_str().unwrap()];
    let report = import(&world, "records.ndjson", &[&elsewhere[..], &["--json"]].concat());
    assert!(report.status.success(), "{}", text(&report.stderr));
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    assert_eq!((&report["written"]["users"], &report["alreadyThere"]), (&3.into(), &0.into()));
    assert_eq!(export(&world, "back.ndjson", &elsewhere), exported);

    // Standard output and input do as well, and a second import finds everything there.
    let piped = world.run(&["store", "export"]);
    assert_eq!(text(&piped.stdout).lines().collect::<Vec<_>>(), exported);
    let mut again = world.command(&[&["store", "import", "-"], &elsewhere[..]].concat());
    let again = again.stdin(Stdio::from(std::fs::File::open(world.path("records.ndjson")).unwrap())).output().unwrap();
    assert!(again.status.success(), "{}", text(&again.stderr));
    assert!(text(&again.stdout).lines().any(|line| line.starts_with("already there") && line.ends_with('3')));
}

#[test]
fn an_export_touches_nothing_beside_its_file() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::without_model();
    assert!(world.run(&["consent", "grant"]).status.success());
    std::fs::write(world.path("records.unfinished"), "mine").unwrap();
    assert_eq!(export(&world, "records.ndjson", &[]).len(), 3);
    assert_eq!(std::fs::read_to_string(world.path("records.unfinished")).unwrap(), "mine");
    let mode = std::fs::metadata(world.path("records.ndjson")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_mistyped_place_is_not_exported_over_what_was() {
    let world = World::without_model();
    std::fs::write(world.path("records.ndjson"), "of yesterday").unwrap();
    let (place, typo) = (world.path("records.ndjson"), world.path("dta"));
    let flags = ["store", "export", "-o", place.to_str().unwrap(), "--data-dir", typo.to_str().unwrap()];
    let output = world.run(&flags);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("there are no records; name their place with --data-dir"), "{said}");
    assert_eq!(std::fs::read_to_string(&place).unwrap(), "of yesterday");
    assert!(!typo.exists(), "nothing is made there");
    std::os::unix::fs::symlink("dta", &typo).unwrap();
    let said = text(&world.run(&flags).stderr);
    assert!(said.contains("cannot be created") && !said.contains("there are no records"), "{said}");
}

#[test]
fn an_import_that_breaks_off_says_where_and_goes_on_the_next_time() {
    let world = installation();
    let exported = export(&world, "records.ndjson", &[]);
    let other = world.path("other");
    let elsewhere = ["--data-dir", other.to_str().unwrap()];
    let attempt = |lines: &[String]| {
        std::fs::write(world.path("cut.ndjson"), lines.join("\n")).unwrap();
        import(&world, "cut.ndjson", &elsewhere)
    };
    for (lines, said) in [
        (exported[..3].to_vec(), "cut.ndjson ends after line 3, before its end line; export it again"),
        (exported[1..].to_vec(), "cut.ndjson is no export of `idiolect store export`"),
        ([&exported[..2], &["{\"kind\":\"user\"}".to_owned()]].concat(), "cut.ndjson, line 3: missing field"),
        (
            [&exported[..1], &[String::new(), "{\"kind\":\"user\"}".to_owned()]].concat(),
            "cut.ndjson, line 3: missing field",
        ),
        ([&exported[..1], &exported[2..]].concat(), "cut.ndjson has 2 of 3 records"),
        (vec![], "cut.ndjson ends after line 0"),
    ] {
        let output = attempt(&lines);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    }
    assert!(attempt(&exported).status.success());
    assert_eq!(export(&world, "back.ndjson", &elsewhere).len(), exported.len());
}

#[test]
fn an_import_leaves_newer_records_alone_and_names_them() {
    let world = installation();
    export(&world, "records.ndjson", &[]);
    assert!(world.run(&["consent", "revoke", "--user", "ana"]).status.success());
    let output = import(&world, "records.ndjson", &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("another of the same revision: user ana"), "{}", text(&output.stderr));
    let consent = world.json(&["consent", "show", "--user", "ana"]);
    assert!(consent["revokedAt"].is_string(), "the revocation stands");
}

#[test]
fn a_dot_env_file_sets_what_the_environment_does_not_and_no_value_is_shown() {
    let world = World::new();
    let secret = "sk-never-to-be-shown";
    let file = format!("FIREBASE_PROJECT_ID=from-the-file\nOPENAI_API_KEY={secret}\nIDIOLECT_USER=from-the-file\n");
    std::fs::write(world.path(".env"), file).unwrap();
    let mut command = world.command(&["doctor"]);
    let output = command.env("IDIOLECT_USER", "from-the-environment").output().unwrap();
    let shown = text(&output.stdout);
    let line = |start: &str| shown.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    assert!(line("user ").contains("from-the-environment"), "{shown}");
    let project = line("firestore.project_id");
    assert!(project.contains("from-the-file") && project.contains(".env FIREBASE_PROJECT_ID"), "{project}");
    assert!(line("OPENAI_API_KEY").contains("set, by .env OPENAI_API_KEY"), "{shown}");
    assert!(!shown.contains(secret) && !text(&output.stderr).contains(secret));

    std::fs::write(world.path(".env"), format!("A=1\n{secret} is broken\n")).unwrap();
    let output = world.run(&["status"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains(".env, line 2: is not NAME=VALUE"), "{}", text(&output.stderr));
    assert!(!text(&output.stderr).contains(secret));
}

#[test]
fn a_store_that_is_not_there_is_said_in_one_sentence() {
    let world = World::new();
    let wrong = world.run(&["status", "--set", "store=mongo"]);
    assert!(text(&wrong.stderr).contains("the setting store must be sqlite or firestore"), "{}", text(&wrong.stderr));
    let firestore = world.run(&["status", "--set", "store=firestore"]);
    assert_eq!(firestore.status.code(), Some(1));
    let said = text(&firestore.stderr);
    let expected = if cfg!(feature = "firestore") { "set FIREBASE_PROJECT_ID" } else { "--features firestore" };
    assert!(said.contains(expected) && said.trim_end().lines().count() == 1, "{said}");
}

#[cfg(feature = "firestore")]
mod firestore {
    use std::path::Path;

    use super::*;

    fn sorted(mut lines: Vec<String>) -> Vec<String> {
        lines.sort_unstable();
        lines
    }

    #[allow(clippy::print_stderr, reason = "a test that is passed over says so")]
    fn emulator() -> Option<String> {
        let host = std::env::var("FIRESTORE_EMULATOR_HOST").ok().filter(|host| !host.is_empty());
        assert!(
            host.is_some() || std::env::var("CI").as_deref() != Ok("true"),
            "FIRESTORE_EMULATOR_HOST is not set and CI=true; scripts/firestore-emulator sets it"
        );
        if host.is_none() {
            eprintln!("passed over: FIRESTORE_EMULATOR_HOST is not set; scripts/firestore-emulator sets it");
        }
        host
    }

    /// In the world's own `.env`, as somebody would have it.
    fn point_at(world: &World, host: &str) {
        let project = format!("test-cli-{}-{}", std::process::id(), jiff::Timestamp::now().as_microsecond());
        let file = format!("FIRESTORE_EMULATOR_HOST={host}\nFIREBASE_PROJECT_ID={project}\n");
        std::fs::write(world.path(".env"), file).unwrap();
    }

    #[test]
    fn an_installation_moves_to_firestore_trains_there_and_comes_back() {
        let Some(host) = emulator() else { return };
        let world = installation();
        point_at(&world, &host);
        let in_firestore = ["--set", "store=firestore"];
        let exported = export(&world, "records.ndjson", &[]);
        let moved = import(&world, "records.ndjson", &in_firestore);
        assert!(moved.status.success(), "{}", text(&moved.stderr));
        assert_eq!(sorted(export(&world, "there.ndjson", &in_firestore)), sorted(exported));

        // A whole run with its records in Firestore.
        let source = world.source();
        let train =
            world.run(&["train", "--source", &source, "--until", crate::world::UNTIL, "--set", "store=firestore"]);
        assert!([Some(0), Some(4)].contains(&train.status.code()), "{}", text(&train.stderr));
        let runs = world.json(&["runs", "--set", "store=firestore"]);
        assert_eq!(runs.as_array().map(Vec::len), Some(1), "{runs}");
        assert_eq!(world.json(&["runs"]).as_array().map(Vec::len), Some(0), "not in SQLite");

        export(&world, "after.ndjson", &in_firestore);
        let back = import(&world, "after.ndjson", &[]);
        assert!(back.status.success(), "{}", text(&back.stderr));
        assert_eq!(world.json(&["runs"]), runs);
        privacy(&world.path("after.ndjson"));
    }

    /// The messages' words are in no export.
    fn privacy(export: &Path) {
        let lines = std::fs::read_to_string(export).unwrap();
        for word in ["violin", "harbour", "melon"] {
            assert!(!lines.contains(word));
        }
    }

    #[test]
    fn firestore_without_credentials_or_server_ends_in_one_sentence() {
        let world = World::new();
        // Nobody listens on the first; the second names no key file.
        for (name, value) in
            [("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1"), ("GOOGLE_APPLICATION_CREDENTIALS", "nowhere.json")]
        {
            let mut command = world.command(&["status", "--set", "store=firestore"]);
            let output = command.env("FIREBASE_PROJECT_ID", "demo").env(name, value).output().unwrap();
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains("Firestore project \"demo\" is not available"), "{said}");
            assert_eq!(said.trim_end().lines().count(), 1, "{said}");
        }
    }
}
