//! The check digits that numbers carry against slips of the pen.

/// ISO/IEC 7812: every second digit from the right is doubled, the sum ends in 0.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| match (at % 2, u32::from(digit) * 2) {
            (0, _) => u32::from(digit),
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// ISO/IEC 7064 MOD 97-10 over digits and letters, where A counts as 10 and Z as 35.
pub(super) fn mod_97(characters: impl Iterator<Item = u8>) -> u32 {
    characters.fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        _ => 97,
    })
}

/// ISO/IEC 7064 MOD 11,10 over digits, the check digit last.
pub(super) fn mod_11_10(digits: &[u8]) -> bool {
    let Some((check, rest)) = digits.split_last() else { return false };
    let product = rest.iter().fold(10, |product, digit| match (product + u32::from(*digit)) % 10 {
        0 => 20 % 11,
        sum => sum * 2 % 11,
    });
    (11 - product) % 10 == u32::from(*check)
}

/// The sum of each digit times its weight.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum()
}

/// Verhoeff's check over the dihedral group of ten, the check digit last.
pub(super) fn verhoeff(digits: &[u8]) -> bool {
    const PERMUTED: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    // Rotations are 0 to 4, reflections 5 to 9.
    let product = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    digits.iter().rev().enumerate().fold(0, |sum, (at, digit)| product(sum, PERMUTED[at % 8][usize::from(*digit)])) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| byte - b'0').collect()
    }

    /// Published examples: ISO/IEC 7812's and Verhoeff's as in their Wikipedia articles, the German tax office's for MOD 11,10.
    #[test]
    fn published_examples_pass_and_one_digit_off_fails() {
        assert!(luhn(&digits("17893729974")) && !luhn(&digits("17893729975")));
        assert!(verhoeff(&digits("2363")) && !verhoeff(&digits("2364")));
        assert!(mod_11_10(&digits("86095742719")) && !mod_11_10(&digits("86095742718")));
        assert_eq!(mod_97(b"3214282912345698765432161182".iter().copied()), 1);
        assert_eq!(weighted(&[1, 2, 3], &[3, 2, 1]), 10);
    }

    /// Every single wrong digit is seen by Verhoeff's check, and every swap of two neighbours.
    #[test]
    fn verhoeff_sees_every_single_slip() {
        let right = digits("2363");
        for at in 0..4 {
            for digit in 0..10 {
                let mut wrong = right.clone();
                wrong[at] = digit;
                assert_eq!(verhoeff(&wrong), digit == right[at]);
            }
        }
        assert!(!verhoeff(&digits("3263")) && !verhoeff(&digits("2633")));
    }
}
