//! A field's value as it stands in the line, strings borrowed where nothing in them is escaped.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Any JSON value, so that a wrong type is for the reader to name and no error quotes it.
#[derive(Debug, Default, PartialEq)]
pub(super) enum Field<'a> {
    /// `null`, or not there.
    #[default]
    Null,
    Bool(bool),
    Count(u64),
    Negative(i64),
    /// A number with a fraction, an exponent or too many digits.
    Fraction,
    Text(Cow<'a, str>),
    /// A list or an object.
    Nested,
}

impl<'de: 'a, 'a> Deserialize<'de> for Field<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyField)
    }
}

struct AnyField;

impl<'de> Visitor<'de> for AnyField {
    type Value = Field<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Field::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Field::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Field::Count(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(u64::try_from(value).map_or(Field::Negative(value), Field::Count))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Field::Fraction)
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Field::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Field::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Field::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Field::Nested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_told_and_plain_strings_are_borrowed() {
        for (json, field) in [
            ("null", Field::Null),
            ("true", Field::Bool(true)),
            ("17", Field::Count(17)),
            ("-17", Field::Negative(-17)),
            ("1.0", Field::Fraction),
            ("18446744073709551616", Field::Fraction),
            ("[1, {\"a\": [2]}]", Field::Nested),
            ("{\"a\": [2], \"b\": null}", Field::Nested),
            (r#""a\nb""#, Field::Text("a\nb".into())),
        ] {
            assert_eq!(serde_json::from_str::<Field>(json).unwrap(), field, "{json}");
        }
        assert!(matches!(serde_json::from_str("\"ab\""), Ok(Field::Text(Cow::Borrowed("ab")))));
        assert!(serde_json::from_str::<Field>(r#""\ud83d""#).is_err());
    }
}
