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
    use super::super::simd::{has_avx2, vectorised};
    use super::super::tiles::Avx2;
    use super::*;

    const ROWS: usize = Avx2::ROWS;
    const COLUMNS: usize = Avx2::COLUMNS;

    impl Strips<f32> for LeftView<'_> {
        fn pack(&self, rows: Range<usize>, inner: Range<usize>, out: &mut [f32]) {
            let View { data, row_stride, column_stride } = self.view;
            for (first, strip) in rows.clone().step_by(ROWS).zip(out.chunks_exact_mut(inner.len().max(1) * ROWS)) {
                let height = ROWS.min(rows.end - first);
                if height == ROWS && column_stride == 1 && has_avx2() {
                    interleave(&data[first * row_stride + inner.start..], row_stride, self.scale, strip);
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

    /// Six rows, `stride` apart, as one strip. Only for CPUs with AVX2.
    fn interleave(rows: &[f32], stride: usize, scale: f32, strip: &mut [f32]) {
        let len = strip.len() / ROWS;
        // Eight numbers are written for every six, so the last groups are done one by one.
        let whole = len.saturating_sub(1) / 8 * 8;
        assert!(has_avx2() && rows.len() >= (ROWS - 1) * stride + len);
        // SAFETY: the CPU has AVX2; the rows were just checked, and after the last group written there is at least one more.
        unsafe { transpose::<ROWS, ROWS>(rows.as_ptr(), stride, whole, scale, strip.as_mut_ptr()) };
        for (k, group) in strip.chunks_exact_mut(ROWS).enumerate().skip(whole) {
            for (r, slot) in group.iter_mut().enumerate() {
                *slot = rows[r * stride + k] * scale;
            }
        }
    }

    impl Panels<f32> for RightView<'_> {
        fn panel<'a>(&'a self, column: usize, inner: Range<usize>, scratch: &'a mut [f32]) -> &'a [f32] {
            let View { data, row_stride, column_stride } = self.view;
            let panel = &mut scratch[..inner.len() * COLUMNS];
            let width = COLUMNS.min(self.columns - column);
            if column_stride == 1 {
                copy_columns(&data[inner.start * row_stride + column..], row_stride, width, panel);
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

        fn prefetch(&self, column: usize, inner: &Range<usize>, part: usize, parts: usize) {
            use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};

            let View { data, row_stride, column_stride } = self.view;
            // Where columns are contiguous the CPU follows them by itself, and short products are in the cache already.
            if column_stride != 1 || row_stride < FAR || column >= self.columns {
                return;
            }
            let share = inner.len().div_ceil(parts);
            let from = inner.start + part * share;
            for k in from..(from + share).min(inner.end) {
                let number: *const f32 = &raw const data[k * row_stride + column];
                // SAFETY: a prefetch of a valid address has no effect but on the caches.
                unsafe { _mm_prefetch::<_MM_HINT_T1>(number.cast()) };
            }
        }
    }

    /// Rows this far apart, in numbers, are too far for the CPU to guess the next one.
    const FAR: usize = 256;

    vectorised! {
        /// A panel whose rows are contiguous in `data`, `stride` apart.
        fn copy_columns(data: &[f32], stride: usize, width: usize, panel: &mut [f32]) {
            let groups = panel.as_chunks_mut::<COLUMNS>().0.iter_mut().zip(data.chunks(stride));
            if width == COLUMNS {
                groups.for_each(|(group, row)| *group = *row.first_chunk().expect("a row has all columns"));
            } else {
                for (group, row) in groups {
                    *group = [0.0; COLUMNS];
                    group[..width].copy_from_slice(&row[..width]);
                }
            }
        }
    }

    /// A panel whose columns are contiguous rows of `data`, `stride` apart.
    fn panel_of_rows(data: &[f32], stride: usize, inner: Range<usize>, width: usize, panel: &mut [f32]) {
        for half in [0, 8] {
            let whole = if width >= half + 8 && has_avx2() { inner.len() / 8 * 8 } else { 0 };
            if whole > 0 {
                let rows = &data[half * stride + inner.start..];
                assert!(rows.len() >= 7 * stride + whole && panel.len() >= whole * COLUMNS);
                // SAFETY: the CPU has AVX2, and the lengths were just asserted.
                unsafe { transpose::<8, COLUMNS>(rows.as_ptr(), stride, whole, 1.0, panel[half..].as_mut_ptr()) };
            }
            for j in half..half + 8 {
                for k in whole..inner.len() {
                    panel[k * COLUMNS + j] = if j < width { data[j * stride + inner.start + k] } else { 0.0 };
                }
            }
        }
    }

    /// Writes `ROWS` rows of `len` numbers as columns, `OUT` apart. Eight numbers are written for each column; where `OUT` is
    /// less than eight, the next column overwrites the surplus.
    ///
    /// # Safety
    /// The CPU must have AVX2; `len` must be a multiple of eight and `ROWS` at most eight; the rows must be readable, `out`
    /// writable for `len` columns `OUT` apart and eight numbers from the last one on.
    #[target_feature(enable = "avx2")]
    unsafe fn transpose<const ROWS: usize, const OUT: usize>(
        rows: *const f32,
        stride: usize,
        len: usize,
        scale: f32,
        out: *mut f32,
    ) {
        use std::arch::x86_64::*;
        let scale = _mm256_set1_ps(scale);
        for k in (0..len).step_by(8) {
            let mut row = [_mm256_setzero_ps(); 8];
            for (r, row) in row.iter_mut().enumerate().take(ROWS) {
                // SAFETY: the caller vouches for the rows.
                *row = _mm256_mul_ps(scale, unsafe { _mm256_loadu_ps(rows.add(r * stride + k)) });
            }
            let (a0, a1) = (_mm256_unpacklo_ps(row[0], row[1]), _mm256_unpackhi_ps(row[0], row[1]));
            let (a2, a3) = (_mm256_unpacklo_ps(row[2], row[3]), _mm256_unpackhi_ps(row[2], row[3]));
            let (a4, a5) = (_mm256_unpacklo_ps(row[4], row[5]), _mm256_unpackhi_ps(row[4], row[5]));
            let (a6, a7) = (_mm256_unpacklo_ps(row[6], row[7]), _mm256_unpackhi_ps(row[6], row[7]));
            let low = [
                _mm256_shuffle_ps::<0x44>(a0, a2),
                _mm256_shuffle_ps::<0xEE>(a0, a2),
                _mm256_shuffle_ps::<0x44>(a1, a3),
                _mm256_shuffle_ps::<0xEE>(a1, a3),
            ];
            let high = [
                _mm256_shuffle_ps::<0x44>(a4, a6),
                _mm256_shuffle_ps::<0xEE>(a4, a6),
                _mm256_shuffle_ps::<0x44>(a5, a7),
                _mm256_shuffle_ps::<0xEE>(a5, a7),
            ];
            for j in 0..4 {
                // SAFETY: the caller vouches for the columns.
                unsafe { _mm256_storeu_ps(out.add((k + j) * OUT), _mm256_permute2f128_ps::<0x20>(low[j], high[j])) };
            }
            for j in 0..4 {
                // SAFETY: as above.
                unsafe {
                    _mm256_storeu_ps(out.add((k + j + 4) * OUT), _mm256_permute2f128_ps::<0x31>(low[j], high[j]))
                };
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
