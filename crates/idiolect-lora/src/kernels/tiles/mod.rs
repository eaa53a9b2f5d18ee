//! The blocked matrix product: packing and tiling, generic over the innermost tile.
//!
//! The left matrix is packed into strips of [`Tile::ROWS`] rows, the right one into panels of [`Tile::COLUMNS`] columns, both
//! in groups of [`Tile::GROUP`] numbers along the inner dimension. One panel, cut to [`Tile::INNER`], stays in the first-level
//! cache while all strips pass over it.

use std::ops::Range;

mod bf16;
#[cfg(target_arch = "x86_64")]
mod bf16_avx512;
#[cfg(target_arch = "x86_64")]
mod f32_avx2;

pub(super) use bf16::{EmulatedBf16, to_bf16};
#[cfg(target_arch = "x86_64")]
pub(super) use bf16_avx512::HardwareBf16;
#[cfg(target_arch = "x86_64")]
pub(super) use f32_avx2::Avx2;

/// The innermost product, of one packed strip with one packed panel.
pub(super) trait Tile {
    /// What the numbers are packed as.
    type Element: Copy + Default + 'static;
    const ROWS: usize;
    const COLUMNS: usize;
    /// Numbers along the inner dimension that one instruction takes together.
    const GROUP: usize;
    /// The longest stretch of the inner dimension one tile covers; a multiple of `GROUP`.
    const INNER: usize;

    /// Adds the product of a strip and a panel, each of `groups` groups, to the `ROWS × COLUMNS` numbers at `out`, or
    /// stores it there.
    ///
    /// # Safety
    /// The CPU must have the features the tile is made for. `strip` must be valid for `groups · GROUP · ROWS` reads,
    /// `panel` for `groups · GROUP · COLUMNS`, and `out` for reads and writes of `COLUMNS` numbers at each of the first
    /// `ROWS` multiples of `stride`.
    unsafe fn multiply(
        groups: usize,
        strip: *const Self::Element,
        panel: *const Self::Element,
        out: TileOut,
        accumulate: bool,
    );

    /// Buffers for strips and panels that live as long as the thread.
    fn take_scratch() -> Scratch<Self::Element>;
    fn keep_scratch(scratch: Scratch<Self::Element>);
}

/// Where a tile goes.
#[derive(Clone, Copy)]
pub(super) struct TileOut {
    pub at: *mut f32,
    pub stride: usize,
}

/// Packed strips and one packed panel.
#[derive(Default)]
pub(super) struct Scratch<E> {
    strips: Vec<E>,
    panel: Vec<E>,
}

/// Something that packs the left matrix.
pub(super) trait Strips<E> {
    /// Writes the strips of `rows` × `inner`, one after the other, zeros where a strip or group is not full.
    fn pack(&self, rows: Range<usize>, inner: Range<usize>, out: &mut [E]);
}

/// Something that has the panels of the right matrix, or packs them.
pub(super) trait Panels<E> {
    /// The panel that starts at `column`, over `inner`; `scratch` is large enough for one.
    fn panel<'a>(&'a self, column: usize, inner: Range<usize>, scratch: &'a mut [E]) -> &'a [E];

    /// Asks the CPU to fetch one of `parts` parts of what [`Panels::panel`] will read.
    fn prefetch(&self, _column: usize, _inner: &Range<usize>, _part: usize, _parts: usize) {}
}

/// The size of a product, and whether it is added to what is there.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub rows: usize,
    pub inner: usize,
    pub columns: usize,
    pub accumulate: bool,
}

/// Rows whose strips are packed at a time. More than the second-level cache holds: strips are read in order, and packing
/// every panel once matters more.
const ROW_BLOCK: usize = 768;
/// More than any tile has.
const LARGEST_TILE: usize = 8 * 48;

/// `out (+)= left · right`, rows of `out` being `stride` apart.
///
/// # Safety
/// The CPU must have the features of `T`.
pub(super) unsafe fn multiply<T: Tile>(
    shape: Shape,
    left: &impl Strips<T::Element>,
    right: &impl Panels<T::Element>,
    out: &mut [f32],
    stride: usize,
) {
    if shape.rows == 0 || shape.columns == 0 {
        return;
    }
    assert!(shape.columns <= stride || shape.rows == 1, "rows of the product would overlap");
    assert!(out.len() >= (shape.rows - 1) * stride + shape.columns, "the product does not fit its buffer");
    let mut scratch = T::take_scratch();
    for rows in blocks(shape.rows, ROW_BLOCK, T::ROWS) {
        for inner in blocks(shape.inner, T::INNER, T::GROUP) {
            let accumulate = shape.accumulate || inner.start > 0;
            let groups = inner.len().div_ceil(T::GROUP);
            let strip_len = groups * T::GROUP * T::ROWS;
            grow(&mut scratch.strips, rows.len().div_ceil(T::ROWS) * strip_len);
            grow(&mut scratch.panel, groups * T::GROUP * T::COLUMNS);
            left.pack(rows.clone(), inner.clone(), &mut scratch.strips);
            for column in (0..shape.columns).step_by(T::COLUMNS) {
                let panel = right.panel(column, inner.clone(), &mut scratch.panel);
                assert!(panel.len() >= groups * T::GROUP * T::COLUMNS, "the panel is too short");
                let width = T::COLUMNS.min(shape.columns - column);
                let strips = rows.len().div_ceil(T::ROWS);
                for (strip, row) in rows.clone().step_by(T::ROWS).enumerate() {
                    // Weights come from main memory, row by row far apart; by the time this panel is done the next is here.
                    right.prefetch(column + T::COLUMNS, &inner, strip, strips);
                    let height = T::ROWS.min(rows.end - row);
                    let packed = &scratch.strips[strip * strip_len..(strip + 1) * strip_len];
                    let first = row * stride + column;
                    if height == T::ROWS && width == T::COLUMNS {
                        let target = TileOut { at: out[first..].as_mut_ptr(), stride };
                        // SAFETY: the caller vouches for the CPU; strip and panel have `groups` groups as asserted, and the
                        // whole tile lies in `out`, whose length was checked above.
                        unsafe { T::multiply(groups, packed.as_ptr(), panel.as_ptr(), target, accumulate) };
                    } else {
                        let mut edge = [0.0; LARGEST_TILE];
                        let target = TileOut { at: edge.as_mut_ptr(), stride: T::COLUMNS };
                        // SAFETY: as above, with a target that is at least one tile large.
                        unsafe { T::multiply(groups, packed.as_ptr(), panel.as_ptr(), target, false) };
                        for r in 0..height {
                            let row = &mut out[first + r * stride..][..width];
                            copy_edge(&edge[r * T::COLUMNS..][..width], row, accumulate);
                        }
                    }
                }
            }
        }
    }
    T::keep_scratch(scratch);
}

fn copy_edge(from: &[f32], to: &mut [f32], accumulate: bool) {
    if accumulate {
        to.iter_mut().zip(from).for_each(|(t, f)| *t += f);
    } else {
        to.copy_from_slice(from);
    }
}

fn grow<E: Copy + Default>(buffer: &mut Vec<E>, len: usize) {
    if buffer.len() < len {
        buffer.resize(len, E::default());
    }
}

/// Cuts `0..len` into the fewest pieces of at most `longest`, of nearly equal length, each but the last a multiple of `unit`.
fn blocks(len: usize, longest: usize, unit: usize) -> impl Iterator<Item = Range<usize>> {
    let pieces = len.div_ceil(longest).max(1);
    let piece = len.div_ceil(pieces).next_multiple_of(unit).max(1);
    (0..len.max(1)).step_by(piece).map(move |start| start..(start + piece).min(len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_everything_once() {
        for (len, longest, unit) in [(1, 240, 6), (240, 240, 6), (241, 240, 6), (961, 320, 2), (1537, 320, 1)] {
            let pieces: Vec<_> = blocks(len, longest, unit).collect();
            assert_eq!(pieces[0].start, 0);
            assert_eq!(pieces[pieces.len() - 1].end, len);
            assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start && pair[0].len() % unit == 0));
            assert!(pieces.iter().all(|piece| piece.len() <= longest.next_multiple_of(unit)));
        }
    }

    #[test]
    fn an_empty_inner_dimension_still_gives_one_block() {
        assert_eq!(blocks(0, 320, 1).collect::<Vec<_>>(), vec![0..0; 1]);
    }
}
