//! Exit codes, so that a script can tell outcomes apart.

use std::fmt;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// There is too little to learn from.
    InsufficientData,
    /// A version was trained and the one before it is still served.
    NotActivated,
    /// Consent is missing or was revoked.
    NoConsent,
    /// Failed, with the reason printed already.
    Failed,
    /// A flag's value is none that it takes. What the parser of flags finds ends the process with the same code.
    WrongFlags,
    /// Stopped by Ctrl-C; nothing is lost.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::WrongFlags => 2,
            Exit::InsufficientData => 3,
            Exit::NotActivated => 4,
            Exit::NoConsent => 5,
            Exit::Interrupted => 130,
        })
    }
}

/// A value that its flag or argument does not take, in a sentence that begins with it.
#[derive(Debug)]
pub struct WrongFlag(pub String);

impl fmt::Display for WrongFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongFlag {}
