//! What can be redacted, and the words for it in placeholders and settings.

use std::fmt;

/// What was found. Where two recognizers claim the same stretch, the one named first here wins: a card
/// number is also shaped like a phone number, never the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PiiKind {
    /// A word from the user's own list of words that never stay.
    Word,
    Secret,
    Password,
    OneTimeCode,
    PaymentCard,
    Iban,
    NationalId,
    IpAddress,
    Email,
    PostalAddress,
    Phone,
    Name,
}

impl PiiKind {
    /// In the order of the enumeration, so that `ALL[kind as usize] == kind`.
    pub const ALL: [Self; 12] = [
        Self::Word,
        Self::Secret,
        Self::Password,
        Self::OneTimeCode,
        Self::PaymentCard,
        Self::Iban,
        Self::NationalId,
        Self::IpAddress,
        Self::Email,
        Self::PostalAddress,
        Self::Phone,
        Self::Name,
    ];

    /// The word in the placeholder: `[PHONE_1]`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Word => "WORD",
            Self::Secret => "SECRET",
            Self::Password => "PASSWORD",
            Self::OneTimeCode => "CODE",
            Self::PaymentCard => "CREDIT_CARD",
            Self::Iban => "IBAN",
            Self::NationalId => "NATIONAL_ID",
            Self::IpAddress => "IP",
            Self::Email => "EMAIL",
            Self::PostalAddress => "ADDRESS",
            Self::Phone => "PHONE",
            Self::Name => "PERSON",
        }
    }

    /// The word in settings and records: `redaction.postal_address`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Secret => "secret",
            Self::Password => "password",
            Self::OneTimeCode => "one_time_code",
            Self::PaymentCard => "payment_card",
            Self::Iban => "iban",
            Self::NationalId => "national_id",
            Self::IpAddress => "ip_address",
            Self::Email => "email",
            Self::PostalAddress => "postal_address",
            Self::Phone => "phone",
            Self::Name => "name",
        }
    }
}

/// A set of kinds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KindSet(u16);

impl KindSet {
    pub const ALL: Self = Self((1 << PiiKind::ALL.len()) - 1);
    pub const NONE: Self = Self(0);

    pub fn contains(self, kind: PiiKind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    #[must_use]
    pub fn with(self, kind: PiiKind) -> Self {
        Self(self.0 | (1 << kind as u16))
    }

    #[must_use]
    pub fn without(self, kind: PiiKind) -> Self {
        Self(self.0 & !(1 << kind as u16))
    }
}

impl FromIterator<PiiKind> for KindSet {
    fn from_iter<T: IntoIterator<Item = PiiKind>>(kinds: T) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for KindSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = PiiKind::ALL.into_iter().filter(|kind| self.contains(*kind));
        f.debug_set().entries(held.map(PiiKind::name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_at_its_own_place() {
        assert!(PiiKind::ALL.iter().enumerate().all(|(at, kind)| *kind as usize == at));
        let some: KindSet = [PiiKind::Phone, PiiKind::Iban].into_iter().collect();
        assert!(some.contains(PiiKind::Iban) && !some.contains(PiiKind::Email));
        assert_eq!(KindSet::ALL.without(PiiKind::Name).with(PiiKind::Name), KindSet::ALL);
        assert_eq!(format!("{some:?}"), r#"{"iban", "phone"}"#);
    }
}
