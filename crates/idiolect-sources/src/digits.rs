//! Digits of the scripts in which phones write dates and numbers.

use idiolect_dataset::redact::digit_value;

/// What a digit counts; `None` for what is none.
pub(crate) fn value(c: char) -> Option<u8> {
    digit_value(c).map(|digit| digit as u8 - b'0')
}

/// The digit as ASCII has it, and any other character as it is.
pub(crate) fn plain(c: char) -> char {
    digit_value(c).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_count() {
        let counted = ['7', '٧', '۷', '७', '৭', '੭', '૭', '௭', '౭', '೭', '൭', '๗', '໗', '၇', '៧', '７'].map(value);
        assert_eq!(counted, [Some(7); 16]);
        assert_eq!(
            ("٤٢ x".chars().map(plain).collect::<String>(), value('x'), value('²')),
            ("42 x".into(), None, None)
        );
    }
}
