//! The invariants of ARCHITECTURE.md that are facts about the dependency graph.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--manifest-path", env!("CARGO_MANIFEST_PATH")])
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

/// Package name to the names of what it depends on, development dependencies left out.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
    let name_of: BTreeMap<String, String> =
        array(&metadata["packages"]).iter().map(|package| (text(&package["id"]), text(&package["name"]))).collect();
    array(&metadata["resolve"]["nodes"])
        .iter()
        .map(|node| {
            let deps = array(&node["deps"])
                .iter()
                .filter(|dep| array(&dep["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev"))
                .map(|dep| name_of[&text(&dep["pkg"])].clone())
                .collect();
            (name_of[&text(&node["id"])].clone(), deps)
        })
        .collect()
}

fn array(value: &Value) -> &Vec<Value> {
    value.as_array().expect("an array")
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

/// Everything that `package` links, directly or through others.
fn reach(package: &str, graph: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![package.to_owned()];
    while let Some(next) = open.pop() {
        for dependency in graph.get(&next).unwrap_or_else(|| panic!("{next} is no package")) {
            if seen.insert(dependency.clone()) {
                open.push(dependency.clone());
            }
        }
    }
    seen
}

#[test]
fn the_registry_side_cannot_name_a_message() {
    let graph = dependencies();
    for package in ["registry", "store", "provider", "lora", "gateway", "http", "host"] {
        let package = format!("idiolect-{package}");
        for text_side in ["idiolect-dataset", "idiolect-sources"] {
            assert!(!reach(&package, &graph).contains(text_side), "{package} depends on {text_side}");
        }
    }
}

#[test]
fn the_text_side_knows_neither_the_registry_nor_the_providers() {
    let graph = dependencies();
    for package in ["idiolect-dataset", "idiolect-sources"] {
        for other in ["registry", "store", "provider", "lora", "gateway", "pipeline"] {
            assert!(!reach(package, &graph).contains(&format!("idiolect-{other}")), "{package} depends on {other}");
        }
    }
}

/// What it links directly; the tables of `bpe-openai` are unpacked by crates that could do IO, in memory.
#[test]
fn the_dataset_crate_has_nothing_to_do_io_with() {
    let direct = &dependencies()["idiolect-dataset"];
    for impure in ["tokio", "rusqlite", "flate2", "rand", "getrandom", "tracing", "ureq", "memmap2", "tempfile"] {
        assert!(!direct.contains(impure), "idiolect-dataset depends on {impure}");
    }
}

/// What is part of the standard library stands in no `Cargo.toml`. Tests may read files.
#[test]
fn the_dataset_crate_asks_the_standard_library_for_no_io_clock_thread_or_chance() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../idiolect-dataset/src");
    let mut looked_at = 0;
    let mut open = vec![source];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") && !entry.ends_with("tests.rs") {
                let whole = std::fs::read_to_string(&entry).expect("a source file");
                let code = whole.split("#[cfg(test)]").next().expect("there is a first part");
                for impure in [
                    "std::fs",
                    "std::io",
                    "std::env",
                    "std::process",
                    "std::thread",
                    "::now()",
                    "SystemTime",
                    "RandomState",
                ] {
                    assert!(!code.contains(impure), "{} has {impure}", entry.display());
                }
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 50, "{looked_at} files were looked at");
}

/// As it is built by default.
#[test]
fn the_distributed_engine_is_compiled_only_on_demand() {
    let linked = reach("idiolect", &dependencies());
    for package in ["idiolect-engine-temporal", "temporalio-sdk", "temporalio-client"] {
        assert!(!linked.contains(package), "idiolect depends on {package}");
    }
}

#[test]
fn fakes_are_in_no_product() {
    assert!(!reach("idiolect", &dependencies()).contains("idiolect-testkit"));
}

/// The first cells of ARCHITECTURE.md's table name every crate that a `Cargo.toml` names, those of tests and features too, and no other.
#[test]
fn every_dependency_has_a_line_in_the_table() {
    let (_, table) = include_str!("../../../ARCHITECTURE.md").split_once("\n## Dependencies\n").expect("the section");
    let names =
        table.lines().filter_map(|line| line.split('|').nth(1)).flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let listed: BTreeSet<String> = names.map(str::to_owned).collect();
    let metadata = metadata();
    let ours = array(&metadata["packages"]).iter().filter(|package| package["source"].is_null());
    let used = ours.flat_map(|package| array(&package["dependencies"])).map(|dependency| text(&dependency["name"]));
    assert_eq!(listed, used.filter(|name| !name.starts_with("idiolect-")).collect());
}

/// Spec §11.1 is an index of the tests: each name stands in the code once at least, as a test.
#[test]
fn every_test_that_the_spec_names_exists() {
    const NAMES: [&str; 19] = [
        "filters_messages_to_last_90_days",
        "returns_only_user_sent_messages",
        "handles_no_messages_gracefully",
        "redacts_phone_numbers",
        "redacts_emails",
        "removes_duplicate_messages",
        "filters_short_messages_by_threshold",
        "produces_valid_jsonl",
        "one_json_object_per_line",
        "includes_system_prompt",
        "deterministic_output_for_same_input",
        "correct_train_holdout_split",
        "creates_model_metadata_document",
        "increments_model_version",
        "sets_active_model_on_success",
        "does_not_set_active_model_on_failure",
        "uses_finetuned_model_when_ready",
        "falls_back_when_model_missing",
        "falls_back_when_model_disabled",
    ];
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crates directory");
    let mut sources = String::new();
    read_rust(crates, &mut sources);
    for name in NAMES {
        assert!(sources.contains(&format!("fn {name}()")), "no test {name}");
    }
}

fn read_rust(directory: &std::path::Path, into: &mut String) {
    for entry in std::fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            read_rust(&entry, into);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&std::fs::read_to_string(&entry).expect("a source file"));
        }
    }
}
