//! The choice of the next token: temperature, then the smallest set of tokens that has `top_p` of the probability.

use crate::random::Random;

/// How tokens are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Zero always takes the likeliest token, as does what is too small to be divided by.
    pub temperature: f32,
    /// Part of the probability to choose from, in `0..=1`.
    pub top_p: f32,
    /// The same seed, prompt and model give the same answer.
    pub seed: u64,
}

/// A stream of choices.
pub(super) struct Sampler {
    sampling: Sampling,
    random: Random,
    /// Weights with their tokens, for sorting.
    candidates: Vec<(f32, u32)>,
}

/// Candidates looked at before all are sorted: nearly always enough.
const FEW: usize = 256;

impl Sampler {
    pub(super) fn new(sampling: Sampling) -> Self {
        Self { sampling, random: Random::derived(sampling.seed, 0), candidates: Vec::new() }
    }

    /// Chooses a token. Ties go to the lower id, so that answers repeat.
    pub(super) fn choose(&mut self, logits: &[f32]) -> u32 {
        let (best, largest) = largest(logits);
        let inverse = 1.0 / self.sampling.temperature;
        if self.sampling.temperature <= 0.0 || inverse.is_infinite() {
            return best;
        }
        self.candidates.clear();
        self.candidates.extend(logits.iter().zip(0..).map(|(logit, id)| (((logit - largest) * inverse).exp(), id)));
        let total: f64 = self.candidates.iter().map(|&(weight, _)| f64::from(weight)).sum();
        let wanted = total * f64::from(self.sampling.top_p.clamp(0.0, 1.0));
        let kept = if self.sampling.top_p >= 1.0 { self.candidates.len() } else { self.nucleus(wanted) };
        let kept = &self.candidates[..kept];
        let mass: f64 = kept.iter().map(|&(weight, _)| f64::from(weight)).sum();
        let mut left = f64::from(self.random.uniform()) * mass;
        for &(weight, id) in kept {
            left -= f64::from(weight);
            if left < 0.0 {
                return id;
            }
        }
        kept.last().map_or(best, |&(_, id)| id)
    }

    /// Sorts the likeliest candidates to the front and answers how many of them have `wanted` of the weight.
    fn nucleus(&mut self, wanted: f64) -> usize {
        let likelier = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        for few in [FEW, self.candidates.len()] {
            let few = few.min(self.candidates.len());
            if few < self.candidates.len() {
                self.candidates.select_nth_unstable_by(few, likelier);
            }
            self.candidates[..few].sort_unstable_by(likelier);
            let mut mass = 0.0;
            for (i, &(weight, _)) in self.candidates[..few].iter().enumerate() {
                mass += f64::from(weight);
                if mass >= wanted {
                    return i + 1;
                }
            }
        }
        self.candidates.len()
    }
}

fn largest(logits: &[f32]) -> (u32, f32) {
    let mut best = (0, f32::MIN);
    for (&logit, id) in logits.iter().zip(0..) {
        if logit > best.1 {
            best = (id, logit);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::numbers;

    fn shares(sampling: Sampling, logits: &[f32]) -> Vec<f32> {
        let mut sampler = Sampler::new(sampling);
        let mut counts = vec![0.0; logits.len()];
        for _ in 0..20_000 {
            counts[sampler.choose(logits) as usize] += 1.0 / 20_000.0;
        }
        counts
    }

    #[test]
    fn zero_temperature_takes_the_likeliest() {
        let sampling = Sampling { temperature: 0.0, top_p: 1.0, seed: 1 };
        assert_eq!(Sampler::new(sampling).choose(&[0.0, 2.0, 2.0, 1.0]), 1);
    }

    #[test]
    fn the_smallest_temperatures_take_the_likeliest() {
        for temperature in [f32::from_bits(1), 1e-39, 1e-30] {
            for top_p in [0.95, 1.0] {
                let sampling = Sampling { temperature, top_p, seed: 1 };
                assert_eq!(Sampler::new(sampling).choose(&[0.0, 2.0, 1.0]), 1, "{temperature:e}");
            }
        }
    }

    #[test]
    fn shares_follow_the_softmax_at_the_temperature() {
        let logits = [1.0f32, 0.0, -1.0];
        let shares = shares(Sampling { temperature: 0.5, top_p: 1.0, seed: 7 }, &logits);
        let weights: Vec<f32> = logits.iter().map(|l| (2.0 * l).exp()).collect();
        for (share, weight) in shares.iter().zip(&weights) {
            assert!((share - weight / weights.iter().sum::<f32>()).abs() < 0.01, "{shares:?}");
        }
    }

    #[test]
    fn top_p_keeps_the_smallest_set_that_reaches_it() {
        // Probabilities 0.5, 0.3, 0.2.
        let logits = [0.2f32.ln(), 0.5f32.ln(), 0.3f32.ln()];
        let shares = shares(Sampling { temperature: 1.0, top_p: 0.7, seed: 7 }, &logits);
        assert_eq!(shares[0], 0.0);
        assert!((shares[1] - 0.625).abs() < 0.01, "{shares:?}");
    }

    #[test]
    fn a_flat_distribution_needs_more_than_the_few() {
        let logits = vec![0.0; 4 * FEW];
        let shares = shares(Sampling { temperature: 1.0, top_p: 0.5, seed: 7 }, &logits);
        assert_eq!(shares.iter().filter(|&&share| share > 0.0).count(), 2 * FEW);
    }

    #[test]
    fn the_seed_decides() {
        let logits = numbers(1, 500);
        let draw = |seed| {
            let mut sampler = Sampler::new(Sampling { temperature: 1.0, top_p: 0.9, seed });
            (0..20).map(|_| sampler.choose(&logits)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
