//! Attention of one new row over the cached keys and values before it.

use super::attention::HeadLayout;
use super::simd::{dot_inline, exp, vectorised};

/// Keys and values of the rows seen, `stride` numbers a row, `kv_heads` heads each.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub keys: &'a [f32],
    pub values: &'a [f32],
    pub stride: usize,
    pub layout: HeadLayout,
}

/// Attends from the queries of one row to all rows in `seen`; `scores` is scratch.
pub(crate) fn attend(seen: Seen, queries: &[f32], scores: &mut Vec<f32>, out: &mut [f32]) {
    scores.resize(seen.keys.len() / seen.stride, 0.0);
    attend_heads(seen, queries, scores, out);
}

vectorised! {
    fn attend_heads(seen: Seen, queries: &[f32], scores: &mut [f32], out: &mut [f32]) {
        let (layout, width) = (seen.layout, seen.layout.head_dim);
        let heads = queries.chunks_exact(width).zip(out.chunks_exact_mut(width)).enumerate();
        for (head, (query, out)) in heads {
            let at = head / (layout.heads / layout.kv_heads) * width;
            let mut largest = f32::MIN;
            for (score, key) in scores.iter_mut().zip(seen.keys.chunks_exact(seen.stride)) {
                *score = dot_inline(query, &key[at..at + width]) * layout.scale();
                largest = largest.max(*score);
            }
            let mut sum = 0.0;
            out.fill(0.0);
            for (score, value) in scores.iter().zip(seen.values.chunks_exact(seen.stride)) {
                let weight = exp(score - largest);
                sum += weight;
                for (out, v) in out.iter_mut().zip(&value[at..at + width]) {
                    *out += weight * v;
                }
            }
            out.iter_mut().for_each(|o| *o /= sum);
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
            attend(seen, &qkv[row * width..][..32], &mut Vec::new(), &mut out);
            for (a, b) in out.iter().zip(&attended[row * 32..]) {
                assert_close(*a, *b, 1e-5);
            }
        }
    }
}
