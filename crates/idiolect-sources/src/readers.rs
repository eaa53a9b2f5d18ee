//! Every reader of exports, on one screen.

use crate::csv::Csv;
use crate::discord::Discord;
use crate::google_chat::GoogleChat;
use crate::google_voice::GoogleVoice;
use crate::messenger::{Instagram, Messenger};
use crate::reading::Reader;
use crate::signal::Signal;
use crate::slack::Slack;
use crate::sms_backup::SmsBackup;
use crate::spec::SourceKind;
use crate::telegram::Telegram;
use crate::whatsapp::Whatsapp;

pub(crate) static READERS: &[&dyn Reader] = &[
    &Csv,
    &Whatsapp,
    &Telegram,
    &Signal,
    &SmsBackup,
    &GoogleVoice,
    &GoogleChat,
    &Messenger,
    &Instagram,
    &Discord,
    &Slack,
];

/// The reader of a kind; `None` for the stores that have a way of their own.
pub(crate) fn of(kind: SourceKind) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.kind() == kind)
}
