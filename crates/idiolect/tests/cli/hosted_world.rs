//! The binary over a hosted provider: the strict fake server in this process, under a profile of the settings.

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};

use idiolect_testkit::{FAKE_BASE_MODEL, FAKE_KEY, FakeClock, FakeOpenAi};
use jiff::SignedDuration;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::world::{Server, UNTIL, World, free_port, signal, text};

/// Longer than the fake's jobs take: each is over when it is first looked at.
pub const JOBS_AT_ONCE: SignedDuration = SignedDuration::from_mins(20);
/// Longer than the fake takes to process a file, and shorter than any job.
pub const JOBS_GO_ON: SignedDuration = SignedDuration::from_secs(9);

/// Where the binary keeps its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    Sqlite,
    #[cfg(feature = "firestore")]
    Firestore,
}

pub struct HostedWorld {
    pub world: World,
    pub server: FakeOpenAi,
    store: StoreKind,
}

impl HostedWorld {
    /// With consent given and messages written. `settings` are further lines of the profile.
    pub fn new(store: StoreKind, per_call: SignedDuration, settings: &str) -> Self {
        let clock = Arc::new(FakeClock::at(jiff::Timestamp::now()));
        let server = runtime().block_on(FakeOpenAi::start_at(clock));
        server.advance_with_each_call(per_call);
        let world = World::without_model();
        world.write_messages(80, None);
        let profile = format!(
            "[profiles.fake]\nextends = \"openai-compatible\"\nbase_url = \"{}\"\nkey_env = \"FAKE_API_KEY\"\n\
             default_base_model = \"{FAKE_BASE_MODEL}\"\n{settings}\n\
             [profiles.fake.models.\"{FAKE_BASE_MODEL}\".price]\ntraining = 25.0\n",
            server.base_url()
        );
        std::fs::write(world.path("idiolect.toml"), profile).unwrap();
        let hosted = Self { world, server, store };
        let granted = hosted.run(&["consent", "grant", "--purpose", "extract", "--purpose", "train_hosted"], &[]);
        assert!(granted.status.success(), "{}", text(&granted.stderr));
        hosted
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command(arguments);
        command
            .env("FAKE_API_KEY", FAKE_KEY)
            .env("IDIOLECT_TRAINING_PROVIDER", "fake")
            .env("IDIOLECT_RUNS_POLL_SECONDS", "1")
            .env("IDIOLECT_RUNS_RETRY_SECONDS", "1")
            .env("IDIOLECT_RUNS_CALL_TIMEOUT_SECONDS", "1");
        match self.store {
            StoreKind::Sqlite => {}
            // Each world is a project of its own.
            #[cfg(feature = "firestore")]
            StoreKind::Firestore => {
                let directory = self.world.dir.path().file_name().unwrap().to_string_lossy().to_lowercase();
                command
                    .env("IDIOLECT_STORE", "firestore")
                    .env("IDIOLECT_FIRESTORE_PROJECT_ID", format!("crash{}", directory.trim_start_matches('.')))
                    .env("FIRESTORE_EMULATOR_HOST", std::env::var("FIRESTORE_EMULATOR_HOST").unwrap());
            }
        }
        command
    }

    pub fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> std::process::Output {
        self.command(arguments).envs(variables.iter().copied()).output().unwrap()
    }

    /// What a command prints as JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat(), &[]);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// `idiolect serve` on a free port.
    pub fn serve(&self, variables: &[(&str, &str)]) -> Server {
        self.serve_with(&[], variables)
    }

    pub fn serve_with(&self, flags: &[&str], variables: &[(&str, &str)]) -> Server {
        let port = free_port();
        let child = self
            .command(&[&["serve", "--port", &port.to_string(), "--new-key", "--log", "trace"], flags].concat())
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(self.world.path("serve.log")).unwrap())
            .spawn()
            .unwrap();
        Server::started(child, port)
    }

    /// One line said to `idiolect chat`.
    pub fn chat(&self, line: &str) -> std::process::Output {
        use std::io::Write;
        let mut child = self
            .command(&["chat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
        child.wait_with_output().unwrap()
    }

    /// A training that is interrupted, as by Ctrl-C, once it has said this; how it ended, and all that it said.
    pub fn interrupted_once_it_says(
        &self,
        this: &str,
        variables: &[(&str, &str)],
    ) -> (std::process::ExitStatus, String) {
        use std::io::{BufRead, BufReader};
        let source = self.world.source();
        let mut child = self
            .command(&["train", "--source", &source, "--until", UNTIL])
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        for line in BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap) {
            if line.contains(this) {
                crate::world::signal(child.id(), "INT");
            }
            said += &(line + "\n");
        }
        (child.wait().unwrap(), said)
    }

    pub fn train(&self, variables: &[(&str, &str)]) -> std::process::Output {
        let source = self.world.source();
        self.run(&["train", "--source", &source, "--until", UNTIL], variables)
    }
}

/// Whether tests over Firestore can run. CI must be able to.
#[cfg(feature = "firestore")]
#[allow(clippy::print_stderr, reason = "a test that is passed over says so")]
pub fn emulator_is_there() -> bool {
    let there = std::env::var_os("FIRESTORE_EMULATOR_HOST").is_some();
    assert!(there || std::env::var("CI").as_deref() != Ok("true"), "CI has no Firestore emulator");
    if !there {
        eprintln!("PASSED OVER: there is no FIRESTORE_EMULATOR_HOST; scripts/firestore-emulator brings one");
    }
    there
}

/// The fake servers' threads, one runtime for all of them.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap())
}

/// Does all the work, some of it at a time: most of a case is waiting. The first panic fails the test.
pub fn in_parallel<T: Sync>(cases: &[T], work: impl Fn(&T) + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    work(case);
                }
            });
        }
    });
}

/// A process that does not outlive its test.
pub struct Process(pub Child);

impl Process {
    /// As with Ctrl-C.
    pub fn stop(mut self) {
        signal(self.0.id(), "INT");
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
