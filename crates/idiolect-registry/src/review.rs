//! Reviewing a finished version before it is served (spec §12, "manual review of outputs").

use jiff::Timestamp;

/// When a finished version that passed the gate is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// At once.
    #[default]
    Automatic,
    /// When somebody has approved it.
    AfterReview,
}

/// A version's review: asked for, and decided once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Review {
    pub asked_at: Timestamp,
    pub decision: Option<ReviewDecision>,
    pub decided_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewDecision {
    Approved,
    Rejected,
}

impl ReviewDecision {
    pub const ALL: [Self; 2] = [Self::Approved, Self::Rejected];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_keep_decisions_under_words_that_do_not_change() {
        assert_eq!(ReviewDecision::ALL.map(ReviewDecision::as_str), ["approved", "rejected"]);
    }
}
