//! A text written anew, and where in the original its parts are.

use std::ops::Range;

#[derive(Default)]
pub(super) struct Rewritten {
    pub text: String,
    /// Where what follows a rewritten part begins: in this text, and in the original.
    places: Vec<(usize, usize)>,
}

impl Rewritten {
    /// Goes on with what is as it was.
    pub fn keep(&mut self, same: &str) {
        self.text.push_str(same);
    }

    /// Goes on with `part` for what ends at `end` in the original.
    pub fn replace(&mut self, part: &str, end: usize) {
        self.text.push_str(part);
        self.places.push((self.text.len(), end));
    }

    /// Where in the original `range` of this text is.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let end = self.place(range.end);
        self.place(range.start)..end
    }

    fn place(&self, at: usize) -> usize {
        match self.places.partition_point(|(written, _)| *written <= at).checked_sub(1) {
            Some(last) => self.places[last].1 + (at - self.places[last].0),
            None => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_original() {
        let mut rewritten = Rewritten::default();
        rewritten.keep("ab ");
        rewritten.replace("[X_1]", 10);
        rewritten.replace("[Y_1]", 12);
        rewritten.keep(" cd");
        assert_eq!(rewritten.text, "ab [X_1][Y_1] cd");
        assert_eq!([0..2, 0..3, 13..16, 14..15].map(|range| rewritten.original(range)), [0..2, 0..3, 12..15, 13..14]);
    }
}
