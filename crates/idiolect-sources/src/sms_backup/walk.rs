//! A backup, element by element.

use std::sync::Arc;

use idiolect_dataset::SourceError;

use super::element::{Element, Numbers};
use crate::export::{Entry, Export};
use crate::reading::{At, Place, Reading, Record, Sender, Sink, Stop, same_person};
use crate::xml::{Piece, XmlReader};

/// One reading of all backups.
pub(super) struct Walk<'a, 'b> {
    pub(super) export: &'a Export,
    pub(super) reading: &'a Reading,
    pub(super) numbers: Numbers,
    pub(super) sink: &'a mut Sink<'b>,
}

impl Walk<'_, '_> {
    pub(super) fn backup(&mut self, entry: &Entry) -> Result<(), Stop> {
        let mut xml = XmlReader::open(self.export, entry)?;
        let mut open: Option<Element> = None;
        // What is open around the elements. Behind its end another backup may have been put.
        let mut root: Option<String> = None;
        let mut is_whole = false;
        loop {
            let line = xml.line();
            match xml.next()? {
                Piece::Open { tag, closed } if tag.is("sms") || tag.is("mms") => {
                    // One whose end is missing is not lost.
                    if let Some(unclosed) = open.take() {
                        self.give(unclosed, entry)?;
                    }
                    let element = Element::new(&tag, line);
                    if tag.is("sms") || closed {
                        self.give(element, entry)?;
                    } else {
                        open = Some(element);
                    }
                }
                Piece::Open { tag, .. } if tag.is("part") => {
                    if let Some(element) = &mut open {
                        element.add_part(&tag);
                    }
                }
                Piece::Open { tag, closed } if root.is_none() => {
                    is_whole = closed;
                    root = (!closed).then(|| tag.name().to_owned());
                }
                Piece::Close { name } if name == "mms" || Some(&name) == root.as_ref() => {
                    if let Some(element) = open.take() {
                        self.give(element, entry)?;
                    }
                    if name != "mms" {
                        root = None;
                        is_whole = true;
                    }
                }
                Piece::Open { .. } | Piece::Close { .. } | Piece::Text(_) => {}
                Piece::End if is_whole => return Ok(()),
                Piece::End => return Err(xml.cut_short().into()),
            }
        }
    }

    fn give(&mut self, element: Element, entry: &Entry) -> Result<(), Stop> {
        if let Some(me) = self.reading.me() {
            refuse_correspondent(&element, me, self.export)?;
        }
        self.sink.give(Record {
            place: Place { entry: Arc::clone(&entry.path), at: At::Line(element.line) },
            sender: if element.sent_by_me { Sender::Me } else { Sender::Other },
            sent: element.sent,
            id: None,
            conversation: element.conversation(&mut self.numbers).map(Arc::from),
            recipients: element.recipients(),
            not_typed: element.not_typed(),
            text: element.text,
        })
    }
}

/// Whom `--me` names must not be whom the phone wrote to: its sent messages are then somebody else's.
fn refuse_correspondent(element: &Element, me: &str, export: &Export) -> Result<(), SourceError> {
    let [address] = element.addresses.as_slice() else { return Ok(()) };
    let names_them = element.contact.as_deref().is_some_and(|contact| same_person(contact, me));
    if element.sent_by_me || !(names_them || same_person(address, me)) {
        return Ok(());
    }
    Err(export.refused(
        "whom --me names wrote to this phone, so that its sent messages are somebody else's",
        "leave --me out if the phone is yours: it marks which messages it sent",
    ))
}
