//! A data directory, a tiny model and made-up messages, and the binary run on them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use idiolect_testkit::write_tiny_model;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The end of the messages' window.
pub const UNTIL: &str = "2026-06-30T23:59:59Z";

pub struct World {
    pub dir: TempDir,
}

impl World {
    pub fn new() -> Self {
        let world = Self::without_model();
        write_tiny_model(&world.path("tiny.gguf"), 7).unwrap();
        world
    }

    /// For what never asks a model on this machine.
    pub fn without_model() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// With consent given and messages written.
    pub fn ready() -> Self {
        let world = Self::new();
        world.write_messages(160, None);
        assert!(world.run(&["consent", "grant"]).status.success());
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The source argument of the messages that [`write_messages`](Self::write_messages) wrote.
    pub fn source(&self) -> String {
        format!("ndjson:{}", self.path("sent.ndjson").display())
    }

    /// Made-up messages, one every two hours; `canary` is the words of one of them.
    pub fn write_messages(&self, count: usize, canary: Option<&str>) {
        self.write_texts(count, |n| match canary {
            Some(canary) if n == count / 2 => canary.to_owned(),
            _ => usual_words(n),
        });
    }

    /// As many messages, each with its own words.
    pub fn write_texts(&self, count: usize, text: impl Fn(usize) -> String) {
        let end: jiff::Timestamp = UNTIL.parse().unwrap();
        let mut file = std::fs::File::create(self.path("sent.ndjson")).unwrap();
        for n in 0..count {
            let text = text(n);
            let timestamp = end - jiff::SignedDuration::from_hours(2 * (count - n) as i64);
            let record =
                json!({"messageId": format!("m{n}"), "timestamp": timestamp, "text": text, "conversationId": "c"});
            writeln!(file, "{record}").unwrap();
        }
    }

    /// The binary in this world; the environment is the test's own.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_idiolect"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.dir.path())
            .env("IDIOLECT_DATA_DIR", self.data())
            .env("IDIOLECT_MODEL_BASE", self.path("tiny.gguf"))
            .env("IDIOLECT_ELIGIBILITY_MIN_MESSAGES", "50")
            .env("IDIOLECT_ELIGIBILITY_MIN_TOKENS", "500")
            .current_dir(self.dir.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn train(&self) -> Output {
        self.run(&["train", "--source", &self.source(), "--until", UNTIL])
    }

    /// What a command prints as JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// `idiolect serve` on a free port, with its address and the API key it printed.
    pub fn serve(&self, log: &Path) -> Server {
        self.start("serve", log)
    }

    /// `idiolect provider`, as [`serve`](Self::serve).
    pub fn provider(&self, log: &Path) -> Server {
        self.start("provider", log)
    }

    fn start(&self, command: &str, log: &Path) -> Server {
        let port = free_port();
        let child = self
            .command(&[command, "--port", &port.to_string(), "--new-key", "--log", "trace"])
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(log).unwrap())
            .spawn()
            .unwrap();
        Server::started(child, port)
    }
}

pub fn usual_words(n: usize) -> String {
    let words = ["tram", "soup", "ladder", "violin", "harbour", "pencil", "melon", "castle", "window", "garden"];
    let word = |n: usize| words[n % words.len()];
    format!("ok so {} {} {n} w/ u haha", word(n), word(n * 7 + 3))
}

/// A running server; dropping it ends it.
pub struct Server {
    child: Child,
    pub port: u16,
    pub key: String,
}

impl Server {
    pub fn started(mut child: Child, port: u16) -> Self {
        use std::io::BufRead;
        let mut key = String::new();
        std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut key).unwrap();
        let server = Self { child, port, key: key.trim().to_owned() };
        assert!(server.key.starts_with("sk-idiolect-"), "the server printed no key");
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the server does not listen");
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Posts JSON with the API key; headers in lower case, and the body as it was sent.
    pub fn post(&self, path: &str, body: &str) -> (String, String) {
        self.send("POST", path, "application/json", body)
    }

    pub fn get(&self, path: &str) -> (String, String) {
        self.send("GET", path, "application/json", "")
    }

    pub fn send(&self, method: &str, path: &str, content_type: &str, body: &str) -> (String, String) {
        use std::io::Read;
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nContent-Type: {content_type}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (headers, body) = answer.split_once("\r\n\r\n").unwrap();
        (headers.to_lowercase(), body.to_owned())
    }

    /// Ends it with SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop as Ctrl-C would, and says how it ended.
    pub fn stop(mut self) -> std::process::ExitStatus {
        signal(self.child.id(), "INT");
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn signal(process: u32, name: &str) {
    assert!(Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).status().unwrap().success());
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What `make test` brings and a test needs, or a word that the test is passed over. CI must have it.
#[allow(clippy::print_stderr, reason = "a test that is passed over says so")]
pub fn brought(variable: &str, what: &str) -> Option<std::ffi::OsString> {
    let value = std::env::var_os(variable);
    let is_ci = std::env::var("CI").as_deref() == Ok("true");
    assert!(value.is_some() || !is_ci, "{variable} names no {what} and CI=true; `make test` brings one");
    if value.is_none() {
        eprintln!("skipped: {variable} names no {what}; `make test` brings one");
    }
    value
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every file below, by its path relative to `dir`.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() { open.push(entry) } else { found.push(entry.strip_prefix(dir).unwrap().to_owned()) }
        }
    }
    found.sort();
    found
}
