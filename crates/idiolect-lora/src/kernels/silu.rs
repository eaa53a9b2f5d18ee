//! The gated activation of a Llama block, `silu(gate) · up`, forward and backward.

use super::simd::{exp, vectorised};

vectorised! {
    /// `out = silu(gate) · up`; each row of `gate_up` is `width` gates followed by `width` ups.
    pub(crate) fn forward(gate_up: &[f32], width: usize, out: &mut [f32]) {
        for (row, out) in gate_up.chunks_exact(2 * width).zip(out.chunks_exact_mut(width)) {
            let (gate, up) = row.split_at(width);
            for ((out, g), u) in out.iter_mut().zip(gate).zip(up) {
                *out = g / (1.0 + exp(-g)) * u;
            }
        }
    }
}

vectorised! {
    /// Replaces `gate_up` by its gradient and `d_out` by the forward result, which the weight gradient of the next
    /// projection needs.
    pub(crate) fn backward(gate_up: &mut [f32], width: usize, d_out: &mut [f32]) {
        for (row, d_out) in gate_up.chunks_exact_mut(2 * width).zip(d_out.chunks_exact_mut(width)) {
            let (gate, up) = row.split_at_mut(width);
            for ((d, g), u) in d_out.iter_mut().zip(gate).zip(up) {
                let sigmoid = 1.0 / (1.0 + exp(-*g));
                let silu = *g * sigmoid;
                let out = silu * *u;
                *g = *d * *u * (sigmoid + silu * (1.0 - sigmoid));
                *u = *d * silu;
                *d = out;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, numbers};

    const WIDTH: usize = 21;

    fn activate(gate_up: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; gate_up.len() / 2];
        forward(gate_up, WIDTH, &mut out);
        out
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let (x, dy) = (numbers(1, 4 * WIDTH), numbers(2, 2 * WIDTH));
        let (mut dx, mut out) = (x.clone(), dy.clone());
        backward(&mut dx, WIDTH, &mut out);
        for (again, first) in out.iter().zip(activate(&x)) {
            assert_close(*again, first, 1e-6);
        }
        let loss = |x: &[f32]| activate(x).iter().zip(&dy).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        for i in 0..x.len() {
            let step = 1e-2;
            let (mut up, mut down) = (x.clone(), x.clone());
            up[i] += step;
            down[i] -= step;
            let numeric = (loss(&up) - loss(&down)) / f64::from(2.0 * step);
            assert_close(dx[i], numeric as f32, 2e-3);
        }
    }
}
