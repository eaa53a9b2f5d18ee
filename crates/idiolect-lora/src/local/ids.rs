//! Names that the provider gives out. They are made of the time, so that newer ones sort after older ones.

use std::sync::atomic::{AtomicU64, Ordering};

use idiolect_provider::{JobId, ModelId};
use jiff::Timestamp;

use super::directory::LONGEST_PLAIN;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Low bits that tell processes and calls within the same microsecond apart.
const EXTRA_BITS: u32 = 11;

/// A name that this data directory has not seen: prefix, `-`, and thirteen digits and letters.
pub(super) fn fresh(prefix: &str) -> String {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let microseconds = u64::try_from(Timestamp::now().as_microsecond()).unwrap_or_default();
    let extra = u64::from(std::process::id()).wrapping_mul(97).wrapping_add(CALLS.fetch_add(1, Ordering::Relaxed));
    format!("{prefix}-{}", base36(microseconds << EXTRA_BITS | extra & ((1 << EXTRA_BITS) - 1)))
}

/// The model that a job makes. It follows from the job, so that a job which is finished twice makes one model.
pub(super) fn fine_tuned(base_model: &ModelId, suffix: Option<&str>, job: &JobId) -> ModelId {
    let short = job.as_str().rsplit('-').next().unwrap_or_default();
    ModelId::new(format!("ft:{}:{}:{short}", plain(base_model.as_str()), suffix.unwrap_or("personal")))
}

/// A name as it stands in models' ids, which name their directories.
pub(super) fn plain(name: &str) -> String {
    let plain = |(at, c): (usize, char)| match c {
        '.' if at > 0 => c,
        '-' | '_' => c,
        _ if c.is_ascii_alphanumeric() => c,
        _ => '-',
    };
    name.chars().take(LONGEST_PLAIN).enumerate().map(plain).collect()
}

fn base36(mut number: u64) -> String {
    let mut digits = [b'0'; 13];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 36) as usize];
        number /= 36;
    }
    digits.iter().map(|&digit| char::from(digit)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn fresh_names_differ() {
        let names: BTreeSet<String> = (0..500).map(|_| fresh("file")).collect();
        assert_eq!(names.len(), 500);
        assert!(names.iter().all(|name| name.len() == "file-".len() + 13));
    }

    #[test]
    fn base36_counts() {
        assert_eq!(base36(35), "000000000000z");
        assert_eq!(base36(36), "0000000000010");
        assert_eq!(base36(u64::MAX), "3w5e11264sgsf");
    }

    #[test]
    fn a_models_name_follows_from_its_job() {
        let base = ModelId::new("my model/x");
        let job = JobId::new("ftjob-0abc");
        assert_eq!(fine_tuned(&base, Some("ana-v3"), &job).as_str(), "ft:my-model-x:ana-v3:0abc");
        assert_eq!(fine_tuned(&base, None, &job).as_str(), "ft:my-model-x:personal:0abc");
        assert_eq!(fine_tuned(&ModelId::new(".a.b"), None, &job).as_str(), "ft:-a.b:personal:0abc");
        let long = fine_tuned(&ModelId::new("é".repeat(200)), None, &job);
        assert_eq!(long.as_str(), format!("ft:{}:personal:0abc", "-".repeat(128)));
    }
}
