//! Dates as phones and programs write them for people: in numbers whose order differs, and in words.

mod calendar;
mod cursor;
mod months;
mod numbers;
mod order;
pub(crate) mod prose;

pub(crate) use cursor::Cursor;
pub(crate) use numbers::{Form, Stamp};
pub(crate) use order::{Settled, Tally, Years};
