//! Reads the source and builds the dataset of a run. What it returns is all that is ever held of the words.

use std::sync::Arc;

use idiolect_dataset::{
    BuildError, Dataset, DatasetBuilder, DatasetSettings, ExtractionReport, Message, MessageSource, SourceError, Window,
};
use idiolect_registry::{ConsentProof, Purpose};

use crate::observer::{Notice, Observer};

/// How often an observer hears of a reading under way.
const MESSAGES_PER_NOTICE: u64 = 256;

/// Opens a source by the spelling that the run record keeps. The binary knows the kinds there are.
pub trait OpenSource: Send + Sync {
    fn open(&self, source: &str) -> Result<Box<dyn MessageSource>, SourceError>;
}

/// How many messages the source has in the window. Blocking, like [`build_dataset`]; the words are let go one by one.
pub fn count_messages(
    consent: &ConsentProof,
    sources: &dyn OpenSource,
    source: &str,
    window: Window,
) -> Result<u64, SourceError> {
    assert_eq!(consent.purpose(), Purpose::Extract, "reading messages takes the proof of consent to reading them");
    let source = sources.open(source)?;
    let mut count = 0;
    for message in source.read(window)? {
        message?;
        count += 1;
    }
    Ok(count)
}

/// Why there is no dataset.
#[derive(Debug, thiserror::Error)]
pub enum BuildFailure {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// Extracts and builds. Blocking: call it off the async threads.
///
/// `consent` is the proof, asked for just now, that the user lets their messages be read.
pub fn build_dataset(
    consent: &ConsentProof,
    source: &dyn MessageSource,
    settings: DatasetSettings,
    observer: &Arc<dyn Observer>,
) -> Result<(Dataset, ExtractionReport), BuildFailure> {
    assert_eq!(consent.purpose(), Purpose::Extract, "reading messages takes the proof of consent to reading them");
    let mut stream = source.read(settings.window)?;
    let mut builder = DatasetBuilder::new(settings);
    let (mut message, mut kept) = (Message::default(), 0);
    while let Some(read) = stream.next_into(&mut message) {
        read?;
        builder.push(&message);
        kept += 1;
        if kept % MESSAGES_PER_NOTICE == 0 {
            observer.notice(Notice::Extracting { kept, fraction: stream.progress() });
        }
    }
    observer.notice(Notice::Extracting { kept, fraction: Some(1.0) });
    let report = stream.report();
    Ok((builder.finish()?, report))
}
