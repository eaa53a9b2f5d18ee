//! What training, chatting and scoring share: the base model with its tokenizer and template, and the adapters in memory.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use idiolect_provider::{ModelId, ProviderError};

use super::LocalSettings;
use super::directory::{Directory, cannot_read};
use super::queue::TrainingQueue;
use crate::adapter::load_adapter;
use crate::chat_template::ChatTemplate;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::generate::Generator;
use crate::gguf::GgufFile;
use crate::kernels::Precision;
use crate::lora::Lora;
use crate::model::Llama;
use crate::tokenizer::Tokenizer;

/// Adapters kept in memory; the one used longest ago goes first. One for SmolLM2-135M is 10 MB.
const ADAPTERS_KEPT: usize = 8;

pub(super) struct Engine {
    pub directory: Directory,
    pub base_model: ModelId,
    pub model: Arc<Llama>,
    precision: Precision,
    generator: OnceLock<Generator>,
    pub tokenizer: Tokenizer,
    pub template: ChatTemplate,
    pub threads: usize,
    /// Last used first.
    adapters: Mutex<VecDeque<(ModelId, Arc<Lora>)>>,
    pub queue: Arc<TrainingQueue>,
}

impl Engine {
    pub(super) fn load(settings: &LocalSettings) -> Result<Self> {
        let file = GgufFile::open(&settings.base_model_path)?;
        let tokenizer = Tokenizer::from_gguf(file.metadata())?;
        let shape = shape(&file, &settings.base_model_path, &tokenizer)?;
        let model = Arc::new(Llama::load(shape, &file, settings.precision)?);
        Ok(Self {
            directory: Directory::open(&settings.data_dir)?,
            base_model: ModelId::new(&settings.base_model),
            model,
            precision: settings.precision,
            generator: OnceLock::new(),
            template: ChatTemplate::from_gguf(file.metadata())?,
            tokenizer,
            threads: settings.threads.max(1),
            adapters: Mutex::default(),
            queue: Arc::default(),
        })
    }

    /// Made for the first answer: training and scoring do without its copy of the weights.
    pub(super) fn generator(&self) -> &Generator {
        self.generator.get_or_init(|| Generator::new(self.model.clone(), self.precision, self.threads))
    }

    /// The adapter of a model; none for the base model itself.
    pub(super) fn adapter(&self, model: &ModelId) -> Result<Option<Arc<Lora>>, ProviderError> {
        if *model == self.base_model {
            return Ok(None);
        }
        let unknown = || ProviderError::not_found("model", model);
        let place = match self.directory.adapter(model).map(|place| (place.metadata(), place)) {
            Some((Ok(metadata), place)) => metadata.is_dir().then_some(place),
            // One that cannot be looked at is not gone: that would be put on record.
            Some((Err(source), place)) if source.kind() != ErrorKind::NotFound => {
                return Err(cannot_read(&place, source).into());
            }
            Some((Err(_), _)) | None => None,
        };
        // A deleted model is gone at once, even when it is still in memory.
        let Some(place) = place else {
            self.forget(model);
            return Err(unknown());
        };
        let mut adapters = self.adapters();
        let lora = match adapters.iter().position(|(id, _)| id == model).and_then(|at| adapters.remove(at)) {
            Some((_, lora)) => lora,
            None => Arc::new(load_adapter(&place, self.model.config())?),
        };
        adapters.push_front((model.clone(), lora.clone()));
        adapters.truncate(ADAPTERS_KEPT);
        Ok(Some(lora))
    }

    /// Its adapter, and what was asked of it.
    pub(super) fn forget(&self, model: &ModelId) {
        self.adapters().retain(|(id, _)| id != model);
        if let Some(generator) = self.generator.get() {
            generator.forget(model.as_str());
        }
    }

    fn adapters(&self) -> std::sync::MutexGuard<'_, VecDeque<(ModelId, Arc<Lora>)>> {
        self.adapters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The model's shape. Files without `llama.vocab_size` say it by their vocabulary.
fn shape(file: &GgufFile, path: &Path, tokenizer: &Tokenizer) -> Result<Config> {
    let architecture = file.metadata().str("general.architecture").unwrap_or_default();
    let config = Config::from_gguf(architecture, |key| match file.metadata().f64(key) {
        None if key == "llama.vocab_size" => Some(tokenizer.vocab_size() as f64),
        number => number,
    })?;
    if config.vocabulary != tokenizer.vocab_size() {
        let reason =
            format!("its vocabulary has {} tokens but its shape says {}", tokenizer.vocab_size(), config.vocabulary);
        return Err(Error::ModelFormat { path: path.to_owned(), reason });
    }
    Ok(config)
}
