//! Query strings, and the part of a list that was asked for.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use idiolect_http::RequestError;
use serde_json::{Value, json};

/// The parameters of a query string. Of one that is given twice the last counts.
pub(crate) struct Query(BTreeMap<String, String>);

impl Query {
    pub(crate) fn parse(raw: Option<&str>) -> Self {
        Self(form_urlencoded::parse(raw.unwrap_or_default().as_bytes()).into_owned().collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// `name[key]=value` for every key.
    pub(crate) fn pairs(&self, name: &str) -> Vec<(&str, &str)> {
        self.0.iter().filter_map(|(full, value)| Some((key_of(full, name)?, value.as_str()))).collect()
    }

    fn limit(&self, default: usize, allowed: RangeInclusive<usize>) -> Result<usize, RequestError> {
        let Some(text) = self.get("limit") else { return Ok(default) };
        let limit = text.parse().ok().filter(|limit| allowed.contains(limit));
        limit.ok_or_else(|| {
            RequestError::invalid("limit", format!("limit must be from {} to {}", allowed.start(), allowed.end()))
        })
    }

    /// The list object with the items behind `after`, at most `limit` of them.
    pub(crate) fn page(&self, items: &[Value], default: usize, most: usize) -> Result<Value, RequestError> {
        let limit = self.limit(default, 1..=most)?;
        let start = match self.get("after") {
            None => 0,
            Some(after) => match items.iter().position(|item| item["id"] == after) {
                Some(place) => place + 1,
                None => {
                    return Err(RequestError::invalid("after", "after must be the id of an object of this list"));
                }
            },
        };
        let rest = &items[start..];
        let data = &rest[..limit.min(rest.len())];
        let id = |item: Option<&Value>| item.map_or(Value::Null, |item| item["id"].clone());
        Ok(json!({
            "object": "list", "data": data, "has_more": rest.len() > limit,
            "first_id": id(data.first()), "last_id": id(data.last()),
        }))
    }
}

fn key_of<'a>(full: &'a str, name: &str) -> Option<&'a str> {
    full.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(raw: &str) -> Result<(Vec<u64>, bool), RequestError> {
        let items: Vec<Value> = (0..5).map(|n| json!({"id": format!("x-{n}"), "n": n})).collect();
        let page = Query::parse(Some(raw)).page(&items, 2, 100)?;
        let numbers = page["data"].as_array().unwrap().iter().map(|item| item["n"].as_u64().unwrap()).collect();
        Ok((numbers, page["has_more"] == true))
    }

    #[test]
    fn pages_follow_each_other() {
        assert_eq!(page("").unwrap(), (vec![0, 1], true));
        assert_eq!(page("after=x-1").unwrap(), (vec![2, 3], true));
        assert_eq!(page("after=x-3&limit=100").unwrap(), (vec![4], false));
        assert_eq!(page("after=x-4").unwrap(), (vec![], false));
        for (raw, param) in [("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("after=no", "after")]
        {
            match page(raw) {
                Err(RequestError::InvalidParam { param: found, .. }) => assert_eq!(found, param),
                other => panic!("{raw}: {other:?}"),
            }
        }
    }

    #[test]
    fn pairs_are_deep_objects() {
        let query = Query::parse(Some("metadata%5Brun%5D=me%3A1&metadata[x]=&limit=3&metadata=null"));
        assert_eq!(query.pairs("metadata"), [("run", "me:1"), ("x", "")]);
        assert_eq!(query.get("metadata"), Some("null"));
    }
}
