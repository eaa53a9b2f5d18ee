//! What the tests of this crate share: repeatable numbers and a comparison that says what differed.

/// `count` repeatable numbers in ±1, different for each seed.
pub(crate) fn numbers(seed: u64, count: usize) -> Vec<f32> {
    let mut random = crate::random::Random::new(seed);
    (0..count).map(|_| 2.0 * random.uniform() - 1.0).collect()
}

/// Fails unless the two differ by no more than `tolerance`, relative to the larger one or to one.
#[track_caller]
pub(crate) fn assert_close(actual: f32, expected: f32, tolerance: f32) {
    let scale = actual.abs().max(expected.abs()).max(1.0);
    assert!((actual - expected).abs() <= tolerance * scale, "{actual} is not within {tolerance} of {expected}");
}
