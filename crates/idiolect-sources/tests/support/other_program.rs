//! Another process that holds a store open, as Messages does: this test binary, started a second time.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Names the store to the process started; the test that it runs is the one called `NAME`.
const STORE: &str = "IDIOLECT_TEST_STORE";
const NAME: &str = "the_other_program";
const DONE: &str = "done";

/// The process; its store is closed when this is dropped.
pub struct OtherProgram {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl OtherProgram {
    /// Starts it; it runs the command batches that it is told on its connection to `store`.
    pub fn start(store: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env(STORE, store)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, answers }
    }

    /// Runs SQL (on one line) in it and waits until that is done.
    pub fn run(&mut self, sql: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{sql}").unwrap();
        let mut answer = String::new();
        while !answer.ends_with(&format!("{DONE}\n")) {
            answer.clear();
            assert_ne!(self.answers.read_line(&mut answer).unwrap(), 0, "the other program ended");
        }
    }
}

impl Drop for OtherProgram {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// What the process does; in an ordinary run of the tests, nothing.
pub fn main() {
    let Some(store) = std::env::var_os(STORE) else { return };
    let connection = rusqlite::Connection::open(store).unwrap();
    for sql in std::io::stdin().lines() {
        // A pragma that answers with a row is no error in a batch.
        connection.execute_batch(&sql.unwrap()).unwrap();
        println!("{DONE}");
    }
}
