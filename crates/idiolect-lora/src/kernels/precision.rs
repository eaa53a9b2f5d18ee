//! Which arithmetic the frozen weights are multiplied in, chosen once when a model is loaded.

use std::str::FromStr;

use crate::error::{Error, Result};

/// What the caller asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// bf16 products where the CPU multiplies them in hardware (AVX512-BF16), `f32` elsewhere.
    #[default]
    Auto,
    /// `f32` everywhere: the reference, and the same on every run on one machine.
    F32,
    /// bf16 products with `f32` sums. Emulated, and slow, on a CPU without AVX512-BF16.
    Bf16,
}

/// What settings say: `auto`, `f32` or `bf16`.
impl FromStr for Precision {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "auto" => Ok(Self::Auto),
            "f32" => Ok(Self::F32),
            "bf16" => Ok(Self::Bf16),
            _ => Err(Error::UnknownPrecision { given: text.to_owned() }),
        }
    }
}

/// What a loaded model computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    F32,
    Bf16Emulated,
    Bf16Hardware,
}

impl Precision {
    /// What the choice comes to on this CPU, for people.
    pub fn resolved_name(self) -> &'static str {
        match self.resolve() {
            Arithmetic::F32 => "f32",
            Arithmetic::Bf16Emulated => "bf16 (emulated)",
            Arithmetic::Bf16Hardware => "bf16",
        }
    }

    /// Settles the choice for the CPU this runs on.
    pub(crate) fn resolve(self) -> Arithmetic {
        match (self, has_avx512_bf16()) {
            (Self::Auto | Self::Bf16, true) => Arithmetic::Bf16Hardware,
            (Self::Bf16, false) => Arithmetic::Bf16Emulated,
            (Self::F32, _) | (Self::Auto, false) => Arithmetic::F32,
        }
    }
}

/// Whether the CPU multiplies bf16 numbers in hardware.
pub(super) fn has_avx512_bf16() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bf16")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_name_a_precision() {
        assert_eq!("auto".parse::<Precision>().unwrap(), Precision::Auto);
        assert_eq!("f32".parse::<Precision>().unwrap(), Precision::F32);
        assert_eq!("bf16".parse::<Precision>().unwrap(), Precision::Bf16);
        let error = "fp8".parse::<Precision>().unwrap_err().to_string();
        assert_eq!(error, "\"fp8\" is no precision; use auto, f32 or bf16");
    }

    #[test]
    fn f32_is_never_replaced() {
        assert_eq!(Precision::F32.resolve(), Arithmetic::F32);
    }

    #[test]
    fn bf16_is_always_available() {
        let expected = if has_avx512_bf16() { Arithmetic::Bf16Hardware } else { Arithmetic::Bf16Emulated };
        assert_eq!(Precision::Bf16.resolve(), expected);
    }
}
