//! Stop sequences in a growing answer: text that may turn out to be the start of one is held back until it is clear.

/// Cuts an answer before the first of its stop sequences.
#[derive(Default)]
pub(super) struct StopFilter {
    stops: Vec<String>,
    held: String,
}

/// What to do with the answer after more text came.
#[derive(PartialEq, Eq)]
pub(super) enum Filtered {
    /// This much is certainly before any stop sequence.
    Goes(String),
    /// A stop sequence came; this is the last of the answer.
    Stops(String),
}

impl StopFilter {
    pub(super) fn new(stops: Vec<String>) -> Self {
        Self { stops, held: String::new() }
    }

    pub(super) fn push(&mut self, text: &str) -> Filtered {
        self.held.push_str(text);
        let found = self.stops.iter().filter_map(|stop| self.held.find(stop.as_str())).min();
        if let Some(at) = found {
            self.held.truncate(at);
            return Filtered::Stops(std::mem::take(&mut self.held));
        }
        let certain = self.held.len() - self.longest_start();
        let rest = self.held.split_off(certain);
        Filtered::Goes(std::mem::replace(&mut self.held, rest))
    }

    /// What was held back, once the answer has ended without a stop sequence.
    pub(super) fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    /// Bytes at the end of what is held that are the start of a stop sequence.
    fn longest_start(&self) -> usize {
        let starts = self.stops.iter().flat_map(|stop| stop.char_indices().map(move |(at, _)| &stop[..at]));
        starts.filter(|start| self.held.ends_with(start)).map(str::len).max().unwrap_or(0)
    }
}

/// The held text is a part of an answer.
impl std::fmt::Debug for StopFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StopFilter").field("stops", &self.stops.len()).field("held_bytes", &self.held.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What comes out when the pieces go in, and whether a stop sequence ended it.
    fn run<'a>(stops: &[&str], pieces: impl IntoIterator<Item = &'a str>) -> (String, bool) {
        let mut filter = StopFilter::new(stops.iter().map(|&stop| stop.to_owned()).collect());
        let mut out = String::new();
        for piece in pieces {
            match filter.push(piece) {
                Filtered::Goes(text) => out += &text,
                Filtered::Stops(text) => return (out + &text, true),
            }
        }
        (out + &filter.finish(), false)
    }

    #[test]
    fn a_stop_sequence_in_pieces_is_found_and_left_out() {
        assert_eq!(run(&["END"], ["one E", "N", "D two"]), ("one ".to_owned(), true));
        assert_eq!(run(&["END"], ["one E", "N", "T two"]), ("one ENT two".to_owned(), false));
        assert_eq!(run(&["END"], ["one EN"]), ("one EN".to_owned(), false));
    }

    #[test]
    fn the_first_of_several_stops_counts() {
        assert_eq!(run(&["\n\n", "!"], ["hey!\n\n"]), ("hey".to_owned(), true));
        assert_eq!(run(&["😀b"], ["a😀", "b"]), ("a".to_owned(), true));
    }

    #[test]
    fn without_stops_nothing_is_held() {
        let mut filter = StopFilter::default();
        assert!(filter.push("abc") == Filtered::Goes("abc".to_owned()));
        assert_eq!(filter.finish(), "");
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(text in "[ab😀]{0,12}", stop in "[ab😀]{1,3}", size in 1usize..4) {
            let chars: Vec<char> = text.chars().collect();
            let pieces: Vec<String> = chars.chunks(size).map(|piece| piece.iter().collect()).collect();
            let expected = text.split_once(&stop).map_or((text.clone(), false), |(before, _)| (before.to_owned(), true));
            prop_assert_eq!(run(&[&stop], pieces.iter().map(String::as_str)), expected);
        }
    }
}
