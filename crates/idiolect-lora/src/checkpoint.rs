//! Checkpoints: a [`TrainingState`] in one safetensors file, with a fingerprint of everything the run depends on.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use sha2::{Digest, Sha256};

use crate::durable::write_file;
use crate::error::{Error, Result};
use crate::lora::Lora;
use crate::optimizer::Moments;
use crate::training::{Training, TrainingState};

const STEP: &str = "step";
const ROWS: &str = "rows";
const FINGERPRINT: &str = "fingerprint";
const PARAMETERS: &str = "parameters";
const FIRST: &str = "first_moment";
const SECOND: &str = "second_moment";

/// Saves a state; an older checkpoint at the same place is replaced whole.
///
/// # Errors
/// When the file cannot be written.
pub fn save_checkpoint(path: &Path, state: &TrainingState, training: &Training) -> Result<()> {
    write_file(path, &to_bytes(state, training))
}

/// Loads a state, if there is one.
///
/// # Errors
/// When the file is unreadable, damaged, or of a run over other examples, another recipe or another base model.
pub fn load_checkpoint(path: &Path, training: &Training) -> Result<Option<TrainingState>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::CannotRead { path: path.to_owned(), source }),
    };
    let damaged = |reason| Error::BadCheckpoint { path: path.to_owned(), reason };
    from_bytes(&bytes, training).map(Some).map_err(damaged)
}

pub(crate) fn to_bytes(state: &TrainingState, training: &Training) -> Vec<u8> {
    let bytes = [state.lora.parameters(), &state.moments.first, &state.moments.second].map(to_le_bytes);
    let tensors = [PARAMETERS, FIRST, SECOND].into_iter().zip(&bytes).map(|(name, bytes)| {
        let view = TensorView::new(Dtype::F32, vec![bytes.len() / 4], bytes);
        (name, view.expect("the shape is made from the bytes"))
    });
    let metadata = HashMap::from([
        (STEP.to_owned(), state.step.to_string()),
        (ROWS.to_owned(), state.rows.to_string()),
        (FINGERPRINT.to_owned(), fingerprint(training)),
    ]);
    safetensors::serialize(tensors, Some(metadata)).expect("three tensors of checked shape serialise")
}

pub(crate) fn from_bytes(bytes: &[u8], training: &Training) -> Result<TrainingState, String> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| error.to_string())?;
    let entry =
        |key: &str| header.metadata().as_ref().and_then(|m| m.get(key)).ok_or_else(|| format!("it has no {key}"));
    if *entry(FINGERPRINT)? != fingerprint(training) {
        return Err("it belongs to other examples, another recipe or another base model".to_owned());
    }
    let step = entry(STEP)?.parse().map_err(|_| "its step is no number".to_owned())?;
    let rows = entry(ROWS)?.parse().map_err(|_| "its rows are no number".to_owned())?;
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
    let mut lora = Lora::zeros(training.model.config(), training.recipe.lora);
    let mut moments = Moments::zeros(lora.parameters().len());
    for (name, target) in
        [(PARAMETERS, lora.parameters_mut()), (FIRST, &mut moments.first[..]), (SECOND, &mut moments.second[..])]
    {
        let tensor = tensors.tensor(name).map_err(|error| error.to_string())?;
        copy_from_le_bytes(tensor.data(), target).ok_or_else(|| format!("{name} has the wrong size"))?;
    }
    Ok(TrainingState { lora, moments, step, rows })
}

/// SHA-256 over the recipe, the model's shape and all examples.
fn fingerprint(training: &Training) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{:?} {:?}", training.recipe, training.model.config()));
    for example in training.examples {
        hash.update((example.ids.len() as u64).to_le_bytes());
        for (id, learned) in example.ids.iter().zip(&example.loss_mask) {
            hash.update((id << 1 | u32::from(*learned)).to_le_bytes());
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The numbers as safetensors stores them.
pub(crate) fn to_le_bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Reads numbers back; `None` when there are not exactly as many as expected.
pub(crate) fn copy_from_le_bytes(bytes: &[u8], target: &mut [f32]) -> Option<()> {
    let (values, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() || values.len() != target.len() {
        return None;
    }
    target.iter_mut().zip(values).for_each(|(target, bytes)| *target = f32::from_le_bytes(*bytes));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Precision;
    use crate::lora::LoraConfig;
    use crate::model::testing::{examples, tiny_model};
    use crate::recipe::Recipe;

    #[test]
    fn a_state_comes_back_as_it_was() {
        let (model, recipe, examples) = (tiny_model(Precision::F32), Recipe::for_examples(4), examples(4, 1));
        let training = Training { model: &model, examples: &examples, recipe: &recipe, threads: 1 };
        let mut state = TrainingState::new(&model, &recipe);
        state.step = 7;
        state.moments.second[5] = f32::MIN_POSITIVE / 2.0;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("checkpoint.safetensors");
        assert!(load_checkpoint(&path, &training).unwrap().is_none());
        save_checkpoint(&path, &state, &training).unwrap();
        let loaded = load_checkpoint(&path, &training).unwrap().unwrap();
        assert_eq!(loaded.step, 7);
        assert!(loaded.moments == state.moments && loaded.lora.parameters() == state.lora.parameters());
    }

    #[test]
    fn a_checkpoint_of_another_run_or_a_damaged_one_is_refused() {
        let (model, recipe, data) = (tiny_model(Precision::F32), Recipe::for_examples(4), examples(4, 1));
        let training = Training { model: &model, examples: &data, recipe: &recipe, threads: 1 };
        let bytes = to_bytes(&TrainingState::new(&model, &recipe), &training);
        let others = examples(4, 2);
        assert!(from_bytes(&bytes, &Training { examples: &others, ..training }).is_err());
        let larger = Recipe { lora: LoraConfig { rank: 9, alpha: 16.0 }, ..recipe.clone() };
        assert!(from_bytes(&bytes, &Training { recipe: &larger, ..training }).is_err());
        assert!(from_bytes(&bytes[..bytes.len() - 10], &training).is_err());
        assert!(from_bytes(&bytes[..10], &training).is_err());
        assert!(from_bytes(b"", &training).is_err());
    }
}
