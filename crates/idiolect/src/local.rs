//! The local provider, opened when it is first needed and then shared: its base model fills the memory.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use idiolect_lora::{LocalProvider, LocalSettings};
use idiolect_provider::ProviderError;

/// Where the local provider is, once somebody has opened it.
#[derive(Default)]
pub struct LocalCell {
    provider: OnceLock<Arc<LocalProvider>>,
    /// Held while it is opened, so that two who need it at once do not read the base model twice.
    opening: Mutex<()>,
}

impl LocalCell {
    pub fn get(&self) -> Option<&Arc<LocalProvider>> {
        self.provider.get()
    }

    /// Waits for whoever is opening it already.
    pub fn get_or_open<E>(&self, open: impl FnOnce() -> Result<LocalProvider, E>) -> Result<&Arc<LocalProvider>, E> {
        let _opening = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(provider) = self.provider.get() {
            return Ok(provider);
        }
        let opened = Arc::new(open()?);
        Ok(self.provider.get_or_init(|| opened))
    }
}

/// For whoever may need the local provider later.
#[derive(Clone)]
pub struct LocalOpener {
    cell: Arc<LocalCell>,
    /// Or why it cannot be opened, which matters only then.
    settings: Result<LocalSettings, String>,
}

impl LocalOpener {
    pub fn new(cell: Arc<LocalCell>, settings: anyhow::Result<LocalSettings>) -> Self {
        Self { cell, settings: settings.map_err(|error| format!("{error:#}")) }
    }

    pub fn open(&self) -> Result<Arc<LocalProvider>, ProviderError> {
        let cannot = |reason: String| ProviderError::Internal { message: reason };
        let opened = self.cell.get_or_open(|| {
            let settings = self.settings.clone().map_err(cannot)?;
            LocalProvider::open(settings).map_err(|error| cannot(format!("{:#}", anyhow::Error::from(error))))
        });
        opened.cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use idiolect_lora::Precision;

    use super::*;

    #[test]
    fn two_who_need_it_at_once_open_it_once() {
        let folder = tempfile::tempdir().unwrap();
        let base_model_path = folder.path().join("tiny.gguf");
        idiolect_testkit::write_tiny_model(&base_model_path, 1).unwrap();
        let settings = LocalSettings {
            data_dir: folder.path().to_owned(),
            base_model: "tiny".to_owned(),
            base_model_path,
            precision: Precision::F32,
            threads: 1,
        };
        let (cell, opened) = (LocalCell::default(), AtomicUsize::new(0));
        let open = || {
            opened.fetch_add(1, Ordering::Relaxed);
            LocalProvider::open(settings.clone())
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| cell.get_or_open(open).map(drop).unwrap());
            }
        });
        assert_eq!(opened.into_inner(), 1);
    }
}
