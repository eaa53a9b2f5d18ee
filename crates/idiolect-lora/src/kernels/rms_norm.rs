//! Root-mean-square normalisation (Zhang & Sennrich 2019) over rows, forward and backward. The weight is frozen.

use super::simd::{dot_inline, vectorised};

vectorised! {
    /// `y = x / sqrt(mean(x²) + eps) · weight` for each row of `weight.len()` columns; `inverse_rms` gets one value a row.
    pub(crate) fn forward(x: &[f32], weight: &[f32], eps: f32, y: &mut [f32], inverse_rms: &mut [f32]) {
        let width = weight.len();
        for ((x, y), inverse) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)).zip(inverse_rms) {
            *inverse = 1.0 / (dot_inline(x, x) / width as f32 + eps).sqrt();
            for ((y, x), w) in y.iter_mut().zip(x).zip(weight) {
                *y = x * *inverse * w;
            }
        }
    }
}

vectorised! {
    /// The normalised rows once more, from the `inverse_rms` a forward pass kept.
    pub(crate) fn again(x: &[f32], weight: &[f32], inverse_rms: &[f32], y: &mut [f32]) {
        let width = weight.len();
        for ((x, y), inverse) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)).zip(inverse_rms) {
            for ((y, x), w) in y.iter_mut().zip(x).zip(weight) {
                *y = x * inverse * w;
            }
        }
    }
}

vectorised! {
    /// Adds the gradient with respect to `x` to `dx`. `dy` is used up: it holds `dy · weight` afterwards.
    pub(crate) fn backward(x: &[f32], weight: &[f32], inverse_rms: &[f32], dy: &mut [f32], dx: &mut [f32]) {
        let width = weight.len();
        let rows = x.chunks_exact(width).zip(dy.chunks_exact_mut(width)).zip(dx.chunks_exact_mut(width)).zip(inverse_rms);
        for (((x, dy), dx), &inverse) in rows {
            for (d, w) in dy.iter_mut().zip(weight) {
                *d *= w;
            }
            let along = dot_inline(dy, x) * inverse * inverse / width as f32;
            for ((dx, d), x) in dx.iter_mut().zip(dy.iter()).zip(x) {
                *dx += inverse * (d - x * along);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, numbers};

    const EPS: f32 = 1e-5;

    fn normalise(x: &[f32], weight: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let mut y = vec![0.0; x.len()];
        let mut inverse = vec![0.0; x.len() / weight.len()];
        forward(x, weight, EPS, &mut y, &mut inverse);
        (y, inverse)
    }

    #[test]
    fn rows_are_scaled_to_unit_mean_square() {
        let (y, _) = normalise(&numbers(1, 2 * 24), &[1.0; 24]);
        for row in y.chunks_exact(24) {
            let mean_square = row.iter().map(|v| v * v).sum::<f32>() / 24.0;
            assert!((mean_square - 1.0).abs() < 1e-3, "{mean_square}");
        }
    }

    #[test]
    fn again_gives_the_forward_bits() {
        let (x, weight) = (numbers(1, 3 * 20), numbers(2, 20));
        let (y, inverse) = normalise(&x, &weight);
        let mut repeated = vec![0.0; x.len()];
        again(&x, &weight, &inverse, &mut repeated);
        assert_eq!(y, repeated);
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let (x, weight, dy) = (numbers(1, 2 * 20), numbers(2, 20), numbers(3, 2 * 20));
        let (_, inverse) = normalise(&x, &weight);
        let mut dx = vec![0.5; x.len()];
        backward(&x, &weight, &inverse, &mut dy.clone(), &mut dx);
        let loss = |x: &[f32]| normalise(x, &weight).0.iter().zip(&dy).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        for i in 0..x.len() {
            let step = 1e-2;
            let (mut up, mut down) = (x.clone(), x.clone());
            up[i] += step;
            down[i] -= step;
            let numeric = (loss(&up) - loss(&down)) / f64::from(2.0 * step);
            assert_close(dx[i] - 0.5, numeric as f32, 2e-3);
        }
    }
}
