//! What money that no bank keeps is sent to: addresses of Bitcoin and Litecoin in Bech32, of Ethereum, and those in base 58, which carry a
//! check: Bitcoin's older ones, Litecoin's, Dogecoin's, Tron's.

use std::sync::LazyLock;

use regex::Regex;
use sha2::{Digest, Sha256};

use super::{PiiKind, Span};

static WALLET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?-u)\b(?:(?:bc|ltc)1[02-9ac-hj-np-z]{25,87}|0x[0-9A-Fa-f]{40}|[13LMDAT][1-9A-HJ-NP-Za-km-z]{25,34})\b",
    )
    .expect("the pattern is constant")
});

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    let wallets = WALLET.find_iter(text).filter(|wallet| {
        let sure = ["bc1", "ltc1", "0x"].iter().any(|start| wallet.as_str().starts_with(start));
        sure || is_in_base_58(wallet.as_str().as_bytes())
    });
    found.extend(wallets.map(|wallet| Span::new(PiiKind::Iban, "iban/wallet", wallet.range())));
}

/// Whether `address` is 25 bytes in base 58, the last four of them the check of the others.
fn is_in_base_58(address: &[u8]) -> bool {
    const DIGITS: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes = [0_u8; 25];
    for letter in address {
        let Some(mut carry) = DIGITS.iter().position(|digit| digit == letter) else { return false };
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * DIGITS.len();
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        if carry > 0 {
            return false;
        }
    }
    let (value, check) = bytes.split_at(21);
    Sha256::digest(Sha256::digest(value)).starts_with(check)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    #[test]
    fn finds_addresses_by_their_form_and_check() {
        for (text, address) in [
            ("send it to bc1q023456789acdefghjklmnpqrstuv ok", "bc1q023456789acdefghjklmnpqrstuv"),
            ("eth 0x0123456789aBcDeF0123456789aBcDeF01234567", "0x0123456789aBcDeF0123456789aBcDeF01234567"),
            // Of 20 bytes that are all zero, with the version of each coin before.
            ("btc 1111111111111111111114oLvT2 thx", "1111111111111111111114oLvT2"),
            ("usdt on tron: T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb", "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb"),
        ] {
            assert_eq!(found_by(find, text), [address], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_long_words_alone() {
        for text in [
            "btc 1111111111111111111114oLvT3",
            "0xdeadbeef is 3735928559",
            "wallet Traaaaaaaaaaaaaaaaaaaaaaaaaaaaaain",
            "the eth 1234567890123456789012345678901",
        ] {
            assert_eq!(found_by(find, text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
