//! Digits of the scripts in which phones write dates and numbers.

/// From the zero on, the nine others follow each.
const ZEROS: [char; 11] = ['0', '٠', '۰', '०', '০', '੦', '૦', '௦', '๐', '၀', '០'];

/// What a digit counts; `None` for what is none.
pub(crate) fn value(c: char) -> Option<u8> {
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10))?;
    u8::try_from(value).ok()
}

/// The digit as ASCII has it, and any other character as it is.
pub(crate) fn plain(c: char) -> char {
    value(c).map_or(c, |value| char::from(b'0' + value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_count() {
        let counted = ['7', '٧', '۷', '७', '৭', '੭', '૭', '௭', '๗', '၇', '៧'].map(value);
        assert_eq!(counted, [Some(7); 11]);
        assert_eq!(
            ("٤٢ x".chars().map(plain).collect::<String>(), value('x'), value('²')),
            ("42 x".into(), None, None)
        );
    }
}
