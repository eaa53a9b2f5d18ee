//! The kernels against products with the dequantised weights.

use super::*;
use crate::random::Random;
use crate::testing::numbers;

const TYPES: [QuantType; 3] = [QuantType::Q4_0, QuantType::Q4_1, QuantType::Q8_0];

/// Rows of random blocks, with scales of either sign and of the size they have in models.
fn random_rows(quant: QuantType, outputs: usize, blocks: usize) -> Vec<u8> {
    let mut random = Random::new(outputs as u64 * 1_000 + blocks as u64);
    let mut bytes = Vec::new();
    for _ in 0..outputs * blocks {
        let mut block: Vec<u8> = (0..quant.block_bytes()).map(|_| random.below(256) as u8).collect();
        let scales = if quant == QuantType::Q4_1 { 2 } else { 1 };
        for scale in block.chunks_exact_mut(2).take(scales) {
            scale.copy_from_slice(&half::f16::from_f32(0.2 * (random.uniform() - 0.5)).to_le_bytes());
        }
        bytes.extend(block);
    }
    bytes
}

/// Fails unless `y` is `W x`, to within `1e-6` of what the parts of each sum are together.
fn check(weights: &[f32], x: &[f32], y: &[f32]) {
    for (row, y) in weights.chunks(x.len()).zip(y) {
        let parts = row.iter().zip(x).map(|(w, x)| f64::from(*w) * f64::from(*x));
        let (exact, size) = parts.fold((0.0, 0.0), |(sum, size), part: f64| (sum + part, size + part.abs()));
        assert!((f64::from(*y) - exact).abs() <= 1e-6 * size, "{y} for {exact}");
    }
}

#[test]
fn products_are_those_of_the_dequantised_weights() {
    for quant in TYPES {
        for (outputs, blocks) in [(1, 1), (15, 2), (16, 3), (17, 1), (37, 7), (64, 18), (5, 48)] {
            let bytes = random_rows(quant, outputs, blocks);
            let mut weights = vec![0.0; outputs * blocks * BLOCK];
            quant.dequantize(&bytes, &mut weights);
            let rows: Vec<&[u8]> = bytes.chunks(blocks * quant.block_bytes()).collect();
            let matrix = QuantisedMatrix::pack(quant, &rows);
            let x = numbers(7, blocks * BLOCK);
            let mut activation = Activation::default();
            activation.set(&x);
            let mut y = vec![f32::NAN; outputs];
            matrix.multiply(0..outputs, &activation, &mut y);
            check(&weights, &x, &y);
            let portable = |y: &mut [f32]| match &matrix.panels {
                Panels::Nibbles(panels) => each_panel(panels, &activation, y, nibbles::portable),
                Panels::Bytes(panels) => each_panel(panels, &activation, y, bytes::portable),
            };
            y.fill(f32::NAN);
            portable(&mut y);
            check(&weights, &x, &y);
        }
    }
}

#[test]
fn a_range_of_outputs_is_a_part_of_all() {
    let (quant, outputs, blocks) = (QuantType::Q4_1, 41, 3);
    let bytes = random_rows(quant, outputs, blocks);
    let rows: Vec<&[u8]> = bytes.chunks(blocks * quant.block_bytes()).collect();
    let matrix = QuantisedMatrix::pack(quant, &rows);
    let mut activation = Activation::default();
    activation.set(&numbers(7, blocks * BLOCK));
    let mut all = vec![0.0; outputs];
    matrix.multiply(0..outputs, &activation, &mut all);
    for range in [0..16, 16..32, 32..41, 16..41] {
        let mut part = vec![0.0; range.len()];
        matrix.multiply(range.clone(), &activation, &mut part);
        assert_eq!(all[range], part);
    }
}

#[test]
fn panels_are_no_larger_than_blocks() {
    assert_eq!(size_of::<NibblePanel>(), ROWS * QuantType::Q4_1.block_bytes());
    assert_eq!(size_of::<BytePanel>(), ROWS * QuantType::Q8_0.block_bytes());
}
