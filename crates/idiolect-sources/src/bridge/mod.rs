//! A server of one's own that answers with a person's messages: `GET {url}?user=&since=&until=`, NDJSON, a page at a time.
//!
//! `since` and `until` are the window's ends in RFC 3339. A page that is not the last has `Link: <URL>; rel="next"`, of the same
//! origin. The token goes into `Authorization: Bearer …` and nowhere else. A page is read whole before its first record counts,
//! so that one cut short is simply asked for again.

mod address;
mod fetch;
mod link;

use idiolect_dataset::{MessageSource, MessageStream, SourceError, Window};
use jiff::tz::TimeZone;
use secrecy::SecretString;

use self::address::Address;
pub use self::address::shown_url;
use self::fetch::Pages;
use crate::ndjson::{NdjsonStream, Wanted};
use crate::{Conversations, SourceOptions};

/// What asking a bridge takes besides its URL.
#[derive(Clone, Debug, Default)]
pub struct BridgeOptions {
    /// Whose messages, as the bridge names people.
    pub user: Option<String>,
    pub token: Option<SecretString>,
}

/// Whether a URL may be asked, and why not.
pub(crate) fn check(url: &str) -> Result<(), SourceError> {
    Address::parse(url).map(|_| ())
}

/// A bridge, asked anew at each reading.
pub(crate) struct Bridge {
    address: Address,
    options: BridgeOptions,
    me: Option<String>,
    timezone: Option<TimeZone>,
    conversations: Conversations,
}

impl Bridge {
    /// Refuses a URL that is none, that holds a password, or that would send words over a network unencrypted.
    pub(crate) fn new(url: &str, options: &SourceOptions) -> Result<Self, SourceError> {
        Ok(Self {
            address: Address::parse(url)?,
            options: options.bridge.clone(),
            me: options.me.clone(),
            timezone: options.timezone.clone(),
            conversations: options.conversations.clone(),
        })
    }
}

impl MessageSource for Bridge {
    fn label(&self) -> String {
        format!("bridge:{}", self.address.shown().display())
    }

    fn read(&self, window: Window) -> Result<Box<dyn MessageStream + '_>, SourceError> {
        let pages = Pages::new(&self.address, &self.options, window);
        let (me, timezone) = (self.me.as_deref(), self.timezone.as_ref());
        let wanted = Wanted { me, timezone, window, conversations: &self.conversations };
        Ok(Box::new(NdjsonStream::over(pages, wanted)))
    }
}

#[cfg(test)]
mod tests;
