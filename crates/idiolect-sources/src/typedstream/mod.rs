//! Apple's typedstream ("streamtyped"), the archive that `message.attributedBody` holds, read from its format.
//!
//! A stream is a header and then groups. A group is a type encoding (`@`, `iI`, `[8c]`, `{point=ff}`, …) followed by one
//! value for each type in it. Numbers are one byte where they fit, else `0x81` and two or `0x82` and four bytes. Type
//! encodings and class names are written once and referred to by number afterwards, objects, classes and C strings
//! likewise in a numbering of their own; a reference to number `n` is the integer `n - 110`, so the byte `0x92` is
//! number 0.
//!
//! Reading is bounds-checked, its depth is limited, and its time and memory are linear in the stream's length: references are
//! kept as numbers and never expanded.

mod archive;
mod attributed;
mod bytes;
mod usual;

pub(crate) use attributed::{AttributedText, read_attributed_text, read_text};

/// Where and why a stream could not be read any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damage {
    /// Byte offset in the stream.
    pub(crate) at: usize,
    pub(crate) what: &'static str,
}

#[cfg(test)]
mod tests;
