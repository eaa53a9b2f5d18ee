//! Which ids a file has had already.

use std::cmp::Ordering;

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

/// Hashes of the ids given out: two of a million ids meet in one hash once in tens of millions of files.
///
/// While each id is greater than the one before, as counted ids are, none can come twice, and nothing is looked up.
#[derive(Default)]
pub(super) struct SeenIds {
    greatest: String,
    hashes: Hashes,
}

enum Hashes {
    /// Of ids that only grew.
    Growing(Vec<u64>),
    Any(FxHashSet<u64>),
}

impl Default for Hashes {
    fn default() -> Self {
        Self::Growing(Vec::new())
    }
}

impl SeenIds {
    /// Takes an id; whether it was there before.
    pub(super) fn is_repeated(&mut self, id: &str) -> bool {
        let hash = xxh3_64(id.as_bytes());
        if let Hashes::Growing(hashes) = &mut self.hashes {
            if hashes.is_empty() || by_count(&self.greatest, id).is_lt() {
                hashes.push(hash);
                self.greatest.clear();
                self.greatest.push_str(id);
                return false;
            }
            self.hashes = Hashes::Any(hashes.drain(..).collect());
        }
        match &mut self.hashes {
            Hashes::Any(hashes) => !hashes.insert(hash),
            Hashes::Growing(_) => false,
        }
    }
}

/// "9" before "10".
fn by_count(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ids_come_once_whatever_their_order(grown in 0..30_u32, ids in prop::collection::vec("[m]?[0-9]{0,2}", 0..40)) {
            let mut seen = SeenIds::default();
            let mut known = HashSet::new();
            for id in (0..grown).map(|n| n.to_string()).chain(ids) {
                prop_assert_eq!(seen.is_repeated(&id), !known.insert(id.clone()), "{}", id);
            }
        }
    }
}
