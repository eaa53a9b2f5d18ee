//! Run-time choice between a function compiled for AVX2 and the same function compiled for any CPU, and the few
//! primitives that the element-wise kernels share.

/// Whether the CPU has AVX2 and FMA. The answer is cached by the standard library.
pub(crate) fn has_avx2() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

/// Compiles a function for AVX2 as well as for any CPU, and picks one when it is called. The bodies are the same plain
/// loops, and Rust never fuses a multiplication with an addition by itself, so both give the same bits.
macro_rules! vectorised {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block) => {
        $(#[$meta])*
        $vis fn $name($($arg: $type),*) $(-> $result)? {
            #[inline(always)]
            fn portable($($arg: $type),*) $(-> $result)? $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($arg: $type),*) $(-> $result)? {
                    portable($($arg),*)
                }
                if $crate::kernels::simd::has_avx2() {
                    // SAFETY: the CPU has the features the function was compiled for.
                    return unsafe { avx2($($arg),*) };
                }
            }
            portable($($arg),*)
        }
    };
}
pub(crate) use vectorised;

/// Independent accumulators of a reduction: enough for two AVX2 registers, and a fixed order of additions everywhere.
pub(crate) const LANES: usize = 16;

/// Adds up the accumulators, halves onto halves.
#[inline(always)]
pub(crate) fn horizontal_sum(mut lanes: [f32; LANES]) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] += lanes[i + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// The scalar product of two rows, for use inside a `vectorised!` function.
#[inline(always)]
pub(crate) fn dot_inline(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    for (x, y) in a_chunks.iter().zip(b_chunks) {
        for i in 0..LANES {
            lanes[i] += x[i] * y[i];
        }
    }
    let mut sum = horizontal_sum(lanes);
    for (x, y) in a_rest.iter().zip(b_rest) {
        sum += x * y;
    }
    sum
}

/// `e^x` to within 3 in 10 million, in a form compilers vectorise; arguments outside ±87 saturate.
///
/// Splits `x / ln 2` into an integer, which becomes the exponent, and a rest in ±½, for which the Taylor series of `2^f` is
/// cut after the sixth power.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    /// 1.5 · 2²³: adding it leaves the rounded integer in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let scaled = x.clamp(-87.0, 87.0) * std::f32::consts::LOG2_E;
    let shifted = scaled + ROUND;
    let f = scaled - (shifted - ROUND);
    let series = 1.540_353e-4;
    let series = series * f + 1.333_355_8e-3;
    let series = series * f + 9.618_129e-3;
    let series = series * f + 5.550_411e-2;
    let series = series * f + 2.402_265e-1;
    let series = series * f + std::f32::consts::LN_2;
    let series = series * f + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    series * f32::from_bits(exponent)
}

vectorised! {
    /// `sum += scale · row`.
    pub(crate) fn add_scaled(scale: f32, row: &[f32], sum: &mut [f32]) {
        for (total, x) in sum.iter_mut().zip(row) {
            *total += scale * x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close_over_its_whole_range() {
        let mut worst = 0.0f64;
        for step in -8_700..=8_700 {
            let x = step as f32 * 0.01;
            let exact = f64::from(x).exp();
            worst = worst.max((f64::from(exp(x)) / exact - 1.0).abs());
        }
        // The product x · log2(e) is rounded to f32, which near ±87 alone costs 87 · 2⁻²⁴ · ln 2 in relative terms.
        assert!(worst < 1e-5, "relative error {worst}");
        let near_zero = (-100..=100).map(|i| i as f32 * 0.01);
        assert!(near_zero.into_iter().all(|x| (f64::from(exp(x)) / f64::from(x).exp() - 1.0).abs() < 3e-7));
    }

    #[test]
    fn exp_saturates_instead_of_overflowing() {
        assert!(exp(1e30).is_finite());
        assert!(exp(-1e30) >= 0.0 && exp(-1e30) < 1e-37);
    }

    #[test]
    fn dot_handles_lengths_that_are_no_multiple_of_the_lanes() {
        let a: Vec<f32> = (0..37).map(|i| i as f32).collect();
        let exact: f32 = a.iter().map(|x| x * x).sum();
        assert_eq!(dot_inline(&a, &a), exact);
    }

    #[test]
    fn add_scaled_adds() {
        let mut sum = vec![1.0; 19];
        add_scaled(2.0, &[3.0; 19], &mut sum);
        assert_eq!(sum, [7.0; 19]);
    }
}
