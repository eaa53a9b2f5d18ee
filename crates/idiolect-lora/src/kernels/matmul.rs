//! Products of `f32` matrices given as strided views: our tiles on CPUs with AVX2, where they are about 1.5 times as fast as
//! the `gemm` crate, and that crate elsewhere.

use super::simd::has_avx2;

/// A matrix seen in a slice: element `(i, j)` is at `i · row_stride + j · column_stride`.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub data: &'a [f32],
    pub row_stride: usize,
    pub column_stride: usize,
}

impl<'a> View<'a> {
    /// Rows of contiguous numbers, `stride` apart.
    pub(crate) fn rows(data: &'a [f32], stride: usize) -> Self {
        Self { data, row_stride: stride, column_stride: 1 }
    }

    pub(crate) fn transposed(self) -> Self {
        Self { data: self.data, row_stride: self.column_stride, column_stride: self.row_stride }
    }

    fn holds(&self, rows: usize, columns: usize) -> bool {
        rows == 0 || columns == 0 || (rows - 1) * self.row_stride + (columns - 1) * self.column_stride < self.data.len()
    }
}

/// `scale · left · right`, of `rows × inner` and `inner × columns`.
#[derive(Clone, Copy)]
pub(crate) struct Product<'a> {
    pub rows: usize,
    pub inner: usize,
    pub columns: usize,
    pub left: View<'a>,
    pub right: View<'a>,
    pub scale: f32,
}

/// Who computes an `f32` product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    /// Our tiles, for CPUs with AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2Tiles,
    /// The `gemm` crate, which has kernels for NEON and other instruction sets.
    GemmCrate,
}

impl Engine {
    /// The faster engine on this CPU.
    pub(super) fn choose() -> Self {
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            return Self::Avx2Tiles;
        }
        Self::GemmCrate
    }
}

impl Product<'_> {
    /// Writes the product to `out`, rows `stride` apart.
    pub(crate) fn store(&self, out: &mut [f32], stride: usize) {
        self.run(Engine::choose(), false, out, stride);
    }

    /// Adds the product to `out`, rows `stride` apart.
    pub(crate) fn add_to(&self, out: &mut [f32], stride: usize) {
        self.run(Engine::choose(), true, out, stride);
    }

    pub(super) fn run(&self, engine: Engine, accumulate: bool, out: &mut [f32], stride: usize) {
        if self.rows == 0 || self.columns == 0 {
            return;
        }
        assert!(self.left.holds(self.rows, self.inner), "the left matrix does not fit its slice");
        assert!(self.right.holds(self.inner, self.columns), "the right matrix does not fit its slice");
        assert!(out.len() >= (self.rows - 1) * stride + self.columns, "the product does not fit its buffer");
        assert!(self.columns <= stride || self.rows == 1, "rows of the product would overlap");
        match engine {
            #[cfg(target_arch = "x86_64")]
            Engine::Avx2Tiles => self.run_tiles(accumulate, out, stride),
            Engine::GemmCrate => self.run_gemm(accumulate, out, stride),
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn run_tiles(&self, accumulate: bool, out: &mut [f32], stride: usize) {
        use super::pack::{LeftView, RightView};
        use super::tiles::{self, Avx2, Shape};

        assert!(has_avx2(), "the AVX2 tiles need a CPU with AVX2");
        let shape = Shape { rows: self.rows, inner: self.inner, columns: self.columns, accumulate };
        let left = LeftView { view: self.left, scale: self.scale };
        let right = RightView { view: self.right, columns: self.columns };
        // SAFETY: AVX2 was just asserted.
        unsafe { tiles::multiply::<Avx2>(shape, &left, &right, out, stride) };
    }

    fn run_gemm(&self, accumulate: bool, out: &mut [f32], stride: usize) {
        // SAFETY: `run` has checked that all three matrices lie inside their slices, and `out` is exclusive.
        unsafe {
            gemm::gemm(
                self.rows,
                self.columns,
                self.inner,
                out.as_mut_ptr(),
                1,
                stride as isize,
                accumulate,
                self.left.data.as_ptr(),
                self.left.column_stride as isize,
                self.left.row_stride as isize,
                self.right.data.as_ptr(),
                self.right.column_stride as isize,
                self.right.row_stride as isize,
                1.0,
                self.scale,
                false,
                false,
                false,
                gemm::Parallelism::None,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, numbers};

    fn engines() -> Vec<Engine> {
        let mut engines = vec![Engine::GemmCrate];
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            engines.push(Engine::Avx2Tiles);
        } else {
            println!("not run: the AVX2 tiles, this CPU has no AVX2");
        }
        engines
    }

    fn naive(p: &Product, out: &mut [f32], stride: usize) {
        for i in 0..p.rows {
            for j in 0..p.columns {
                let element = |v: &View, i: usize, j: usize| f64::from(v.data[i * v.row_stride + j * v.column_stride]);
                let sum: f64 = (0..p.inner).map(|k| element(&p.left, i, k) * element(&p.right, k, j)).sum();
                out[i * stride + j] += p.scale * sum as f32;
            }
        }
    }

    #[test]
    fn every_engine_agrees_with_the_definition() {
        for (rows, inner, columns) in [(1, 1, 1), (7, 9, 17), (13, 8, 48), (250, 330, 35), (6, 641, 16), (24, 300, 8)] {
            let (a, b) = (numbers(1, rows * inner), numbers(2, inner * columns));
            let left = [View::rows(&a, inner), View::rows(&a, rows).transposed()];
            let right = [View::rows(&b, columns), View::rows(&b, inner).transposed()];
            for (left, right) in left.into_iter().flat_map(|l| right.into_iter().map(move |r| (l, r))) {
                let product = Product { rows, inner, columns, left, right, scale: 0.5 };
                let stride = columns + 3;
                let before = numbers(3, rows * stride);
                let mut expected = before.clone();
                naive(&product, &mut expected, stride);
                for engine in engines() {
                    let mut out = before.clone();
                    product.run(engine, true, &mut out, stride);
                    for (a, b) in out.iter().zip(&expected) {
                        assert_close(*a, *b, 1e-4);
                    }
                    let mut stored = vec![7.0; rows * stride];
                    product.run(engine, false, &mut stored, stride);
                    assert_close(stored[0], expected[0] - before[0], 1e-4);
                    assert_eq!(stored[columns], 7.0, "wrote outside the product");
                }
            }
        }
    }
}
