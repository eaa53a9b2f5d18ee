//! A frozen weight matrix and its two products: the forward one with its transpose, and the gradient of the input.

use std::ops::Range;

use super::matmul::{Product, View};
use super::pack::{LeftBf16, PackedPanels};
use super::precision::Arithmetic;
use super::tiles::{self, EmulatedBf16, Shape};

/// A matrix of `outputs × inputs` that never changes.
pub(crate) struct FrozenMatrix {
    outputs: usize,
    inputs: usize,
    weights: Vec<f32>,
    packed: Option<Packed>,
}

/// The matrix as bf16 panels, for both products.
struct Packed {
    arithmetic: Arithmetic,
    forward: PackedPanels,
    backward: PackedPanels,
}

/// A product of some rows with a range of a matrix' outputs, which must start at a multiple of [`FrozenMatrix::BLOCK`].
#[derive(Clone)]
pub(crate) struct BlockProduct {
    pub rows: usize,
    pub outputs: Range<usize>,
    pub accumulate: bool,
}

impl FrozenMatrix {
    /// Output ranges start at multiples of this: it suits every tile.
    pub(crate) const BLOCK: usize = 48;

    /// Takes `outputs × inputs` weights, row by row, and packs them if `arithmetic` wants it.
    pub(crate) fn new(weights: Vec<f32>, inputs: usize, arithmetic: Arithmetic) -> Self {
        let outputs = weights.len() / inputs;
        let packed = (arithmetic != Arithmetic::F32).then(|| {
            let view = View::rows(&weights, inputs);
            Packed {
                arithmetic,
                forward: PackedPanels::new(view.transposed(), inputs, outputs),
                backward: PackedPanels::new(view, outputs, inputs),
            }
        });
        Self { outputs, inputs, weights, packed }
    }

    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    pub(crate) fn inputs(&self) -> usize {
        self.inputs
    }

    /// The weights, row by row.
    pub(crate) fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// One output's weights.
    pub(crate) fn row(&self, output: usize) -> &[f32] {
        &self.weights[output * self.inputs..(output + 1) * self.inputs]
    }

    /// All outputs of some rows.
    pub(crate) fn all(&self, rows: usize) -> BlockProduct {
        BlockProduct { rows, outputs: 0..self.outputs, accumulate: false }
    }

    /// `y (+)= x · Wᵀ`; rows of `x` are contiguous, rows of `y` are `stride` apart and start with the first output asked for.
    pub(crate) fn forward(&self, block: &BlockProduct, x: &[f32], y: &mut [f32], stride: usize) {
        let (inner, columns) = (self.inputs, block.outputs.len());
        match &self.packed {
            None => {
                let right = View::rows(&self.weights[block.outputs.start * inner..], inner).transposed();
                let left = View::rows(x, inner);
                run_f32(
                    Product { rows: block.rows, inner, columns, left, right, scale: 1.0 },
                    block.accumulate,
                    y,
                    stride,
                );
            }
            Some(packed) => {
                let shape = Shape { rows: block.rows, inner, columns, accumulate: block.accumulate };
                let window = packed.forward.window(block.outputs.start, 0);
                packed.multiply(shape, &LeftBf16 { data: x, stride: inner }, &window, y, stride);
            }
        }
    }

    /// `dx (+)= dy · W`; rows of `dy` are `stride` apart and start with the first output asked for, those of `dx` are contiguous.
    pub(crate) fn backward(&self, block: &BlockProduct, dy: &[f32], stride: usize, dx: &mut [f32]) {
        let (inner, columns) = (block.outputs.len(), self.inputs);
        match &self.packed {
            None => {
                let right = View::rows(&self.weights[block.outputs.start * columns..], columns);
                let left = View::rows(dy, stride);
                let product = Product { rows: block.rows, inner, columns, left, right, scale: 1.0 };
                run_f32(product, block.accumulate, dx, columns);
            }
            Some(packed) => {
                let shape = Shape { rows: block.rows, inner, columns, accumulate: block.accumulate };
                let window = packed.backward.window(0, block.outputs.start);
                packed.multiply(shape, &LeftBf16 { data: dy, stride }, &window, dx, columns);
            }
        }
    }
}

fn run_f32(product: Product, accumulate: bool, out: &mut [f32], stride: usize) {
    if accumulate { product.add_to(out, stride) } else { product.store(out, stride) }
}

impl Packed {
    fn multiply(
        &self,
        shape: Shape,
        left: &LeftBf16,
        right: &super::pack::PanelWindow,
        out: &mut [f32],
        stride: usize,
    ) {
        #[cfg(target_arch = "x86_64")]
        if self.arithmetic == Arithmetic::Bf16Hardware {
            // SAFETY: `Precision::resolve` answers `Bf16Hardware` only on a CPU that has it.
            return unsafe { tiles::multiply::<tiles::HardwareBf16>(shape, left, right, out, stride) };
        }
        // SAFETY: the emulation needs nothing of the CPU.
        unsafe { tiles::multiply::<EmulatedBf16>(shape, left, right, out, stride) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::precision::has_avx512_bf16;
    use super::super::tiles::to_bf16;
    use super::*;
    use crate::testing::{assert_close, numbers};

    const ROWS: usize = 19;
    const INPUTS: usize = 37;
    const OUTPUTS: usize = 131;

    fn round(x: &[f32]) -> Vec<f32> {
        x.iter().map(|&x| f32::from_bits(u32::from(to_bf16(x)) << 16)).collect()
    }

    /// The product of rounded numbers in `f32`: what the bf16 tiles compute but for the order of additions.
    fn check(arithmetic: Arithmetic, round: impl Fn(&[f32]) -> Vec<f32>) {
        let (weights, x, dy) = (numbers(1, OUTPUTS * INPUTS), numbers(2, ROWS * INPUTS), numbers(3, ROWS * OUTPUTS));
        let matrix = FrozenMatrix::new(weights.clone(), INPUTS, arithmetic);
        let (w, rx, rdy) = (round(&weights), round(&x), round(&dy));
        for outputs in [0..OUTPUTS, 48..OUTPUTS, 48..96] {
            let block = BlockProduct { rows: ROWS, outputs: outputs.clone(), accumulate: false };
            let mut y = vec![0.0; ROWS * OUTPUTS];
            matrix.forward(&block, &x, &mut y, OUTPUTS);
            let mut dx = vec![1.0; ROWS * INPUTS];
            let adding = BlockProduct { accumulate: true, ..block };
            matrix.backward(&adding, &dy[outputs.start..], OUTPUTS, &mut dx);
            for i in 0..ROWS {
                for (column, o) in outputs.clone().enumerate() {
                    let exact: f32 = (0..INPUTS).map(|k| rx[i * INPUTS + k] * w[o * INPUTS + k]).sum();
                    assert_close(y[i * OUTPUTS + column], exact, 1e-5);
                }
                for k in 0..INPUTS {
                    let exact: f32 = outputs.clone().map(|o| rdy[i * OUTPUTS + o] * w[o * INPUTS + k]).sum();
                    assert_close(dx[i * INPUTS + k], 1.0 + exact, 1e-5);
                }
            }
        }
    }

    #[test]
    fn f32_products_agree_with_the_definition() {
        check(Arithmetic::F32, <[f32]>::to_vec);
    }

    #[test]
    fn emulated_bf16_products_agree_with_products_of_rounded_numbers() {
        check(Arithmetic::Bf16Emulated, round);
    }

    #[test]
    fn hardware_bf16_products_agree_with_products_of_rounded_numbers() {
        if has_avx512_bf16() {
            check(Arithmetic::Bf16Hardware, round);
        } else {
            println!("not run: this CPU has no AVX512-BF16, only the emulation was tested");
        }
    }
}
