//! The crate's only source of randomness: SplitMix64 (Steele, Lea & Flood 2014). Seeded by the caller, the same numbers on
//! every machine and in every version, which is what makes runs repeatable.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A stream that shares a seed with others but not their numbers.
    pub(crate) fn derived(seed: u64, stream: u64) -> Self {
        let mut outer = Self::new(seed);
        outer.state ^= Self::new(stream.wrapping_add(1)).next();
        Self::new(outer.next())
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in `0.0..1.0`, in steps of 2⁻²⁴.
    pub(crate) fn uniform(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u32 << 24) as f32
    }

    /// Uniform in `0..limit`; the bias is below `limit / 2⁶⁴`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }

    /// Puts the items into a random order (Fisher & Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First outputs for seed 1234567, as published with the reference C code by Sebastiano Vigna.
    #[test]
    fn agrees_with_the_reference_sequence() {
        let mut random = Random::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..100).collect();
        Random::new(3).shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn uniform_numbers_fill_the_interval() {
        let mut random = Random::new(5);
        let mean = (0..10_000).map(|_| random.uniform()).sum::<f32>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }

    #[test]
    fn derived_streams_differ() {
        assert_ne!(Random::derived(1, 0).next(), Random::derived(1, 1).next());
        assert_ne!(Random::derived(1, 0).next(), Random::derived(2, 0).next());
    }
}
