//! The gated activation of a Llama block, `silu(gate) · up`, forward and backward.

use super::simd::{LANES, exp, vectorised};

/// `silu(gate) · up`.
#[inline(always)]
fn activate(gate: f32, up: f32) -> f32 {
    gate / (1.0 + exp(-gate)) * up
}

/// The gradients of gate and up, and the activation once more.
#[inline(always)]
fn activate_backward(gate: f32, up: f32, d_out: f32) -> (f32, f32, f32) {
    let sigmoid = 1.0 / (1.0 + exp(-gate));
    let silu = gate * sigmoid;
    (d_out * up * (sigmoid + silu * (1.0 - sigmoid)), d_out * silu, silu * up)
}

vectorised! {
    /// `out = silu(gate) · up`; each row of `gate_up` is `width` gates followed by `width` ups.
    pub(crate) fn forward(gate_up: &[f32], width: usize, out: &mut [f32]) {
        for (row, out) in gate_up.chunks_exact(2 * width).zip(out.chunks_exact_mut(width)) {
            let (gate, up) = row.split_at(width);
            for ((out, g), u) in out.iter_mut().zip(gate).zip(up) {
                *out = activate(*g, *u);
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
            let (gates, gates_rest) = gate.as_chunks_mut::<LANES>();
            let (ups, ups_rest) = up.as_chunks_mut::<LANES>();
            let (outs, outs_rest) = d_out.as_chunks_mut::<LANES>();
            // Copies, because compilers do not see that three mutable slices are apart, and then do not vectorise.
            for ((gate, up), out) in gates.iter_mut().zip(ups).zip(outs) {
                let (mut g, mut u, mut d) = (*gate, *up, *out);
                for i in 0..LANES {
                    (g[i], u[i], d[i]) = activate_backward(g[i], u[i], d[i]);
                }
                (*gate, *up, *out) = (g, u, d);
            }
            for ((g, u), d) in gates_rest.iter_mut().zip(ups_rest).zip(outs_rest) {
                (*g, *u, *d) = activate_backward(*g, *u, *d);
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
