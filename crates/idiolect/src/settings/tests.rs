//! Where each value comes from, and what is refused.

use super::*;

fn global() -> Global {
    Global { config: None, data_dir: None, json: false, log: None, settings: vec![] }
}

fn environment(pairs: &[(&str, &str)]) -> Environment {
    let home = [("HOME".to_owned(), "/nowhere".to_owned())];
    home.into_iter().chain(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))).collect()
}

#[test]
fn file_environment_and_flags_win_in_that_order() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("idiolect.toml");
    std::fs::write(&path, "user = \"file\"\n[serve]\nport = 1\n[eligibility]\nmin_messages = 1\n").unwrap();
    let mut global = global();
    global.config = Some(path.clone());
    global.settings = vec!["eligibility.min_messages=3".into()];
    let environment = environment(&[("IDIOLECT_SERVE_PORT", "2"), ("IDIOLECT_ELIGIBILITY_MIN_MESSAGES", "2")]);
    let resolved = Resolved::load(&global, &environment).unwrap();
    assert_eq!(resolved.settings.user, "file");
    assert_eq!(resolved.settings.serve.port, 2);
    assert_eq!(resolved.settings.eligibility.min_messages, 3);
    assert_eq!(resolved.settings.eligibility.min_tokens, 10_000);
    assert_eq!(resolved.origins["user"], format!("{}, line 1", path.display()));
    assert_eq!(resolved.origins["serve.port"], "environment IDIOLECT_SERVE_PORT");
    assert_eq!(resolved.origins["eligibility.min_tokens"], "default");
}

#[test]
fn every_setting_is_documented_with_its_default() {
    let document = include_str!("../../../../docs/SETTINGS.md");
    let defaults = flatten(&Table::try_from(Settings::default()).unwrap());
    for (key, value) in defaults.iter().filter(|(key, _)| *key != "data_dir") {
        let shown = match value {
            Value::String(text) if text.is_empty() => "empty".to_owned(),
            Value::String(text) => format!("`{text}`"),
            other => format!("`{other}`"),
        };
        assert!(document.contains(&format!("| `{key}` | {shown} | ")), "{key} = {shown} is missing");
    }
    let documented = document.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(documented, defaults.len(), "there is a setting less");
}

#[test]
fn an_empty_variable_does_not_hide_the_users_file() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join(".config/idiolect");
    std::fs::create_dir_all(&place).unwrap();
    std::fs::write(place.join("idiolect.toml"), "user = \"file\"\n").unwrap();
    let environment = environment(&[("HOME", home.path().to_str().unwrap()), ("XDG_CONFIG_HOME", "")]);
    assert_eq!(Resolved::load(&global(), &environment).unwrap().settings.user, "file");
}

/// They may say what is redacted.
#[test]
fn settings_that_cannot_be_reached_are_not_passed_over() {
    let home = tempfile::tempdir().unwrap();
    let (config, lost) = (home.path().join(".config"), home.path().join("lost"));
    let load = || Resolved::load(&global(), &environment(&[("HOME", home.path().to_str().unwrap())]));
    std::os::unix::fs::symlink(".config", &config).unwrap();
    let error = format!("{:#}", load().err().unwrap());
    assert!(error.contains("idiolect.toml: cannot be looked at; name a settings file with --config: "), "{error}");
    std::fs::remove_file(&config).unwrap();
    std::fs::write(&config, "").unwrap();
    assert_eq!(load().unwrap().settings.user, "me", "there can be none in a file");
    std::fs::remove_file(&config).unwrap();
    std::fs::create_dir_all(config.join("idiolect")).unwrap();
    std::os::unix::fs::symlink(&lost, config.join("idiolect/idiolect.toml")).unwrap();
    let error = format!("{:#}", load().err().unwrap());
    assert!(error.contains("idiolect.toml: cannot be read: No such file"), "{error}");
}

#[test]
fn the_base_models_file_may_be_named_from_home() {
    for (given, meant) in
        [("~/models/a.gguf", "/nowhere/models/a.gguf"), ("./a~/b.gguf", "./a~/b.gguf"), ("plain", "plain")]
    {
        let global = Global { settings: vec![format!("model.base={given}")], ..global() };
        assert_eq!(Resolved::load(&global, &environment(&[])).unwrap().settings.model.base, meant);
    }
}

#[test]
fn a_directory_that_no_setting_can_name_is_refused_and_not_changed() {
    use std::os::unix::ffi::OsStringExt;
    let mut global = global();
    global.data_dir = Some(std::ffi::OsString::from_vec(b"/caf\xe9".to_vec()).into());
    let error = Resolved::load(&global, &environment(&[])).err().unwrap().to_string();
    assert!(error.starts_with("--data-dir /caf") && error.contains("is not UTF-8"), "{error}");
}

#[test]
fn a_list_is_of_texts() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("idiolect.toml");
    std::fs::write(&path, "[conversations]\nexcept = [4915550100]\n").unwrap();
    let mut global = global();
    global.config = Some(path.clone());
    let error = Resolved::load(&global, &environment(&[])).err().unwrap().to_string();
    assert_eq!(error, format!("{}, line 2: conversations.except must be a list of texts in quotes", path.display()));
}

#[test]
fn a_certificate_needs_its_key() {
    let mut global = global();
    global.settings = vec!["temporal.tls_cert=worker.pem".into()];
    let error = Resolved::load(&global, &environment(&[])).err().unwrap().to_string();
    assert!(error.starts_with("the setting temporal.tls_cert must be set together with temporal.tls_key"), "{error}");
}

#[test]
fn a_list_is_written_with_commas() {
    let mut global = global();
    global.settings = vec!["redaction.names=Ana, Bo Lee,".into()];
    let settings = Resolved::load(&global, &environment(&[])).unwrap().settings;
    assert_eq!(settings.redaction.names, ["Ana", "Bo Lee"]);
}

#[test]
fn the_specs_own_variables_set_their_settings() {
    let spec = environment(&[("FIREBASE_PROJECT_ID", "my-app"), ("IDIOLECT_FIRESTORE_LLM_MODELS", "models")]);
    let resolved = Resolved::load(&global(), &spec).unwrap();
    let Firestore { project_id, users, llm_models, .. } = &resolved.settings.firestore;
    assert_eq!((project_id.as_str(), users.as_str(), llm_models.as_str()), ("my-app", "users", "models"));
    assert_eq!(resolved.origins["firestore.project_id"], "environment FIREBASE_PROJECT_ID");
    let both = environment(&[("FIREBASE_PROJECT_ID", "a"), ("IDIOLECT_FIRESTORE_PROJECT_ID", "b")]);
    assert_eq!(Resolved::load(&global(), &both).unwrap().settings.firestore.project_id, "b");
}

#[test]
fn heartbeats_in_firestore_are_half_a_minute_apart_or_more() {
    let load = |store: &str, seconds: u32| {
        let mut global = global();
        global.settings = vec![format!("store={store}"), format!("runs.heartbeat_seconds={seconds}")];
        Resolved::load(&global, &environment(&[])).map(drop).map_err(|error| error.to_string())
    };
    assert_eq!((load("sqlite", 1), load("firestore", 30)), (Ok(()), Ok(())));
    for seconds in [1, 29] {
        let sentence = format!(
            "the setting runs.heartbeat_seconds is {seconds}, and with store = \"firestore\" it must be at least 30, since each \
             heartbeat writes the run's document; raise it, and runs.lease_seconds to at least twice as much"
        );
        assert_eq!(load("firestore", seconds), Err(sentence));
    }
}

#[test]
fn an_unknown_key_and_a_wrong_type_name_the_place() {
    for (setting, sentence) in [
        (
            "serve.prot=1",
            "--set serve.prot: there is no setting serve.prot; [serve] has api_key, metrics, port, webhook_secret",
        ),
        ("serve.port=x", "--set serve.port: serve.port must be a whole number"),
        ("serve=1", "--set serve: there is no setting serve; [serve] has api_key, metrics, port, webhook_secret"),
        ("dataset.max_examples=-1", "the setting dataset.max_examples must be 0 or more"),
        ("serve.port=70000", "the setting serve.port must be 0 to 65535"),
        ("serve.port", "--set serve.port: a setting is KEY=VALUE, such as eligibility.min_messages=200"),
    ] {
        let mut global = global();
        global.settings = vec![setting.into()];
        let error = Resolved::load(&global, &environment(&[])).err().unwrap();
        assert_eq!(error.to_string(), sentence);
    }
}

#[test]
fn a_value_that_no_setting_takes_names_the_file_or_variable_it_is_from() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("idiolect.toml");
    std::fs::write(&path, "[runs]\nlease_seconds = 10\n[dataset]\ndays = 9\n").unwrap();
    let global = Global { config: Some(path.clone()), ..global() };
    let said = |pairs: &[(&str, &str)]| Resolved::load(&global, &environment(pairs)).err().unwrap().to_string();
    assert_eq!(
        said(&[("IDIOLECT_DATASET_DAYS", "0")]),
        "environment IDIOLECT_DATASET_DAYS: the setting dataset.days must be 1 to 36500"
    );
    assert_eq!(
        said(&[("IDIOLECT_SERVE_PORT", "70000")]),
        "environment IDIOLECT_SERVE_PORT: the setting serve.port must be 0 to 65535"
    );
    assert_eq!(
        said(&[("IDIOLECT_DATA_DIR", "")]),
        "environment IDIOLECT_DATA_DIR: data_dir is empty; name a place, or leave it out"
    );
    // What is wrong is the pair, of which the other one is the default.
    let pair = "the setting runs.heartbeat_seconds must be at least 1 and at most half of runs.lease_seconds";
    assert_eq!(said(&[]), format!("{}, line 2: {pair}", path.display()));
    std::fs::write(&path, "[dataset]\nstrategy = \"magic\"\n").unwrap();
    let resolved = Resolved::load(&global, &environment(&[])).unwrap();
    assert_eq!(resolved.wrong("dataset.strategy", "no").to_string(), format!("{}, line 2: no", path.display()));
    assert_eq!(resolved.wrong("dataset.days", "no").to_string(), "no");
}

#[test]
fn what_is_wrong_in_the_file_is_named_by_its_line_and_no_value_is_quoted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("other.toml");
    let global = Global { config: Some(path.clone()), ..global() };
    for (text, line, sentence) in [
        (&b"user = \"a\"\n[serve]\n\nprot = 1\n"[..], 4, "there is no setting serve.prot; [serve] has api_key, "),
        (b"\nserve = 5", 2, "there is no setting serve; [serve] has api_key, "),
        (b"\n[serve.port]\nx = 5", 3, "there is no setting serve.port.x; [serve] has "),
        (b"[[serve]]\nport = 5", 1, "there is no setting serve; [serve] has "),
        (b"\n[sreve]\nport = 5", 3, "there is no setting sreve.port; there are bridge, caps, "),
        (b"\xef\xbb\xbf[serve]\r\nport = \"canary\"\r\n", 2, "serve.port must be a whole number, not text"),
        (b"[serve]\napi_key = 777", 2, "serve.api_key must be text, not a whole number"),
        (b"[serve]\nport = 70000", 2, "the setting serve.port must be 0 to 65535"),
        (b"\nstore = \"canary\"", 2, "the setting store must be sqlite or firestore"),
        (b"[serve]\napi_key = sk-canary", 2, "is not valid TOML: string values must be quoted"),
        (b"[serve]\nport = 1\n[serve]\nport = 2", 3, "is not valid TOML: duplicate key"),
        (b"\n# caf\xe9 canary", 2, "is not UTF-8; save the file as UTF-8"),
        (b"\nprofiles = 1", 2, "profiles must be sections, [profiles.NAME]"),
    ] {
        std::fs::write(&path, text).unwrap();
        let error = Resolved::load(&global, &environment(&[])).err().unwrap().to_string();
        assert!(error.starts_with(&format!("{}, line {line}: {sentence}", path.display())), "{error}");
        assert!(!error.contains("canary") && !error.contains("777"), "{error}");
    }
    // A profile is looked at where one is asked for.
    std::fs::write(&path, "[profiles.x]\n[profiles.x.models.\"m-1.5\"]\ntrainable = 1\n").unwrap();
    let resolved = Resolved::load(&global, &environment(&[])).unwrap();
    for (key, line) in [("x.", 1), ("x.key_env", 1), ("x.models.m-1.5.trainable", 3), ("x.models.m-1.5.price", 2)] {
        let said = resolved.wrong(&format!("profiles.{key}"), "no").to_string();
        assert_eq!(said, format!("{}, line {line}: no", path.display()), "{key}");
    }
}
