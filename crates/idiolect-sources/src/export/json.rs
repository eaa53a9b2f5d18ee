//! What serde_json reports about an entry, in words of our own: its own may quote a value.

use idiolect_dataset::SourceError;
use serde_json::error::Category;

use super::{Entry, Export, errors};

/// `expected` names what the file should hold, such as "a Telegram export".
pub(crate) fn json_error(
    export: &Export,
    entry: &Entry,
    error: serde_json::Error,
    expected: &'static str,
) -> SourceError {
    let path = export.path_of(entry);
    let place = format!("line {} column {}", error.line(), error.column());
    let (reason, advice) = match error.classify() {
        Category::Io => return errors::failed(&path, &error.into()),
        Category::Eof => ("the file ends early".to_owned(), "it was cut short, copy or export it again"),
        Category::Data => (format!("the JSON is not that of {expected}"), "name the export as the app wrote it"),
        Category::Syntax => ("broken JSON".to_owned(), "copy or export the file again"),
    };
    SourceError::Malformed { path, place, field: "record", reason, advice }
}
