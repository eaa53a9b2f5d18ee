//! One self-contained page about a dataset: what came in, what was left out and why, how the person writes.
//!
//! No script, no network, no message text unless samples are given. Tables carry the numbers, so that the page reads well
//! without its pictures too.

mod chart;
mod page;

use crate::picture::Picture;
use crate::{Days, ExtractionReport, Manifest};

pub use page::render;

/// Everything on the page.
pub struct Report<'a> {
    /// Where the messages came from, `chat-db:…`.
    pub source: &'a str,
    pub extraction: &'a ExtractionReport,
    pub manifest: &'a Manifest,
    pub days: &'a Days,
    pub picture: &'a Picture,
    pub costs: &'a [Cost],
    /// Prompts and answers to show; empty unless asked for.
    pub samples: &'a [(String, String)],
}

/// What training would cost somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    pub provider: String,
    pub base_model: String,
    pub epochs: u64,
    /// Tokens of the training file times epochs.
    pub trained_tokens: u64,
    pub usd: f64,
}

impl Cost {
    /// The dollars to a cent; "<0.01" where that would be nothing.
    pub fn dollars(&self) -> String {
        if self.usd > 0.0 && self.usd < 0.005 { "<0.01".to_owned() } else { format!("{:.2}", self.usd) }
    }
}

#[cfg(test)]
mod tests;
