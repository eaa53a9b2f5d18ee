//! Temporal's development server as a child process, on loopback.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running server; dropping it ends it.
pub struct Server {
    program: PathBuf,
    port: u16,
    /// Without a file it keeps everything in memory.
    file: Option<PathBuf>,
    /// `KEY=VALUE` of the server's own settings.
    settings: Vec<String>,
    child: Child,
}

impl Server {
    /// `None`, said aloud, on a machine without the server; CI must have it.
    pub async fn start() -> Option<Self> {
        Self::start_at(None).await
    }

    pub async fn start_at(file: Option<PathBuf>) -> Option<Self> {
        Self::start_with(file, &[]).await
    }

    pub async fn start_with(file: Option<PathBuf>, settings: &[&str]) -> Option<Self> {
        let Some(program) = std::env::var_os("IDIOLECT_TEST_TEMPORAL").map(PathBuf::from) else {
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "IDIOLECT_TEST_TEMPORAL names no Temporal development server and CI=true; `make test` brings one"
            );
            eprintln!("skipped: IDIOLECT_TEST_TEMPORAL names no Temporal development server; `make test` brings one");
            return None;
        };
        let port = free_port();
        let settings: Vec<_> = settings.iter().map(|&setting| setting.to_owned()).collect();
        let child = spawn(&program, port, file.as_ref(), &settings);
        let server = Self { program, port, file, settings, child };
        server.wait().await;
        Some(server)
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// With SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// At the same address.
    pub async fn restart(&mut self) {
        self.child = spawn(&self.program, self.port, self.file.as_ref(), &self.settings);
        self.wait().await;
    }

    /// Workflows that match, once there are so many of them; the server's list is a moment behind.
    pub async fn count(&self, query: &str, expected: usize) -> usize {
        let mut found = 0;
        for _ in 0..100 {
            let arguments = ["workflow", "list", "--address", &self.address(), "--query", query, "--output", "jsonl"];
            let listed = Command::new(&self.program).args(arguments).output().unwrap();
            found = String::from_utf8_lossy(&listed.stdout).lines().filter(|line| line.starts_with('{')).count();
            if found >= expected {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        found
    }

    async fn wait(&self) {
        for _ in 0..600 {
            let health = Command::new(&self.program)
                .args(["operator", "cluster", "health", "--address", &self.address()])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            if health.unwrap().success() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the Temporal server does not come up");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(program: &PathBuf, port: u16, file: Option<&PathBuf>, settings: &[String]) -> Child {
    let mut command = Command::new(program);
    command.args(["server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", &port.to_string()]);
    command.args(["--log-level", "error"]);
    for setting in settings {
        command.arg("--dynamic-config-value").arg(setting);
    }
    if let Some(file) = file {
        command.arg("--db-filename").arg(file);
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
