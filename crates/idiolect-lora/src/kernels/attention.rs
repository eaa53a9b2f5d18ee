//! Causal attention over a packed batch: a shared prefix, then segments that each see the prefix and themselves.
//!
//! Scores of all rows with the prefix are one matrix product a head; scores inside a segment are a small one each. The
//! backward pass computes the probabilities again from the log-sum-exp the forward pass kept.

use super::matmul::{Product, View};
use super::simd::{LANES, dot_inline, exp, horizontal_sum, vectorised};
use crate::packing::Segment;

/// Heads as they lie in a row of queries, keys and values: all queries, then all keys, then all values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadLayout {
    pub heads: usize,
    pub kv_heads: usize,
    pub head_dim: usize,
}

impl HeadLayout {
    /// Numbers in a row of queries, and of attention output.
    pub(crate) fn query_width(&self) -> usize {
        self.heads * self.head_dim
    }

    /// Numbers in a row of queries, keys and values.
    pub(crate) fn row_width(&self) -> usize {
        (self.heads + 2 * self.kv_heads) * self.head_dim
    }

    fn query(&self, head: usize) -> usize {
        head * self.head_dim
    }

    /// Where the key of the group that `head` belongs to starts.
    pub(crate) fn key(&self, head: usize) -> usize {
        (self.heads + head / self.group()) * self.head_dim
    }

    /// Where the value of the group that `head` belongs to starts.
    pub(crate) fn value(&self, head: usize) -> usize {
        self.key(head) + self.kv_heads * self.head_dim
    }

    /// Query heads that share a key and a value.
    fn group(&self) -> usize {
        self.heads / self.kv_heads
    }

    pub(crate) fn scale(&self) -> f32 {
        1.0 / (self.head_dim as f32).sqrt()
    }
}

/// Which rows see which: `prefix` rows, then the segments, in order and without gaps.
#[derive(Clone, Copy)]
pub(crate) struct Visibility<'a> {
    pub prefix: usize,
    pub segments: &'a [Segment],
}

impl Visibility<'_> {
    fn rows(&self) -> usize {
        self.segments.last().map_or(self.prefix, |s| s.start + s.len)
    }

    /// Columns of a score row: the prefix, then the row's own segment.
    fn width(&self) -> usize {
        self.prefix + self.segments.iter().map(|s| s.len).max().unwrap_or(0)
    }

    /// For every row, how many of its columns count and how many are in use.
    fn columns(&self) -> impl Iterator<Item = (usize, usize)> {
        let prefix = self.prefix;
        let own = self.segments.iter().flat_map(move |s| (0..s.len).map(move |j| (prefix + j + 1, prefix + s.len)));
        (0..prefix).map(move |i| (i + 1, prefix)).chain(own)
    }
}

/// Score buffers, kept between calls.
#[derive(Default)]
pub(crate) struct Scratch {
    scores: Vec<f32>,
    gradients: Vec<f32>,
}

/// Attention output and what the backward pass needs of it.
pub(crate) struct Output<'a> {
    /// `rows × query_width`.
    pub attended: &'a mut [f32],
    /// Log-sum-exp of the scores, `heads` after `heads`, one number a row.
    pub log_sums: &'a mut [f32],
}

/// Gradient of the output and what the forward pass left.
pub(crate) struct Gradient<'a> {
    pub d_attended: &'a [f32],
    pub attended: &'a [f32],
    pub log_sums: &'a [f32],
}

/// Computes the attention of rotated queries and keys.
pub(crate) fn forward(layout: HeadLayout, seen: Visibility, qkv: &[f32], out: Output, scratch: &mut Scratch) {
    let width = seen.width();
    let scores = sized(&mut scratch.scores, seen.rows() * width);
    let columns = layout.query_width();
    for head in 0..layout.heads {
        score(layout, seen, qkv, head, scores);
        let log_sums = &mut out.log_sums[head * seen.rows()..][..seen.rows()];
        for ((row, (visible, used)), log_sum) in scores.chunks_exact_mut(width).zip(seen.columns()).zip(log_sums) {
            *log_sum = softmax(&mut row[..used], visible);
        }
        let values = Side { data: qkv, at: layout.value(head), stride: layout.row_width() };
        spread(layout, seen, scores, values, &mut out.attended[layout.query(head)..], columns);
    }
}

/// Writes the gradient with respect to rotated queries, keys and values, every element of it.
pub(crate) fn backward(
    layout: HeadLayout,
    seen: Visibility,
    qkv: &[f32],
    gradient: Gradient,
    d_qkv: &mut [f32],
    scratch: &mut Scratch,
) {
    let (rows, width, stride) = (seen.rows(), seen.width(), layout.row_width());
    let Scratch { scores, gradients } = scratch;
    let (scores, gradients) = (sized(scores, rows * width), sized(gradients, rows * width));
    let queries = layout.query_width();
    for head in 0..layout.heads {
        score(layout, seen, qkv, head, scores);
        let query = layout.query(head);
        let d_out = Side { data: gradient.d_attended, at: query, stride: queries };
        let values = Side { data: qkv, at: layout.value(head), stride };
        compare(layout, seen, d_out, values, 1.0, gradients);
        let log_sums = &gradient.log_sums[head * rows..][..rows];
        let score_rows = scores.chunks_exact_mut(width).zip(gradients.chunks_exact_mut(width));
        for (row, ((p, g), (visible, used))) in score_rows.zip(seen.columns()).enumerate() {
            let at = row * queries + query..row * queries + query + layout.head_dim;
            let pair = RowGradient { log_sum: log_sums[row], scale: layout.scale(), visible };
            softmax_backward(
                &mut p[..used],
                &mut g[..used],
                pair,
                &gradient.d_attended[at.clone()],
                &gradient.attended[at],
            );
        }
        let keys = Side { data: qkv, at: layout.key(head), stride };
        spread(layout, seen, gradients, keys, &mut d_qkv[query..], stride);
        let first = head.is_multiple_of(layout.group());
        let queried = Side { data: qkv, at: query, stride };
        gather(layout, seen, gradients, queried, first, &mut d_qkv[layout.key(head)..], stride);
        gather(layout, seen, scores, d_out, first, &mut d_qkv[layout.value(head)..], stride);
    }
}

/// One head's columns in a buffer of rows.
#[derive(Clone, Copy)]
struct Side<'a> {
    data: &'a [f32],
    at: usize,
    stride: usize,
}

impl<'a> Side<'a> {
    fn from(&self, row: usize) -> View<'a> {
        View::rows(&self.data[row * self.stride + self.at..], self.stride)
    }
}

fn sized(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
    &mut buffer[..len]
}

fn score(layout: HeadLayout, seen: Visibility, qkv: &[f32], head: usize, scores: &mut [f32]) {
    let stride = layout.row_width();
    let queries = Side { data: qkv, at: layout.query(head), stride };
    let keys = Side { data: qkv, at: layout.key(head), stride };
    compare(layout, seen, queries, keys, layout.scale(), scores);
}

/// `scores = scale · left · rightᵀ` for every pair of rows that see each other.
fn compare(layout: HeadLayout, seen: Visibility, left: Side, right: Side, scale: f32, scores: &mut [f32]) {
    let (inner, width) = (layout.head_dim, seen.width());
    if seen.prefix > 0 {
        let (left, right) = (left.from(0), right.from(0).transposed());
        Product { rows: seen.rows(), inner, columns: seen.prefix, left, right, scale }.store(scores, width);
    }
    for segment in seen.segments.iter().filter(|s| s.len > 0) {
        let (left, right) = (left.from(segment.start), right.from(segment.start).transposed());
        let product = Product { rows: segment.len, inner, columns: segment.len, left, right, scale };
        product.store(&mut scores[segment.start * width + seen.prefix..], width);
    }
}

/// `out = scores · right`: each row's weighted sum of the rows it sees.
fn spread(layout: HeadLayout, seen: Visibility, scores: &[f32], right: Side, out: &mut [f32], stride: usize) {
    let (columns, width) = (layout.head_dim, seen.width());
    let scored = Side { data: scores, at: 0, stride: width };
    if seen.prefix > 0 {
        let (left, right) = (scored.from(0), right.from(0));
        Product { rows: seen.rows(), inner: seen.prefix, columns, left, right, scale: 1.0 }.store(out, stride);
    }
    let own = Side { at: seen.prefix, ..scored };
    for segment in seen.segments.iter().filter(|s| s.len > 0) {
        let (left, right) = (own.from(segment.start), right.from(segment.start));
        let product = Product { rows: segment.len, inner: segment.len, columns, left, right, scale: 1.0 };
        let out = &mut out[segment.start * stride..];
        if seen.prefix > 0 { product.add_to(out, stride) } else { product.store(out, stride) }
    }
}

/// `out (+)= scoresᵀ · right`: each row's weighted sum of the rows that see it. Stores for the `first` head of a group.
fn gather(
    layout: HeadLayout,
    seen: Visibility,
    scores: &[f32],
    right: Side,
    first: bool,
    out: &mut [f32],
    stride: usize,
) {
    let (columns, width) = (layout.head_dim, seen.width());
    let scored = Side { data: scores, at: 0, stride: width };
    let put = |product: Product, out: &mut [f32]| {
        if first { product.store(out, stride) } else { product.add_to(out, stride) }
    };
    if seen.prefix > 0 {
        let (left, right) = (scored.from(0).transposed(), right.from(0));
        put(Product { rows: seen.prefix, inner: seen.rows(), columns, left, right, scale: 1.0 }, out);
    }
    let own = Side { at: seen.prefix, ..scored };
    for segment in seen.segments.iter().filter(|s| s.len > 0) {
        let (left, right) = (own.from(segment.start).transposed(), right.from(segment.start));
        let product = Product { rows: segment.len, inner: segment.len, columns, left, right, scale: 1.0 };
        put(product, &mut out[segment.start * stride..]);
    }
}

vectorised! {
    /// Softmax over the first `visible` scores, zero for the others; the answer is the log-sum-exp.
    fn softmax(scores: &mut [f32], visible: usize) -> f32 {
        let (scores, hidden) = scores.split_at_mut(visible);
        hidden.fill(0.0);
        let largest = scores.iter().copied().fold(f32::MIN, f32::max);
        let mut lanes = [0.0; LANES];
        let (chunks, rest) = scores.as_chunks_mut::<LANES>();
        for chunk in chunks {
            for i in 0..LANES {
                chunk[i] = exp(chunk[i] - largest);
                lanes[i] += chunk[i];
            }
        }
        let mut sum = horizontal_sum(lanes);
        for score in rest {
            *score = exp(*score - largest);
            sum += *score;
        }
        let inverse = 1.0 / sum;
        scores.iter_mut().for_each(|score| *score *= inverse);
        largest + sum.ln()
    }
}

/// What [`softmax_backward`] needs to know of a row.
#[derive(Clone, Copy)]
struct RowGradient {
    log_sum: f32,
    scale: f32,
    visible: usize,
}

vectorised! {
    /// Turns scores into probabilities, and their gradient into the gradient of the unscaled scores.
    fn softmax_backward(scores: &mut [f32], gradients: &mut [f32], row: RowGradient, d_out: &[f32], out: &[f32]) {
        scores[row.visible..].fill(0.0);
        gradients[row.visible..].fill(0.0);
        let expected = dot_inline(d_out, out);
        for (score, gradient) in scores[..row.visible].iter_mut().zip(&mut gradients[..row.visible]) {
            *score = exp(*score - row.log_sum);
            *gradient = *score * (*gradient - expected) * row.scale;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, numbers};

    const LAYOUT: HeadLayout = HeadLayout { heads: 4, kv_heads: 2, head_dim: 8 };
    const ROWS: usize = 12;

    fn segments() -> Vec<Segment> {
        vec![Segment { start: 3, len: 5 }, Segment { start: 8, len: 0 }, Segment { start: 8, len: 4 }]
    }

    fn attend(seen: Visibility, qkv: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let mut attended = vec![f32::NAN; seen.rows() * LAYOUT.query_width()];
        let mut log_sums = vec![f32::NAN; seen.rows() * LAYOUT.heads];
        let out = Output { attended: &mut attended, log_sums: &mut log_sums };
        forward(LAYOUT, seen, qkv, out, &mut Scratch::default());
        (attended, log_sums)
    }

    #[test]
    fn agrees_with_the_definition() {
        let (segments, qkv) = (segments(), numbers(1, ROWS * LAYOUT.row_width()));
        let (attended, _) = attend(Visibility { prefix: 3, segments: &segments }, &qkv);
        let part = |row: usize, at: usize| &qkv[row * LAYOUT.row_width() + at..][..LAYOUT.head_dim];
        for row in 0..ROWS {
            let start = segments.iter().filter(|s| s.len > 0).map(|s| s.start).rfind(|&s| s <= row);
            let seen: Vec<usize> = (0..3.min(row + 1)).chain(start.unwrap_or(row + 1)..row + 1).collect();
            for head in 0..LAYOUT.heads {
                let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
                let weights: Vec<f32> = seen
                    .iter()
                    .map(|&k| (dot(part(row, head * 8), part(k, LAYOUT.key(head))) * LAYOUT.scale()).exp())
                    .collect();
                let sum: f32 = weights.iter().sum();
                for i in 0..LAYOUT.head_dim {
                    let value = |&k: &usize| part(k, LAYOUT.value(head))[i];
                    let exact: f32 = seen.iter().zip(&weights).map(|(k, w)| w / sum * value(k)).sum();
                    assert_close(attended[row * LAYOUT.query_width() + head * 8 + i], exact, 1e-5);
                }
            }
        }
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let all = segments();
        let shifted: Vec<Segment> = vec![Segment { start: 0, len: 7 }, Segment { start: 7, len: 5 }];
        for seen in [Visibility { prefix: 3, segments: &all }, Visibility { prefix: 0, segments: &shifted }] {
            let qkv = numbers(1, ROWS * LAYOUT.row_width());
            let d_out = numbers(2, ROWS * LAYOUT.query_width());
            let (attended, log_sums) = attend(seen, &qkv);
            let gradient = Gradient { d_attended: &d_out, attended: &attended, log_sums: &log_sums };
            let mut d_qkv = vec![f32::NAN; qkv.len()];
            backward(LAYOUT, seen, &qkv, gradient, &mut d_qkv, &mut Scratch::default());
            let loss = |x: &[f32]| attend(seen, x).0.iter().zip(&d_out).map(|(a, b)| f64::from(a * b)).sum::<f64>();
            for i in 0..qkv.len() {
                let step = 1e-2;
                let (mut up, mut down) = (qkv.clone(), qkv.clone());
                up[i] += step;
                down[i] -= step;
                let numeric = (loss(&up) - loss(&down)) / f64::from(2.0 * step);
                assert_close(d_qkv[i], numeric as f32, 2e-3);
            }
        }
    }
}
