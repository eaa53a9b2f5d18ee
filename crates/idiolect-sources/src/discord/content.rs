//! Contents as they were typed: Discord writes mentions and custom emoji as ids.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use idiolect_dataset::SourceError;
use regex::{Captures, Regex};

use super::account;
use crate::export::Export;
use crate::json::{JsonReader, Kind};

/// `<@123>`, `<@!123>`, `<#123>`, `<:name:123>`, `<a:name:123>`.
static MARKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<(?:(?<who>@!?|#)(?<id>\d{1,20})|a?:(?<emoji>\w{1,64}):\d{1,20})>").expect("the pattern is right")
});
/// Channels whose names are kept.
const MAX_CHANNELS: usize = 100_000;

/// What ids stand for.
#[derive(Default)]
pub(super) struct Names {
    people: HashMap<String, String>,
    channels: HashMap<String, String>,
}

impl Names {
    pub(super) fn read(export: &Export) -> Result<Self, SourceError> {
        let people = account::read(export)?.map(|account| account.people).unwrap_or_default();
        let mut channels = HashMap::new();
        for entry in export.called("index.json") {
            let mut json = JsonReader::open(export, entry)?;
            if json.peek()? != Kind::Object {
                continue;
            }
            json.expect(Kind::Object)?;
            while let Some(id) = json.next_key()? {
                let name: Option<String> = json.field()?;
                if let Some(name) = name.filter(|_| channels.len() < MAX_CHANNELS) {
                    // A list of servers is an index too; a server's first channel once had the server's id.
                    channels.entry(id).or_insert_with(|| channel_name(&name).to_owned());
                }
            }
        }
        Ok(Self { people, channels })
    }

    /// What nobody is known for stays as it is written.
    pub(super) fn put_into<'a>(&self, contents: &'a str) -> Cow<'a, str> {
        MARKS.replace_all(contents, |mark: &Captures<'_>| {
            if let Some(emoji) = mark.name("emoji") {
                return format!(":{}:", emoji.as_str());
            }
            let (is_channel, id) = (&mark["who"] == "#", &mark["id"]);
            let known = if is_channel { self.channels.get(id) } else { self.people.get(id) };
            match (known, is_channel) {
                (Some(name), true) => format!("#{name}"),
                (Some(name), false) => format!("@{name}"),
                (None, _) => mark[0].to_owned(),
            }
        })
    }
}

/// `general` of `general in Some Server`.
fn channel_name(name: &str) -> &str {
    name.rsplit_once(" in ").map_or(name, |(channel, _)| channel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_what_was_typed() {
        let names = Names {
            people: HashMap::from([("12".into(), "ana".into())]),
            channels: HashMap::from([("34".into(), "general".into())]),
        };
        let text = |contents: &'static str| names.put_into(contents).into_owned();
        assert_eq!(text("<@12> <@!12> see <#34> <:pog:56> <a:wave_2:78>"), "@ana @ana see #general :pog: :wave_2:");
        assert_eq!(text("<@99> <#99> <@&12> <12> a < b > c <#>"), "<@99> <#99> <@&12> <12> a < b > c <#>");
    }

    #[test]
    fn a_channels_name_loses_its_server() {
        assert_eq!(channel_name("general in Some Server"), "general");
        assert_eq!(channel_name("Direct Message with ana"), "Direct Message with ana");
    }
}
