//! `IDIOLECT_CODE_VERSION` is the commit that this is built from, or the package's version where there is no repository.

#![allow(clippy::print_stdout, reason = "how Cargo is told")]

use std::path::Path;
use std::process::Command;

/// What changes with a commit, a checkout or a rebase.
const WATCHED: [&str; 3] = ["HEAD", "logs/HEAD", "packed-refs"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let package = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    println!("cargo::rustc-env=IDIOLECT_CODE_VERSION={}", commit().unwrap_or(package));
}

fn commit() -> Option<String> {
    let commit = git(&["rev-parse", "HEAD"])?;
    // A tarball unpacked inside somebody's repository is not that repository's commit.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().ok()?;
    if Path::new(&git(&["rev-parse", "--show-toplevel"])?).canonicalize().ok()? != root {
        return None;
    }
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    for name in WATCHED.into_iter().chain(branch.as_deref()) {
        let path = git(&["rev-parse", "--git-path", name])?;
        // Cargo would run this again at every build for a file that is not there.
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    Some(commit)
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let printed = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| printed.trim().to_owned())
}
