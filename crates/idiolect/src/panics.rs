//! What a panic prints: where it happened and never its message, which may quote what somebody wrote.

use std::io::Write as _;
use std::panic::{self, Location};

/// From here on a panic prints its place alone.
pub fn hide_messages() {
    panic::set_hook(Box::new(|panic| {
        // Where nobody reads, there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "{}", report(panic.location()));
    }));
}

fn report(place: Option<&Location>) -> String {
    let place = place.map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    format!(
        "idiolect: internal error at {place}; what it was about is not shown, since that may be a message. Please report the place"
    )
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// A child process panics, since the hook is the whole process's.
    #[test]
    fn a_panic_prints_its_place_and_never_its_message() {
        const CHILD: &str = "IDIOLECT_TEST_PANICS";
        if std::env::var_os(CHILD).is_some() {
            hide_messages();
            let text = "see you at five".to_owned();
            "5".repeat(40).parse::<u8>().expect(&text);
        }
        let (_, module) = module_path!().split_once("::").unwrap();
        let name = format!("{module}::a_panic_prints_its_place_and_never_its_message");
        let child = Command::new(std::env::current_exe().unwrap())
            .args([name.as_str(), "--exact", "--nocapture"])
            .env(CHILD, "1")
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&child.stderr).into_owned() + &String::from_utf8_lossy(&child.stdout);
        assert!(!child.status.success(), "the child has to panic");
        assert!(printed.contains("internal error at ") && printed.contains("panics.rs:"), "the place is missing");
        assert!(!printed.contains("five"), "the message was printed");
    }
}
