//! An export as a [`MessageSource`].

use std::path::PathBuf;
use std::sync::Arc;

use idiolect_dataset::{MessageSource, MessageStream, SourceError, Window};

use super::stream::Walk;
use super::{Reader, Reading};
use crate::ahead::ReadAhead;
use crate::export::Export;
use crate::spec::SourceOptions;

pub(crate) struct ExportSource {
    pub(crate) reader: &'static dyn Reader,
    pub(crate) path: PathBuf,
    pub(crate) options: SourceOptions,
}

impl MessageSource for ExportSource {
    fn label(&self) -> String {
        format!("{}:{}", self.reader.kind().name(), self.path.display())
    }

    fn read(&self, window: Window) -> Result<Box<dyn MessageStream + '_>, SourceError> {
        let export = Arc::new(Export::open(&self.path)?);
        let reading = Reading { options: self.options.clone(), window };
        let walk = Walk::prepare(self.reader, export, reading)?;
        let report = walk.report.clone();
        Ok(Box::new(ReadAhead::start(&self.path, report, move |outbox| walk.run(outbox))?))
    }
}
