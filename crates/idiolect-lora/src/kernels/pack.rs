//! Packing: strided views into the strips and panels the tiles read.

use std::ops::Range;

use super::matmul::View;
use super::tiles::{EmulatedBf16, Panels, Strips, Tile, to_bf16};

/// A left matrix of `f32`, scaled while it is packed.
pub(super) struct LeftView<'a> {
    pub view: View<'a>,
    pub scale: f32,
}

/// A right matrix of `f32`, packed panel by panel when the product needs it.
pub(super) struct RightView<'a> {
    pub view: View<'a>,
    pub columns: usize,
}

#[cfg(target_arch = "x86_64")]
mod f32_tiles {
    use super::super::tiles::Avx2;
    use super::*;

    const ROWS: usize = Avx2::ROWS;
    const COLUMNS: usize = Avx2::COLUMNS;

    impl Strips<f32> for LeftView<'_> {
        fn pack(&self, rows: Range<usize>, inner: Range<usize>, out: &mut [f32]) {
            let View { data, row_stride, column_stride } = self.view;
            for (first, strip) in rows.clone().step_by(ROWS).zip(out.chunks_exact_mut(inner.len().max(1) * ROWS)) {
                let height = ROWS.min(rows.end - first);
                if height == ROWS && column_stride == 1 {
                    let row = |r: usize| &data[(first + r) * row_stride..][inner.clone()];
                    interleave([row(0), row(1), row(2), row(3), row(4), row(5)], self.scale, strip);
                    continue;
                }
                for (group, k) in strip.chunks_exact_mut(ROWS).zip(inner.clone()) {
                    let at = first * row_stride + k * column_stride;
                    if height == ROWS && row_stride == 1 {
                        let six: [f32; ROWS] = std::array::from_fn(|r| data[at..at + ROWS][r] * self.scale);
                        group.copy_from_slice(&six);
                    } else {
                        group.fill(0.0);
                        for (r, slot) in group[..height].iter_mut().enumerate() {
                            *slot = data[at + r * row_stride] * self.scale;
                        }
                    }
                }
            }
        }
    }

    fn interleave(rows: [&[f32]; ROWS], scale: f32, strip: &mut [f32]) {
        for (k, group) in strip.as_chunks_mut::<ROWS>().0.iter_mut().enumerate() {
            *group = rows.map(|row| row[k] * scale);
        }
    }

    impl Panels<f32> for RightView<'_> {
        fn panel<'a>(&'a self, column: usize, inner: Range<usize>, scratch: &'a mut [f32]) -> &'a [f32] {
            let View { data, row_stride, column_stride } = self.view;
            let panel = &mut scratch[..inner.len() * COLUMNS];
            let width = COLUMNS.min(self.columns - column);
            if width == COLUMNS && column_stride == 1 {
                for (group, k) in panel.chunks_exact_mut(COLUMNS).zip(inner) {
                    group.copy_from_slice(&data[k * row_stride + column..][..COLUMNS]);
                }
            } else if row_stride == 1 {
                panel_of_rows(&data[column * column_stride..], column_stride, inner, width, panel);
            } else {
                for (group, k) in panel.chunks_exact_mut(COLUMNS).zip(inner) {
                    group.fill(0.0);
                    for (j, slot) in group[..width].iter_mut().enumerate() {
                        *slot = data[k * row_stride + (column + j) * column_stride];
                    }
                }
            }
            panel
        }
    }

    /// A panel whose columns are contiguous rows of `data`, `stride` apart.
    fn panel_of_rows(data: &[f32], stride: usize, inner: Range<usize>, width: usize, panel: &mut [f32]) {
        for half in [0, 8] {
            let whole = if width >= half + 8 && super::super::simd::has_avx2() { inner.len() / 8 * 8 } else { 0 };
            if whole > 0 {
                let rows = &data[half * stride + inner.start..];
                assert!(rows.len() >= 7 * stride + whole && panel.len() >= whole * COLUMNS);
                // SAFETY: the CPU has AVX2, and the lengths were just asserted.
                unsafe { transpose_eight(rows.as_ptr(), stride, whole, panel[half..].as_mut_ptr()) };
            }
            for j in half..half + 8 {
                for k in whole..inner.len() {
                    panel[k * COLUMNS + j] = if j < width { data[j * stride + inner.start + k] } else { 0.0 };
                }
            }
        }
    }

    /// Writes eight rows of `len` numbers as columns, [`COLUMNS`] apart.
    ///
    /// # Safety
    /// The CPU must have AVX2; `len` must be a multiple of eight; the rows must be readable, `out` writable for `len` groups
    /// of eight, [`COLUMNS`] apart.
    #[target_feature(enable = "avx2")]
    unsafe fn transpose_eight(rows: *const f32, stride: usize, len: usize, out: *mut f32) {
        use std::arch::x86_64::*;
        for k in (0..len).step_by(8) {
            // SAFETY: the caller vouches for the eight rows.
            let row = |r: usize| unsafe { _mm256_loadu_ps(rows.add(r * stride + k)) };
            let pairs = |a: __m256, b: __m256| (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
            let (a0, a1) = pairs(row(0), row(1));
            let (a2, a3) = pairs(row(2), row(3));
            let (a4, a5) = pairs(row(4), row(5));
            let (a6, a7) = pairs(row(6), row(7));
            let fours = |a: __m256, b: __m256| (_mm256_shuffle_ps::<0x44>(a, b), _mm256_shuffle_ps::<0xEE>(a, b));
            let (b0, b1) = fours(a0, a2);
            let (b2, b3) = fours(a1, a3);
            let (b4, b5) = fours(a4, a6);
            let (b6, b7) = fours(a5, a7);
            for (j, (low, high)) in [(b0, b4), (b1, b5), (b2, b6), (b3, b7)].into_iter().enumerate() {
                // SAFETY: the caller vouches for `len` groups of eight.
                unsafe {
                    _mm256_storeu_ps(out.add((k + j) * COLUMNS), _mm256_permute2f128_ps::<0x20>(low, high));
                    _mm256_storeu_ps(out.add((k + j + 4) * COLUMNS), _mm256_permute2f128_ps::<0x31>(low, high));
                }
            }
        }
    }
}

/// Rows of `f32`, `stride` apart, rounded to bf16 while they are packed.
pub(super) struct LeftBf16<'a> {
    pub data: &'a [f32],
    pub stride: usize,
}

const ROWS: usize = EmulatedBf16::ROWS;
const COLUMNS: usize = EmulatedBf16::COLUMNS;
const GROUP: usize = EmulatedBf16::GROUP;

impl Strips<u16> for LeftBf16<'_> {
    fn pack(&self, rows: Range<usize>, inner: Range<usize>, out: &mut [u16]) {
        let groups = inner.len().div_ceil(GROUP);
        for (first, strip) in rows.clone().step_by(ROWS).zip(out.chunks_exact_mut(groups.max(1) * GROUP * ROWS)) {
            for r in 0..ROWS {
                let row =
                    if first + r < rows.end { &self.data[(first + r) * self.stride..][inner.clone()] } else { &[] };
                for (group, slots) in strip.chunks_exact_mut(GROUP * ROWS).enumerate() {
                    for (i, slot) in slots[r * GROUP..][..GROUP].iter_mut().enumerate() {
                        *slot = row.get(group * GROUP + i).map_or(0, |&x| to_bf16(x));
                    }
                }
            }
        }
    }
}

/// A frozen right matrix, packed once as bf16.
pub(super) struct PackedPanels {
    panels: Vec<u16>,
    /// Groups of the inner dimension.
    groups: usize,
}

impl PackedPanels {
    /// Packs an `inner × columns` matrix.
    pub(super) fn new(view: View, inner: usize, columns: usize) -> Self {
        let groups = inner.div_ceil(GROUP);
        let mut panels = Vec::with_capacity(columns.div_ceil(COLUMNS) * groups * GROUP * COLUMNS);
        for first in (0..columns).step_by(COLUMNS) {
            for k in (0..inner).step_by(GROUP) {
                for j in first..first + COLUMNS {
                    for k in k..k + GROUP {
                        let there = j < columns && k < inner;
                        let at = k * view.row_stride + j * view.column_stride;
                        panels.push(if there { to_bf16(view.data[at]) } else { 0 });
                    }
                }
            }
        }
        Self { panels, groups }
    }

    /// The part of the matrix that starts at `column` (a multiple of the panel width) and `inner` (a multiple of the group).
    pub(super) fn window(&self, column: usize, inner: usize) -> PanelWindow<'_> {
        assert!(
            column.is_multiple_of(COLUMNS) && inner.is_multiple_of(GROUP),
            "a window must start at a panel and a group"
        );
        PanelWindow { panels: self, column, inner }
    }
}

/// A part of [`PackedPanels`].
pub(super) struct PanelWindow<'a> {
    panels: &'a PackedPanels,
    column: usize,
    inner: usize,
}

impl Panels<u16> for PanelWindow<'_> {
    fn panel<'a>(&'a self, column: usize, inner: Range<usize>, _scratch: &'a mut [u16]) -> &'a [u16] {
        let panel = (self.column + column) / COLUMNS;
        let group = (self.inner + inner.start) / GROUP;
        let start = (panel * self.panels.groups + group) * GROUP * COLUMNS;
        &self.panels.panels[start..start + inner.len().div_ceil(GROUP) * GROUP * COLUMNS]
    }
}
