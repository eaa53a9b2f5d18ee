//! XML and XHTML as a stream of tags and texts, bounded, for files that are not quite well-formed.

mod bounded;
mod references;

use std::borrow::Cow;
use std::path::PathBuf;

use idiolect_dataset::SourceError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};

use bounded::Bounded;
use references::resolved;

use crate::export::{self, Entry, Export};

const AGAIN: &str = "copy or export the file again";

pub(crate) struct XmlReader {
    path: PathBuf,
    reader: Reader<Bounded>,
    buffer: Vec<u8>,
}

/// The next piece of a file.
pub(crate) enum Piece<'a> {
    /// An opening tag; `closed` where it is its own closing tag too.
    Open {
        tag: Tag<'a>,
        closed: bool,
    },
    Close {
        name: String,
    },
    Text(String),
    End,
}

pub(crate) struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.0.name().as_ref() == name
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.html_attributes().with_checks(false).flatten().any(|attribute| attribute.key.as_ref() == name)
    }

    pub(crate) fn name(&self) -> &str {
        self.0.name().into_inner()
    }

    /// The value of an attribute with its references replaced; `None` where it is missing or was too long to be kept.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let found =
            self.0.html_attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
        let value = resolved(&found.value);
        (!value.contains(bounded::CUT)).then(|| value.into_owned())
    }
}

impl XmlReader {
    pub(crate) fn open(export: &Export, entry: &Entry) -> Result<Self, SourceError> {
        let mut reader = Reader::from_reader(Bounded::new(export.text(entry)?));
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Ok(Self { path: export.path_of(entry), reader, buffer: Vec::new() })
    }

    /// The line that reading has come to, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.reader.get_ref().line
    }

    pub(crate) fn next(&mut self) -> Result<Piece<'_>, SourceError> {
        loop {
            self.buffer.clear();
            // Read again below with a borrow that may be returned.
            let read = self.reader.read_event_into(&mut self.buffer).map(Event::into_owned);
            return Ok(match read.map_err(|error| self.failed(error))? {
                Event::Start(tag) => Piece::Open { tag: Tag(tag), closed: false },
                Event::Empty(tag) => Piece::Open { tag: Tag(tag), closed: true },
                Event::End(tag) => Piece::Close { name: tag.name().into_inner().to_owned() },
                Event::Text(text) => Piece::Text(text.into_inner().into_owned()),
                Event::CData(text) => Piece::Text(text.into_inner().into_owned()),
                Event::GeneralRef(name) => Piece::Text(reference(&name.into_inner())),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
                Event::Eof => Piece::End,
            });
        }
    }

    /// The file ended before what it holds did.
    pub(crate) fn cut_short(&self) -> SourceError {
        self.malformed("the file ends early", "it was cut short, copy or export it again")
    }

    fn failed(&self, error: Error) -> SourceError {
        match error {
            Error::Io(error) => export::failed(&self.path, &error),
            Error::Encoding(_) => {
                self.malformed("text that is not valid UTF-8", "export it again, or save the file as UTF-8")
            }
            // What is still open at the end of the file.
            Error::Syntax(_) => self.cut_short(),
            _ => self.malformed("broken XML", AGAIN),
        }
    }

    fn malformed(&self, reason: &str, advice: &'static str) -> SourceError {
        SourceError::Malformed {
            path: self.path.clone(),
            place: format!("line {}", self.line()),
            field: "record",
            reason: reason.to_owned(),
            advice,
        }
    }
}

/// What `&name;` stands for; itself where that is not known.
fn reference(name: &str) -> String {
    let written = format!("&{name};");
    if let Some(text) = quick_xml::escape::resolve_html5_entity(name) {
        return text.to_owned();
    }
    match resolved(&written) {
        Cow::Owned(text) => text,
        Cow::Borrowed(text) => text.to_owned(),
    }
}
