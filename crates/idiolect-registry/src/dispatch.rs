//! When somebody has to look at a record again, and who is looking at it now.

use jiff::{SignedDuration, Timestamp};

use crate::UserId;

/// Records are spread over this many shards, so that a query for due ones never reads an index that all writes go to.
pub const SHARDS: u32 = 16;

/// No lease is given for more than an hour, and no two clocks that are looked after differ by another one. One that ends later was
/// written by a clock that was wrong, or is read by one, and holds nobody off.
const LONGEST_LEASE: SignedDuration = SignedDuration::from_hours(2);

/// Part of every record that work is done on: a run, and a user between runs.
///
/// A record is due when `next_at` has come. A worker that takes it moves `next_at` to the end of its lease in the same
/// write, so that the work of a worker that died comes due again by the same query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dispatch {
    /// When it is due; `None` when nothing is to be done until somebody asks.
    pub next_at: Option<Timestamp>,
    /// Stands beside `next_at` in every query; see [`shard_of`].
    pub shard: u32,
    pub lease_owner: Option<String>,
    pub lease_until: Option<Timestamp>,
    /// How often what is due has been tried without getting further; 0 after each success.
    pub attempt: u32,
}

impl Dispatch {
    /// Due at `next_at`, nobody's.
    pub fn at(user: &UserId, next_at: Option<Timestamp>) -> Self {
        Self { next_at, shard: shard_of(user), ..Self::default() }
    }

    /// Whether somebody other than `owner` is at work on it.
    pub fn is_held_from(&self, owner: &str, now: Timestamp) -> bool {
        match (&self.lease_owner, self.lease_until) {
            (Some(holder), Some(until)) => holder != owner && until > now && until.duration_since(now) <= LONGEST_LEASE,
            _ => false,
        }
    }

    /// Taken by `owner`, and due again when the lease ends.
    pub fn claim(&mut self, owner: &str, until: Timestamp) {
        self.lease_owner = Some(owner.to_owned());
        self.lease_until = Some(until);
        self.next_at = Some(until);
    }

    /// Nobody's, and due at `next_at`.
    pub fn release(&mut self, next_at: Option<Timestamp>) {
        self.lease_owner = None;
        self.lease_until = None;
        self.next_at = next_at;
    }
}

/// The user's shard: always the same one, and users spread evenly.
pub fn shard_of(user: &UserId) -> u32 {
    (stable_hash(user.as_str(), "shard") % u64::from(SHARDS)) as u32
}

/// A number in 0.0..1.0 that `name` and `salt` fix, so that what many users do at one time spreads without a random source.
pub fn spread(name: &str, salt: &str) -> f64 {
    (stable_hash(name, salt) >> 11) as f64 / (1_u64 << 53) as f64
}

/// What a provider sees of a run's user where the run has no name of its own, for an older idiolect began it. Whoever guesses the
/// user can see that they guessed right.
pub fn opaque_name(user: &UserId, salt: Timestamp) -> String {
    format!("{:016x}", stable_hash(user.as_str(), &salt.as_microsecond().to_string()))
}

/// FNV-1a with a final mix (`fmix64` of MurmurHash3): stored values depend on it, so it never changes.
fn stable_hash(name: &str, salt: &str) -> u64 {
    let bytes = name.bytes().chain([0]).chain(salt.bytes());
    let mut hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    for multiplier in [0xff51_afd7_ed55_8ccd_u64, 0xc4ce_b9fe_1a85_ec53] {
        hash = (hash ^ (hash >> 33)).wrapping_mul(multiplier);
    }
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_lease_holds_others_off_until_it_ends_and_never_its_owner() {
        let mut dispatch = Dispatch::at(&"ana".parse().unwrap(), Some(at(5)));
        assert!(!dispatch.is_held_from("b", at(0)));
        dispatch.claim("a", at(10));
        assert_eq!(dispatch.next_at, Some(at(10)), "due again when its worker has died");
        assert!(dispatch.is_held_from("b", at(9)));
        assert!(!dispatch.is_held_from("b", at(10)) && !dispatch.is_held_from("a", at(9)));
        dispatch.release(None);
        assert!(!dispatch.is_held_from("b", at(9)));
        assert_eq!(dispatch.next_at, None);
    }

    #[test]
    fn a_lease_of_a_clock_that_was_wrong_holds_nobody_off() {
        let mut dispatch = Dispatch::at(&"ana".parse().unwrap(), Some(at(5)));
        dispatch.claim("a", at(2 * 3600));
        assert!(dispatch.is_held_from("b", at(0)));
        dispatch.claim("a", at(2 * 3600 + 1));
        assert!(!dispatch.is_held_from("b", at(0)));
    }

    #[test]
    fn shards_are_even_and_never_move() {
        assert_eq!(["ana", "ben", "me"].map(|name| shard_of(&name.parse().unwrap())), SHARDS_OF_THREE);
        let mut counts = [0_u32; SHARDS as usize];
        for n in 0..16_000 {
            counts[shard_of(&format!("user{n}").parse().unwrap()) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (800..1200).contains(count)), "{counts:?}");
    }

    /// As a second implementation of the hash, in Python, has them; stored records depend on them.
    const SHARDS_OF_THREE: [u32; 3] = [10, 4, 4];

    #[test]
    fn spread_fills_its_range() {
        let all: Vec<_> = (0..1000).map(|n| spread(&n.to_string(), "week")).collect();
        assert!(all.iter().all(|x| (0.0..1.0).contains(x)));
        let mean = all.iter().sum::<f64>() / 1000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
        assert_ne!(spread("ana", "a"), spread("ana", "b"));
    }

    /// A file or a job that was named before an upgrade is looked for by the same name after it. From the Python above, too.
    #[test]
    fn opaque_names_never_change_and_differ_by_user_and_salt() {
        let name = |user: &str, second| opaque_name(&user.parse().unwrap(), at(second));
        assert_eq!(name("ana", 1_767_225_600), "34085620423aba20");
        assert_eq!(name("ben", 1_767_225_600), "82140086a744b3c1");
        assert_ne!(name("ana", 1_767_225_601), name("ana", 1_767_225_600));
    }

    #[test]
    fn what_is_new_is_due_as_asked_in_its_users_shard_and_nobodys() {
        let user = "ana".parse().unwrap();
        let shard = shard_of(&user);
        assert_eq!(Dispatch::at(&user, Some(at(5))), Dispatch { next_at: Some(at(5)), shard, ..Dispatch::default() });
    }
}
