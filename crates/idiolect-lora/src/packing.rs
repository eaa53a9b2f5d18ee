//! Prefix-shared packing: examples become micro-batches in which the tokens they all start with are computed once.
//!
//! A micro-batch is `[prefix][rest of example 1][rest of example 2]…`; a rest sees the prefix and itself, its positions go on
//! where the prefix ends, and the first token of every rest is predicted from the prefix' last row. That is exact: every row
//! sees what it would see alone. Rows after an example's last target are left out, nothing depends on them.

use crate::error::{Error, Result};
use crate::kernels::cross_entropy::Target;

/// A tokenised example: the tokens, and which of them the model is to learn to write.
#[derive(Clone, PartialEq, Eq)]
pub struct Example {
    pub ids: Vec<u32>,
    /// As long as `ids`. The first token can never be a target: nothing comes before it.
    pub loss_mask: Vec<bool>,
}

/// Tokens could be turned back into words, so only their number is shown.
impl std::fmt::Debug for Example {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Example").field("tokens", &self.ids.len()).field("targets", &self.targets()).finish()
    }
}

impl Example {
    /// How many tokens are learned from.
    pub fn targets(&self) -> usize {
        self.loss_mask.iter().skip(1).filter(|&&learned| learned).count()
    }

    /// The example cut to its first `longest` tokens.
    pub(crate) fn cut(&self, longest: usize) -> Self {
        let len = self.ids.len().min(longest);
        Self { ids: self.ids[..len].to_vec(), loss_mask: self.loss_mask[..len].to_vec() }
    }

    /// Rows that must be computed: all before the last target.
    fn rows(&self) -> usize {
        self.loss_mask.iter().rposition(|&learned| learned).unwrap_or(0)
    }

    /// Tokens before the first target.
    fn context(&self) -> usize {
        self.loss_mask.iter().position(|&learned| learned).unwrap_or(self.ids.len())
    }

    pub(crate) fn check(&self, index: usize, vocabulary: usize) -> Result<()> {
        let wrong = |reason: String| Err(Error::UnusableExample { index, reason });
        if self.ids.len() != self.loss_mask.len() {
            return wrong(format!("it has {} tokens but a mask of {}", self.ids.len(), self.loss_mask.len()));
        }
        if self.loss_mask.first() == Some(&true) {
            return wrong("its first token is a target, but nothing comes before it".to_owned());
        }
        match self.ids.iter().find(|&&id| id as usize >= vocabulary) {
            Some(id) => wrong(format!("token {id} is outside the vocabulary of {vocabulary}")),
            None => Ok(()),
        }
    }
}

/// The rows of one example's rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub start: usize,
    pub len: usize,
}

/// Examples packed to be computed together.
#[derive(Clone)]
pub(crate) struct MicroBatch {
    pub prefix: usize,
    pub ids: Vec<u32>,
    pub positions: Vec<u32>,
    pub segments: Vec<Segment>,
    /// Rows something is predicted from, ascending.
    pub loss_rows: Vec<usize>,
    /// Targets, by index into `loss_rows`, ascending.
    pub targets: Vec<Target>,
    /// For every target, which of the packed examples it belongs to.
    pub owners: Vec<usize>,
}

impl MicroBatch {
    /// Packs examples that have targets. They keep their order.
    pub(crate) fn pack(examples: &[&Example]) -> Self {
        let prefix = shared_prefix(examples);
        let start = examples.first().map_or(&[][..], |e| &e.ids[..prefix]);
        let mut batch = Self {
            prefix,
            ids: start.to_vec(),
            positions: (0..prefix as u32).collect(),
            segments: Vec::with_capacity(examples.len()),
            loss_rows: Vec::new(),
            targets: Vec::new(),
            owners: Vec::new(),
        };
        let mut found = Vec::new();
        for (owner, example) in examples.iter().enumerate() {
            let (start, end) = (batch.ids.len(), example.rows().max(prefix));
            batch.ids.extend_from_slice(&example.ids[prefix..end]);
            batch.positions.extend(prefix as u32..end as u32);
            batch.segments.push(Segment { start, len: end - prefix });
            for at in (1..example.ids.len()).filter(|&at| example.loss_mask[at]) {
                let row = if at > prefix { start + at - 1 - prefix } else { prefix - 1 };
                found.push((row, owner, example.ids[at]));
            }
        }
        found.sort_by_key(|&(row, owner, _)| (row, owner));
        for (row, owner, id) in found {
            if batch.loss_rows.last() != Some(&row) {
                batch.loss_rows.push(row);
            }
            batch.targets.push(Target { row: batch.loss_rows.len() - 1, id });
            batch.owners.push(owner);
        }
        batch
    }

    /// Rows to be computed.
    pub(crate) fn rows(&self) -> usize {
        self.ids.len()
    }
}

/// The tokens all examples start with, as long as none of them is a target.
fn shared_prefix(examples: &[&Example]) -> usize {
    let Some((first, others)) = examples.split_first() else { return 0 };
    let same = |other: &&Example| first.ids.iter().zip(&other.ids).take_while(|(a, b)| a == b).count();
    let contexts = examples.iter().map(|e| e.context());
    others.iter().map(same).chain(contexts).min().unwrap_or(0)
}

/// Splits examples into micro-batches: at least `least` of them where there are enough examples, more when one would have
/// over `budget` rows. Rows are balanced (longest first onto the lightest), the split depends on nothing but the arguments.
///
/// Answers indices into `examples`; those without targets are left out.
pub(crate) fn split(examples: &[&Example], budget: usize, least: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..examples.len()).filter(|&i| examples[i].targets() > 0).collect();
    let useful: Vec<&Example> = order.iter().map(|&i| examples[i]).collect();
    let prefix = shared_prefix(&useful);
    let own = |i: usize| examples[i].rows().saturating_sub(prefix);
    order.sort_by_key(|&i| (std::cmp::Reverse(own(i)), i));
    let total: usize = order.iter().map(|&i| own(i)).sum();
    let pieces = total.div_ceil(budget.saturating_sub(prefix).max(1)).max(least).min(order.len());
    let mut batches = vec![(0, Vec::new()); pieces];
    for i in order {
        let lightest = batches.iter_mut().min_by_key(|(rows, _)| *rows).expect("there is a piece for every example");
        lightest.0 += own(i).max(1);
        lightest.1.push(i);
    }
    batches.into_iter().map(|(_, members)| members).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(ids: &[u32], context: usize) -> Example {
        Example { ids: ids.to_vec(), loss_mask: (0..ids.len()).map(|i| i >= context).collect() }
    }

    #[test]
    fn the_common_prefix_is_computed_once() {
        let (a, b) = (example(&[1, 2, 3, 4, 5], 3), example(&[1, 2, 9, 7, 8, 6], 4));
        let batch = MicroBatch::pack(&[&a, &b]);
        assert_eq!(batch.prefix, 2);
        assert_eq!(batch.ids, [1, 2, 3, 4, 9, 7, 8]);
        assert_eq!(batch.positions, [0, 1, 2, 3, 2, 3, 4]);
        assert_eq!(batch.segments, [Segment { start: 2, len: 2 }, Segment { start: 4, len: 3 }]);
        assert_eq!(batch.loss_rows, [2, 3, 5, 6]);
        assert_eq!(batch.targets.iter().map(|t| t.id).collect::<Vec<_>>(), [4, 5, 8, 6]);
        assert_eq!(batch.owners, [0, 0, 1, 1]);
    }

    #[test]
    fn first_tokens_after_a_constant_prompt_share_the_last_prefix_row() {
        let (a, b) = (example(&[1, 2, 5, 6], 2), example(&[1, 2, 7], 2));
        let batch = MicroBatch::pack(&[&a, &b]);
        assert_eq!(batch.prefix, 2);
        assert_eq!(batch.ids, [1, 2, 5]);
        assert_eq!(batch.loss_rows, [1, 2]);
        let targets: Vec<_> = batch.targets.iter().map(|t| (t.row, t.id)).collect();
        assert_eq!(targets, [(0, 5), (0, 7), (1, 6)]);
    }

    #[test]
    fn a_target_that_all_share_is_not_part_of_the_prefix() {
        let (a, b) = (example(&[1, 2, 5, 6], 2), example(&[1, 2, 5, 7], 2));
        assert_eq!(MicroBatch::pack(&[&a, &b]).prefix, 2);
    }

    #[test]
    fn rows_after_the_last_target_are_left_out() {
        let mut a = example(&[1, 2, 3, 4, 5], 2);
        a.loss_mask[3] = false;
        a.loss_mask[4] = false;
        assert_eq!(MicroBatch::pack(&[&a]).ids, [1, 2]);
    }

    #[test]
    fn a_split_is_balanced_complete_and_within_budget() {
        let examples: Vec<Example> =
            (0..40u32).map(|i| example(&(0..10 + i % 13).map(|k| k * (1 + i)).collect::<Vec<_>>(), 4)).collect();
        let all: Vec<&Example> = examples.iter().collect();
        let batches = split(&all, 120, 2);
        let mut seen: Vec<usize> = batches.concat();
        seen.sort_unstable();
        assert_eq!(seen, (0..40).collect::<Vec<_>>());
        let rows = |members: &[usize]| MicroBatch::pack(&members.iter().map(|&i| all[i]).collect::<Vec<_>>()).rows();
        let sizes: Vec<usize> = batches.iter().map(|members| rows(members)).collect();
        assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() < 23, "{sizes:?}");
        assert!(sizes.iter().all(|&size| size <= 130), "{sizes:?}");
        assert_eq!(split(&all[..3], 10_000, 2).len(), 2);
        assert_eq!(split(&all[..1], 10_000, 2).len(), 1);
    }

    #[test]
    fn examples_without_targets_are_left_out() {
        let (a, b) = (example(&[1, 2, 3], 3), example(&[1, 2, 3], 1));
        assert_eq!(split(&[&a, &b], 100, 2), [[1]]);
        assert!(split(&[&a], 100, 2).is_empty());
    }

    #[test]
    fn unusable_examples_say_why() {
        assert!(example(&[1, 2], 1).check(0, 3).is_ok());
        assert!(example(&[1, 5], 1).check(0, 3).unwrap_err().to_string().contains('5'));
        assert!(example(&[1, 2], 0).check(0, 3).is_err());
        assert!(Example { ids: vec![1], loss_mask: vec![] }.check(0, 3).is_err());
    }

    #[test]
    fn debug_shows_no_tokens() {
        assert_eq!(format!("{:?}", example(&[4711, 2], 1)), "Example { tokens: 2, targets: 1 }");
    }
}
