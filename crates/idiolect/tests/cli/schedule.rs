//! The weekly schedule, switched on and off under users who gave consent before, through the binary: over each store and each
//! engine.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

#[cfg(feature = "firestore")]
use crate::hosted_world::emulator_is_there;
use crate::hosted_world::{HostedWorld, JOBS_AT_ONCE, Process, StoreKind};
use crate::world::text;

const ON: &str = "7";
const OFF: &str = "0";

/// A worker with the schedule on or off, which `flags` give an engine.
fn start_worker(world: &HostedWorld, flags: &[&str], every_days: &str) -> Process {
    let log = std::fs::File::create(world.world.path("worker.log")).unwrap();
    let child = world
        .command(&[&["worker"], flags].concat())
        .env("IDIOLECT_SCHEDULE_EVERY_DAYS", every_days)
        .env("IDIOLECT_SCHEDULE_SOURCE", world.world.source())
        .env("IDIOLECT_DATASET_DAYS", "3650")
        .stderr(log)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    Process(child)
}

fn until(world: &HostedWorld, what: &str, is_so: impl Fn(&Value) -> bool) {
    for _ in 0..600 {
        if is_so(&world.json(&["status"])) {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let log = std::fs::read_to_string(world.world.path("worker.log")).unwrap_or_default();
    panic!("it does not come to: {what}; {}\n{log}", world.json(&["status"]));
}

/// As if the time of the user's turn had come: their record goes out, and back in with another time.
fn let_the_turn_come(world: &HostedWorld) {
    let file = world.world.path("records.ndjson");
    assert!(world.run(&["store", "export", "-o", file.to_str().unwrap()], &[]).status.success());
    let mut records: Vec<Value> =
        std::fs::read_to_string(&file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for record in records.iter_mut().filter(|record| record["kind"] == "user") {
        record["revision"] = (record["revision"].as_u64().unwrap() + 1).into();
        record["dispatch_next_at"] = "2026-01-01T00:00:00.000000000Z".into();
    }
    std::fs::write(&file, records.iter().map(|record| format!("{record}\n")).collect::<String>()).unwrap();
    let imported = world.run(&["store", "import", file.to_str().unwrap()], &[]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
}

fn the_schedule_goes_on_and_off(store: StoreKind, flags: &[&str]) {
    let world = HostedWorld::new(store, JOBS_AT_ONCE, "");
    let next_turn = |status: &Value| status["nextTurnAt"].clone();
    assert_eq!(next_turn(&world.json(&["status"])), Value::Null, "consent was given while there was no schedule");

    let on = start_worker(&world, flags, ON);
    until(&world, "a turn", |status| next_turn(status).is_string());
    on.stop();
    let turn: jiff::Timestamp = next_turn(&world.json(&["status"])).as_str().unwrap().parse().unwrap();
    let now = jiff::Timestamp::now();
    assert!(turn > now && turn < now + jiff::SignedDuration::from_hours(7 * 24), "{turn}");

    let_the_turn_come(&world);
    let off = start_worker(&world, flags, OFF);
    until(&world, "no turn", |status| next_turn(status).is_null());
    off.stop();
    assert_eq!(world.json(&["runs"]), serde_json::json!([]), "switched off, the turn lapses");

    let on = start_worker(&world, flags, ON);
    until(&world, "a turn again", |status| next_turn(status).is_string());
    on.stop();
    let_the_turn_come(&world);
    let on = start_worker(&world, flags, ON);
    until(&world, "a version", |status| status["activeModelVersion"] == 1);
    on.stop();
    let turn: jiff::Timestamp = next_turn(&world.json(&["status"])).as_str().unwrap().parse().unwrap();
    assert!(turn > now, "the one after it: {turn}");
}

#[test]
fn a_schedule_that_is_switched_on_reaches_users_who_gave_consent_before() {
    the_schedule_goes_on_and_off(StoreKind::Sqlite, &[]);
}

#[cfg(feature = "firestore")]
#[test]
fn firestore_a_schedule_that_is_switched_on_reaches_users_who_gave_consent_before() {
    if emulator_is_there() {
        the_schedule_goes_on_and_off(StoreKind::Firestore, &[]);
    }
}

#[cfg(feature = "temporal")]
#[test]
fn temporal_a_schedule_that_is_switched_on_reaches_users_who_gave_consent_before() {
    let Some(server) = crate::hosted_world::runtime().block_on(crate::temporal_server::Server::start()) else { return };
    let address = server.address();
    the_schedule_goes_on_and_off(StoreKind::Sqlite, &["--engine", "temporal", "--address", &address]);
}

#[test]
fn a_user_whose_record_cannot_be_read_keeps_nobody_from_their_turn() {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_AT_ONCE, "");
    assert!(world.run(&["consent", "grant", "--user", "ana", "--purpose", "extract"], &[]).status.success());
    let db = rusqlite::Connection::open(world.world.data().join("registry.sqlite3")).unwrap();
    let spoil = "UPDATE users SET model_status = 'glowing', dispatch_next_at = '2026-01-01T00:00:00.000000000Z'
        WHERE user_id = 'ana'";
    db.execute(spoil, []).unwrap();
    let on = start_worker(&world, &[], ON);
    until(&world, "a turn", |status| status["nextTurnAt"].is_string());
    on.stop();
    let log = std::fs::read_to_string(world.world.path("worker.log")).unwrap();
    assert!(log.contains("a user is passed over until their record is repaired"), "{log}");
    assert!(log.contains("user ana") && log.lines().count() < 12, "said, and not without end: {log}");
}
