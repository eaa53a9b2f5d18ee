//! Commands as their help describes them: data on standard output, exit codes, settings, and the order of things.

use crate::world::{UNTIL, World, text};

#[test]
fn every_command_has_help_with_an_example() {
    let world = World::new();
    let commands = [
        "demo",
        "consent",
        "consent grant",
        "consent revoke",
        "consent show",
        "extract",
        "sources",
        "sources list",
        "sources detect",
        "dataset",
        "dataset preview",
        "dataset build",
        "dataset report",
        "dataset validate",
        "redact",
        "train",
        "runs",
        "runs show",
        "runs cancel",
        "versions",
        "versions list",
        "versions show",
        "versions approve",
        "versions reject",
        "versions activate",
        "versions rollback",
        "costs",
        "erase",
        "worker",
        "status",
        "chat",
        "serve",
        "provider",
        "providers",
        "providers list",
        "providers show",
        "providers check",
        "store",
        "store export",
        "store import",
        "model",
        "model pull",
        "model list",
        "doctor",
    ];
    for command in commands {
        let help = world.run(&command.split(' ').chain(["--help"]).collect::<Vec<_>>());
        assert!(help.status.success());
        assert!(text(&help.stdout).contains("Example"), "{command} --help has no example");
    }
    let all = text(&world.run(&["--help"]).stdout);
    assert!(commands.iter().all(|command| all.contains(command.split(' ').next().unwrap())), "{all}");
}

#[test]
fn extract_prints_normalised_records_and_reports_beside_them() {
    let world = World::new();
    world.write_messages(5, None);
    let output = world.run(&["extract", "--source", &world.source(), "--until", UNTIL]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["messageId"], "m0");
    assert_eq!(lines[0]["conversationId"], "c");
    assert!(lines[0]["timestamp"].as_str().unwrap().ends_with('Z'));
    assert!(text(&output.stderr).contains("5 rows read, 5 sent by you, 5 kept"), "{}", text(&output.stderr));
}

#[test]
fn nothing_is_read_or_trained_without_consent() {
    let world = World::new();
    world.write_messages(160, None);
    let trained = world.train();
    assert_eq!(trained.status.code(), Some(5), "{}", text(&trained.stderr));
    assert!(text(&trained.stderr).contains("idiolect consent grant"), "{}", text(&trained.stderr));
    let previewed = world.run(&["dataset", "preview", "--source", &world.source(), "--until", UNTIL]);
    assert_eq!(previewed.status.code(), Some(5));
    assert_eq!(world.json(&["runs"]).as_array().unwrap().len(), 0);
    assert!(world.run(&["consent", "grant", "--purpose", "extract"]).status.success());
    assert_eq!(world.train().status.code(), Some(5), "reading is allowed, training is not");
}

#[test]
fn a_whole_run_ends_activated_and_revoking_disables_it() {
    let world = World::ready();
    let trained = world.train();
    assert!(trained.status.success(), "{}", text(&trained.stderr));
    assert!(text(&trained.stdout).contains("bits per character"), "{}", text(&trained.stdout));

    let status = world.json(&["status"]);
    assert_eq!(status["modelStatus"], "ready");
    assert_eq!(status["activeModelVersion"], 1);
    let run = &world.json(&["runs"])[0];
    assert_eq!(run["run"]["step"], "activated");
    assert!(run["eval"]["holdoutLoss"].as_f64().unwrap() < run["eval"]["baseHoldoutLoss"].as_f64().unwrap());
    assert_eq!(run["artifacts"]["datasetHash"].as_str().unwrap().len(), 64);

    let chat = world.run(&["chat", "--json"]);
    assert!(chat.status.success() && chat.stdout.is_empty(), "no input, no answer");

    assert!(world.run(&["consent", "revoke"]).status.success());
    let status = world.json(&["status"]);
    assert_eq!((&status["modelStatus"], &status["fallbackReason"]), (&"disabled".into(), &"disabled".into()));
    assert_eq!(world.train().status.code(), Some(5));
}

#[test]
fn chat_answers_each_line_of_its_input() {
    use std::io::Write;
    let world = World::ready();
    assert!(world.train().status.success());
    let mut child = world
        .command(&["chat", "--json", "--max-tokens", "5"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"I will be late.\n\nSee you there.\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let answers: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 2);
    assert!(answers.iter().all(|answer| answer["object"] == "chat.completion"));
}

#[test]
fn too_little_data_has_its_own_exit_code_and_says_how_much_is_missing() {
    let world = World::ready();
    world.write_messages(20, None);
    let output = world.train();
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("failed_insufficient_data") && said.contains("of 50 messages"), "{said}");
    let previewed = world.run(&["dataset", "preview", "--source", &world.source(), "--until", UNTIL]);
    assert_eq!(previewed.status.code(), Some(3));
}

#[test]
fn preview_counts_what_was_shortened_and_how_common_a_short_text_has_to_be_is_set() {
    let world = World::ready();
    let mut lines = String::new();
    for n in 0..600 {
        let text = match n % 100 {
            7 => "k".to_owned(),
            8 => format!("> are you in?\\nsure thing number {n}"),
            _ => format!("this is message number {n} of quite a few, each with some more words to it"),
        };
        let time = format!("2026-01-{:02}T{:02}:{:02}:00Z", 1 + n / 60, n / 60 % 24, n % 60);
        lines.push_str(&format!("{{\"messageId\":\"{n}\",\"timestamp\":\"{time}\",\"text\":\"{text}\"}}\n"));
    }
    std::fs::write(world.path("short.ndjson"), lines).unwrap();
    let source = format!("ndjson:{}", world.path("short.ndjson").display());
    let preview = |set: &str| {
        let run = ["dataset", "preview", "--source", &source, "--until", "2026-01-15T12:00:00Z", "--set", set];
        text(&world.run(&run).stdout).to_owned()
    };
    let usual = preview("cleaning.common_share=0.005");
    assert!(usual.contains("6  shortened: less a quote") && !usual.contains("too short"), "{usual}");
    assert!(preview("cleaning.common_share=0.02").contains("6  left out: too short"));
    assert!(preview("cleaning.common_count=7").contains("6  left out: too short"));
    let wrong = world.run(&["doctor", "--set", "cleaning.common_share=2"]);
    assert!(text(&wrong.stderr).contains("cleaning.common_share must be 0.0 to 1.0"), "{}", text(&wrong.stderr));
}

#[test]
fn a_cap_that_leaves_too_few_examples_is_not_enough_data() {
    let world = World::ready();
    let enough = ["--set", "eligibility.min_messages=1", "--set", "eligibility.min_tokens=1"];
    let source = world.source();
    let preview = |cap: &str| {
        let run = ["dataset", "preview", "--source", &source, "--until", UNTIL, "--set", cap];
        let output = world.run(&[&run[..], &enough].concat());
        (output.status.code(), text(&output.stdout).to_owned())
    };
    let (code, said) = preview("dataset.max_examples=9");
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("9 of 10 training examples") && said.contains("caps"), "{said}");
    let (code, said) = preview("dataset.max_examples=10");
    assert!(code == Some(0) && said.contains("enough data"), "{said}");
}

#[test]
fn the_same_messages_build_the_same_bytes() {
    let world = World::ready();
    let build = |dir: &str| {
        let output = world.run(&["dataset", "build", "--source", &world.source(), "--until", UNTIL, "-o", dir]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        (
            std::fs::read(world.path(dir).join("training.jsonl")).unwrap(),
            std::fs::read(world.path(dir).join("manifest.json")).unwrap(),
        )
    };
    assert_eq!(build("a"), build("b"));
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(world.path("a/training.jsonl")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "only the owner may read the words");
}

#[test]
fn doctor_shows_settings_with_their_origin_and_hides_secrets() {
    let world = World::new();
    std::fs::write(world.path("idiolect.toml"), "[serve]\napi_key = \"hush\"\n").unwrap();
    let source = "source=bridge:https://jo:hush@example.org:8443/sent?token=hush";
    let flags = ["--set", "serve.port=9", "--set", "redaction.names=Quixotine", "--set", source];
    let output = world.run(&[&["doctor", "--json"], &flags[..]].concat());
    let said = text(&output.stdout);
    assert!(!said.contains("hush") && !text(&output.stderr).contains("hush"));
    let doctor: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(doctor["settings"]["serve.api_key"]["value"], "(hidden)");
    assert_eq!(doctor["settings"]["redaction.names"]["value"], "(hidden)");
    assert_eq!(doctor["settings"]["source"]["value"], "bridge:https://example.org:8443/sent");
    assert_eq!(doctor["settings"]["serve.api_key"]["origin"], "idiolect.toml, line 2");
    assert_eq!(doctor["settings"]["serve.port"]["origin"], "--set serve.port");
    assert_eq!(
        doctor["settings"]["eligibility.min_messages"]["origin"],
        "environment IDIOLECT_ELIGIBILITY_MIN_MESSAGES"
    );
}

#[test]
fn doctor_says_what_a_host_needs_and_not_what_this_machine_does_not() {
    let world = World::without_model();
    let settings = "[training]\nprovider = \"mine\"\n[profiles.mine]\nbase_url = \"https://models.example.org/v1\"\n\
        key_env = \"MINE\"\ndefault_base_model = \"open-8b\"\n";
    std::fs::write(world.path("idiolect.toml"), settings).unwrap();
    let doctor = |key: &[(&str, &str)]| {
        let output = world.command(&["doctor", "--json"]).envs(key.iter().copied()).output().unwrap();
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let runs = said["checks"].as_array().unwrap().iter().find(|check| check["name"] == "runs").unwrap().clone();
        (output.status.code(), runs)
    };
    let (code, runs) = doctor(&[]);
    assert!(code == Some(1) && runs["found"].as_str().unwrap().contains("MINE"), "{runs}");
    let (code, runs) = doctor(&[("MINE", "sk-made-up")]);
    assert_eq!((code, &runs["good"]), (Some(0), &true.into()), "{runs}");
}

#[test]
fn the_report_is_one_page_without_message_text_unless_samples_are_asked_for() {
    let world = World::ready();
    let report = |more: &[&str]| {
        let source = world.source();
        let flags = ["dataset", "report", "--source", &source, "--until", UNTIL, "-o", "report.html"];
        let output = world.run(&[&flags[..], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        std::fs::read_to_string(world.path("report.html")).unwrap()
    };
    let words = |page: &str| {
        let built = world.run(&["dataset", "build", "--source", &world.source(), "--until", UNTIL, "-o", "built"]);
        assert!(built.status.success());
        let lines = std::fs::read_to_string(world.path("built/training.jsonl")).unwrap();
        let answers = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let answers = answers.map(|line| line["messages"][2]["content"].as_str().unwrap().to_owned());
        answers.filter(|answer| answer.len() > 20 && page.contains(answer.as_str())).count()
    };
    let page = report(&[]);
    assert!(page.starts_with("<!DOCTYPE html>") && !page.contains("<script"));
    assert_eq!(words(&page), 0, "message text on the page");
    assert!(words(&report(&["--with-samples"])) > 0);
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(world.path("built/manifest.json")).unwrap()).unwrap();
    assert!(manifest["costEstimates"].is_array(), "{manifest}");
    let dates = page.split("<h1>Dataset report</h1>").nth(1).unwrap().split("</p>").next().unwrap();
    let old = ["dataset", "report", "--source", &world.source(), "--until", "2001-01-01T00:00:00Z", "-o", "empty.html"];
    let output = world.run(&old);
    assert_eq!(output.status.code(), Some(3), "a page of nothing is no success");
    assert!(text(&output.stderr).contains("nothing was sent in the window"));
    let empty = std::fs::read_to_string(world.path("empty.html")).unwrap();
    assert!(empty.contains("nothing was sent from") && !empty.contains(dates));
}

#[test]
fn estimates_go_by_the_prices_in_the_settings() {
    let world = World::ready();
    let settings = "[profiles.mine]\nextends = \"openai-compatible\"\nbase_url = \"https://models.example.org/v1\"\nkey_env = \"MINE\"\n\
        default_base_model = \"open-8b\"\nmodels.\"open-8b\".price = { training = 1000.0, input = 0.1, output = 0.2 }\n\
        [profiles.mine.models.\"gone-8b\"]\nshutdown_date = \"2026-10-23\"\nprice = { training = 1.0, input = 0.1, output = 0.2 }\n";
    std::fs::write(world.path("idiolect.toml"), settings).unwrap();
    let preview = world.json(&["dataset", "preview", "--source", &world.source(), "--until", UNTIL]);
    let costs = preview["costEstimates"].as_array().unwrap();
    let mine = costs.iter().find(|cost| cost["provider"] == "mine").unwrap_or_else(|| panic!("{costs:?}"));
    let expected = mine["trainedTokens"].as_f64().unwrap() / 1000.0;
    assert!((mine["usd"].as_f64().unwrap() - expected).abs() < 0.01, "{mine}");
    assert!(costs.iter().all(|cost| cost["baseModel"] != "gone-8b"), "a run on it would be refused: {costs:?}");
}

#[test]
fn a_message_too_long_for_the_base_model_is_left_out_and_what_is_built_can_be_uploaded() {
    let world = World::ready();
    world.write_messages(600, Some(&"a story about a lighthouse ".repeat(1500)));
    let source = world.source();
    let dataset = |verb: &[&str], model: &str| {
        let set = format!("training.base_model={model}");
        let flags = [verb, &["--source", &source, "--until", UNTIL, "--set", &set]].concat();
        world.json(&[&["dataset"], &flags[..]].concat())["dropped"]["tooLong"].as_u64()
    };
    assert_eq!(dataset(&["preview"], "gpt-4o-mini"), Some(0));
    assert_eq!(dataset(&["build", "-o", "out"], "smollm2-135m-instruct"), Some(1));
    let checked = world.run(&["dataset", "validate", "out/training.jsonl", "--base-model", "smollm2-135m-instruct"]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stdout));
    // Without the flag by the base model that is trained on.
    let hosted = ["--set", "training.provider=openai"];
    let built =
        world.run(&[&["dataset", "build", "--source", &source, "--until", UNTIL, "-o", "out"], &hosted[..]].concat());
    assert_eq!(built.status.code(), Some(0), "{}", text(&built.stderr));
    for (set, code) in [(&hosted[..], 0), (&["--set", "model.base=smollm2-135m-instruct"], 1)] {
        let checked = world.run(&[&["dataset", "validate", "out/training.jsonl"], set].concat());
        assert_eq!(checked.status.code(), Some(code), "{}", text(&checked.stdout));
    }
}
