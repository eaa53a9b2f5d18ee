//! Attention of one new row over the cached keys and values before it.

use super::attention::HeadLayout;
use super::simd::{LANES, dot_inline, exp, vectorised};

/// Keys and values of the rows seen, `stride` numbers a row, `kv_heads` heads each.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub keys: &'a [f32],
    pub values: &'a [f32],
    pub stride: usize,
    pub layout: HeadLayout,
}

/// Numbers of a head summed up together: what fits in registers with room to spare.
const WIDE: usize = 2 * LANES;

/// Attends from some heads of one row, the first of them `first`, to all rows in `seen`.
pub(crate) fn attend(seen: Seen, first: usize, queries: &[f32], out: &mut [f32]) {
    attend_heads(seen, first, queries, &mut vec![0.0; seen.keys.len() / seen.stride], out);
}

vectorised! {
    fn attend_heads(seen: Seen, first: usize, queries: &[f32], scores: &mut [f32], out: &mut [f32]) {
        let (layout, width) = (seen.layout, seen.layout.head_dim);
        let heads = queries.chunks_exact(width).zip(out.chunks_exact_mut(width)).enumerate();
        for (head, (query, out)) in heads {
            let at = (first + head) / (layout.heads / layout.kv_heads) * width;
            for (score, key) in scores.iter_mut().zip(seen.keys.chunks_exact(seen.stride)) {
                *score = dot_inline(query, &key[at..at + width]) * layout.scale();
            }
            let largest = scores.iter().copied().fold(f32::MIN, f32::max);
            scores.iter_mut().for_each(|score| *score = exp(*score - largest));
            let inverse = 1.0 / scores.iter().sum::<f32>();
            for (wide, out) in out.chunks_mut(WIDE).enumerate() {
                let at = at + wide * WIDE;
                let values = scores.iter().zip(seen.values.chunks_exact(seen.stride));
                if let Ok(out) = <&mut [f32; WIDE]>::try_from(&mut *out) {
                    let mut sums = [0.0; WIDE];
                    for (weight, value) in values {
                        let value = &value[at..at + WIDE];
                        for i in 0..WIDE {
                            sums[i] += weight * value[i];
                        }
                    }
                    *out = sums.map(|sum| sum * inverse);
                } else {
                    out.fill(0.0);
                    for (weight, value) in values {
                        out.iter_mut().zip(&value[at..]).for_each(|(out, v)| *out += weight * inverse * v);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::attention::{self, Output, Scratch, Visibility};
    use super::*;
    use crate::packing::Segment;
    use crate::testing::{assert_close, numbers};

    #[test]
    fn wide_heads_weigh_the_values() {
        let layout = HeadLayout { heads: 1, kv_heads: 1, head_dim: WIDE + 8 };
        let (values, mut out) = (numbers(1, 3 * layout.head_dim), vec![0.0; layout.head_dim]);
        // Equal keys have equal weights.
        let seen = Seen { keys: &vec![0.5; values.len()], values: &values, stride: layout.head_dim, layout };
        attend(seen, 0, &numbers(2, layout.head_dim), &mut out);
        for (i, out) in out.iter().enumerate() {
            assert_close(*out, values.iter().skip(i).step_by(layout.head_dim).sum::<f32>() / 3.0, 1e-6);
        }
    }

    #[test]
    fn agrees_with_the_packed_attention() {
        let layout = HeadLayout { heads: 4, kv_heads: 2, head_dim: 8 };
        let (rows, width) = (6, layout.row_width());
        let qkv = numbers(1, rows * width);
        let mut attended = vec![0.0; rows * layout.query_width()];
        let out = Output { attended: &mut attended, log_sums: &mut vec![0.0; rows * layout.heads] };
        let seen = Visibility { prefix: 0, segments: &[Segment { start: 0, len: rows }] };
        attention::forward(layout, seen, &qkv, out, &mut Scratch::default());
        let part =
            |from: usize| -> Vec<f32> { qkv.chunks(width).flat_map(|row| row[from..from + 16].to_vec()).collect() };
        let (keys, values) = (part(32), part(48));
        for row in 0..rows {
            let seen = Seen { keys: &keys[..(row + 1) * 16], values: &values[..(row + 1) * 16], stride: 16, layout };
            let mut out = vec![0.0; layout.query_width()];
            attend(seen, 0, &qkv[row * width..][..32], &mut out);
            for (a, b) in out.iter().zip(&attended[row * 32..]) {
                assert_close(*a, *b, 1e-5);
            }
            let mut last = vec![0.0; 16];
            attend(seen, 2, &qkv[row * width + 16..][..16], &mut last);
            assert_eq!(last, out[16..]);
        }
    }
}
