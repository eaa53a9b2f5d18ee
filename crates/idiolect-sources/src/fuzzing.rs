//! What fuzzing calls beside the public surface; no part of that. Everything here panics where something is wrong.

use crate::SourceKind;
use crate::chat_db::read_summary;
use crate::typedstream::{read_attributed_text, read_text};

/// One small file of each kind that is read from a file: its kind, name and contents. The person is Ana, in Slack `U1A`.
pub const FILES: &[(SourceKind, &str, &str)] = &crate::samples::FILES;

/// The text alone is what the whole way through the archive gives, and parts can be taken out of it.
pub fn typedstream(data: &[u8]) {
    let whole = read_attributed_text(data);
    if let Ok(read) = &whole {
        assert_eq!(read.without_parts(&Default::default()), read.text);
        let parts = read.parts();
        assert!(read.without_parts(&parts).len() <= read.text.len());
    }
    assert!(read_text(data) == whole.map(|read| read.text), "the short way gives another text");
}

/// The property list of an edited message, and the bodies in it.
pub fn summary(data: &[u8]) {
    read_summary(data).iter().for_each(|version| typedstream(version));
}
