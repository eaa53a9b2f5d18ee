//! A channel's messages.

use std::sync::Arc;

use csv::{ErrorKind, ReaderBuilder, StringRecord};
use idiolect_dataset::SourceError;

use super::content::Names;
use super::record::{Channel, Message};
use crate::export::{Entry, Export, Refusal, RowGuard, RowsEnd};
use crate::json::{JsonReader, Scalar};
use crate::reading::{At, Place, Record, Sender, Sink, Stop, first};
use crate::reason;

/// The longest row, in bytes: far more than Discord's 4,000 characters and ten attachments.
const MAX_ROW: u64 = 1024 * 1024;

pub(super) fn channel(export: &Export, entry: &Entry, names: &Names, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let info: Option<Channel> = match export.beside(entry, "channel.json") {
        Some(info) => JsonReader::open(export, info)?.field()?,
        None => None,
    };
    let id = info.as_ref().and_then(|info| info.id.as_ref()).map(|Scalar(id)| id.as_str());
    let folder = || entry.folder().rsplit('/').next().unwrap_or_default();
    let conversation: Option<Arc<str>> = Some(id.unwrap_or_else(folder)).filter(|id| !id.is_empty()).map(Arc::from);
    // The recipients of a direct conversation include the owner; a server's channel has none.
    let recipients =
        info.and_then(|info| info.recipients).and_then(|all| u32::try_from(all.len().saturating_sub(1)).ok());
    let recipients = recipients.filter(|count| *count > 0);
    each(export, entry, |at, message| {
        let place = Place { entry: Arc::clone(&entry.path), at };
        let Some(message) = message.filter(Message::is_whole) else { return sink.skip(reason::MALFORMED, place) };
        sink.give(Record {
            place,
            sender: Sender::Me,
            sent: message.sent(),
            text: names.put_into(message.contents.as_deref().unwrap_or_default()).into_owned(),
            id: message.id.as_ref().map(|Scalar(id)| id.clone()),
            conversation: conversation.clone(),
            recipients,
            not_typed: message.not_typed(),
        })
    })
}

/// Whether the first message has what Discord's have. A list without any is not told from others.
pub(super) fn looks_right(export: &Export, entry: &Entry) -> bool {
    // Any error means that it is something else.
    let message = first(|take| each(export, entry, |_, message| take(message)));
    message.flatten().is_some_and(|message| message.looks_right())
}

type Take<'a> = dyn FnMut(At, Option<Message>) -> Result<(), Stop> + 'a;

fn each(
    export: &Export,
    entry: &Entry,
    mut take: impl FnMut(At, Option<Message>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    match entry.has_extension("csv") {
        true => rows(export, entry, &mut take),
        false => objects(export, entry, &mut take),
    }
}

fn objects(export: &Export, entry: &Entry, take: &mut Take<'_>) -> Result<(), Stop> {
    let mut json = JsonReader::open(export, entry)?;
    json.items(|number, message| take(At::Item(number), message))?;
    Ok(json.end()?)
}

fn rows(export: &Export, entry: &Entry, take: &mut Take<'_>) -> Result<(), Stop> {
    let too_long = || Refusal::io("a row in it is longer than 1 MiB", "check that it is what the app exported");
    let (bounded, row_begins) = RowGuard::new(export.text(entry)?, MAX_ROW, too_long);
    let mut csv = ReaderBuilder::new().flexible(true).from_reader(bounded);
    let headers = csv.headers().map_err(|error| failed(export, entry, error))?.clone();
    let column = |name: &str| headers.iter().position(|header| header.trim().eq_ignore_ascii_case(name));
    let (id, time, contents) = (column("ID"), column("Timestamp"), column("Contents"));
    let attachments = column("Attachments");
    if id.is_none() || time.is_none() || contents.is_none() {
        return Err(SourceError::WrongKind {
            path: export.path_of(entry),
            expected: "a channel of a Discord package",
            advice: "it needs the columns ID, Timestamp and Contents",
        }
        .into());
    }
    let mut row = StringRecord::new();
    let mut number = 0;
    loop {
        row_begins.note();
        if !csv.read_record(&mut row).map_err(|error| failed(export, entry, error))? {
            return Ok(());
        }
        match RowsEnd::in_row(&row) {
            None => {}
            Some(RowsEnd::Here) => return Ok(()),
            Some(RowsEnd::Unclosed) => {
                return Err(SourceError::Malformed {
                    path: export.path_of(entry),
                    place: format!("message {}", number + 1),
                    field: "record",
                    reason: "the file ends early, within quotation marks".into(),
                    advice: "it was cut short, copy or ask for the package again",
                }
                .into());
            }
        }
        number += 1;
        let field = |column: Option<usize>| column.and_then(|column| row.get(column)).map(str::to_owned);
        // A row that is too short is one of which something is missing.
        let message = contents.and_then(|column| row.get(column)).map(|_| Message {
            id: field(id).map(Scalar),
            timestamp: field(time),
            contents: field(contents),
            attachments: field(attachments),
        });
        take(At::Item(number), message)?;
    }
}

fn failed(export: &Export, entry: &Entry, error: csv::Error) -> SourceError {
    let line = error.position().map_or(1, csv::Position::line);
    let path = export.path_of(entry);
    match error.into_kind() {
        ErrorKind::Io(error) => crate::export::failed(&path, &error),
        ErrorKind::Utf8 { .. } => SourceError::Malformed {
            path,
            place: format!("line {line}"),
            field: "record",
            reason: "text that is not valid UTF-8".into(),
            advice: "ask for the package again, or save the file as UTF-8",
        },
        _ => SourceError::Malformed {
            path,
            place: format!("line {line}"),
            field: "record",
            reason: "broken CSV".into(),
            advice: "copy or ask for the package again",
        },
    }
}
