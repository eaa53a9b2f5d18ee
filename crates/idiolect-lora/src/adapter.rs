//! Adapters on disk, in the format of Hugging Face's PEFT: `adapter_config.json` and `adapter_model.safetensors`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use half::{bf16, f16};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use crate::checkpoint::{copy_from_le_bytes, to_le_bytes};
use crate::config::Config;
use crate::durable::write_directory;
use crate::error::{Error, Result};
use crate::lora::{Lora, LoraConfig, Matrix, Projection, Side};

pub(crate) const CONFIG_FILE: &str = "adapter_config.json";
pub(crate) const WEIGHTS_FILE: &str = "adapter_model.safetensors";

/// The fields of `adapter_config.json` that PEFT needs to load an adapter.
#[derive(Debug, Serialize, Deserialize)]
struct PeftConfig {
    peft_type: String,
    #[serde(default)]
    task_type: Option<String>,
    base_model_name_or_path: Option<String>,
    r: usize,
    lora_alpha: f32,
    #[serde(default)]
    lora_dropout: f32,
    #[serde(default = "no_bias")]
    bias: String,
    #[serde(default)]
    fan_in_fan_out: bool,
    #[serde(default)]
    use_rslora: bool,
    #[serde(default)]
    use_dora: bool,
    #[serde(default)]
    inference_mode: bool,
    target_modules: BTreeSet<String>,
    /// Ranks and alphas of single modules.
    #[serde(default)]
    rank_pattern: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    alpha_pattern: serde_json::Map<String, serde_json::Value>,
}

fn no_bias() -> String {
    "none".to_owned()
}

/// Saves an adapter as a directory, whole or not at all. `base_model` is the name PEFT shows and looks the base up by.
///
/// # Errors
/// When the directory cannot be written.
pub fn save_adapter(directory: &Path, lora: &Lora, base_model: &str) -> Result<()> {
    let config = PeftConfig {
        peft_type: "LORA".to_owned(),
        task_type: Some("CAUSAL_LM".to_owned()),
        base_model_name_or_path: Some(base_model.to_owned()),
        r: lora.config().rank,
        lora_alpha: lora.config().alpha,
        lora_dropout: 0.0,
        bias: no_bias(),
        fan_in_fan_out: false,
        use_rslora: false,
        use_dora: false,
        inference_mode: true,
        target_modules: target_modules(),
        rank_pattern: serde_json::Map::new(),
        alpha_pattern: serde_json::Map::new(),
    };
    let config = serde_json::to_vec_pretty(&config).expect("plain fields serialise");
    write_directory(directory, &[(CONFIG_FILE, &config), (WEIGHTS_FILE, &weights(lora))])
}

/// Loads an adapter that was trained, here or by PEFT, for a base of the same shape.
///
/// # Errors
/// When a file is missing, cut short or no LoRA this crate can apply, or the adapter is for another base.
pub fn load_adapter(directory: &Path, base: &Config) -> Result<Lora> {
    let read = |name: &str| {
        let path = directory.join(name);
        fs::read(&path).map_err(|source| Error::CannotRead { path, source })
    };
    let bad = |file: &str, reason: String| Error::BadAdapter { path: directory.join(file), reason };
    let (config, weights) = (read(CONFIG_FILE)?, read(WEIGHTS_FILE)?);
    let config: PeftConfig = serde_json::from_slice(&config).map_err(|error| bad(CONFIG_FILE, error.to_string()))?;
    let config = check(&config, base).map_err(|reason| bad(CONFIG_FILE, reason))?;
    parse(&weights, base, config).map_err(|reason| bad(WEIGHTS_FILE, reason))
}

fn check(config: &PeftConfig, base: &Config) -> Result<LoraConfig, String> {
    if config.peft_type != "LORA" || config.use_dora || config.use_rslora || config.bias != "none" {
        return Err("it is not plain LoRA without bias".to_owned());
    }
    if config.target_modules != target_modules() {
        return Err(format!("it adapts {:?}; all seven projections are expected", config.target_modules));
    }
    if !config.rank_pattern.is_empty() || !config.alpha_pattern.is_empty() {
        return Err("its rank or alpha is not the same for all modules".to_owned());
    }
    // Room for the matrices is made by the rank, before they are looked at.
    if !(1..=base.hidden).contains(&config.r) {
        return Err(format!(
            "its rank is {}; from 1 to {}, the width of the base model, is expected",
            config.r, base.hidden
        ));
    }
    Ok(LoraConfig { rank: config.r, alpha: config.lora_alpha })
}

fn target_modules() -> BTreeSet<String> {
    let name = |p: Projection| p.module().rsplit('.').next().expect("a split has a last part").to_owned();
    Projection::ALL.into_iter().map(name).collect()
}

/// PEFT's name of a matrix.
fn name(matrix: &Matrix) -> String {
    let side = match matrix.side {
        Side::A => "lora_A",
        Side::B => "lora_B",
    };
    format!("base_model.model.model.layers.{}.{}.{side}.weight", matrix.layer, matrix.projection.module())
}

fn weights(lora: &Lora) -> Vec<u8> {
    let bytes = to_le_bytes(lora.parameters());
    let tensors = lora.layout().matrices().map(|matrix| {
        let data = &bytes[4 * matrix.range.start..4 * matrix.range.end];
        let view = TensorView::new(Dtype::F32, matrix.shape.to_vec(), data);
        (name(&matrix), view.expect("a matrix is as long as its shape says"))
    });
    let metadata = [("format".to_owned(), "pt".to_owned())].into();
    safetensors::serialize(tensors, Some(metadata)).expect("matrices of checked shape serialise")
}

fn parse(bytes: &[u8], base: &Config, config: LoraConfig) -> Result<Lora, String> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| format!("it is damaged or cut short ({error})"))?;
    let mut lora = Lora::zeros(base, config);
    let matrices: Vec<Matrix> = lora.layout().matrices().collect();
    if tensors.len() != matrices.len() {
        let (has, needs) = (tensors.len(), matrices.len());
        return Err(format!("it has {has} matrices where this base model needs {needs}: it is for another base model"));
    }
    for matrix in matrices {
        let name = name(&matrix);
        let tensor = tensors.tensor(&name).map_err(|_| format!("it has no {name}"))?;
        if tensor.shape() != matrix.shape {
            let (has, needs) = (tensor.shape(), matrix.shape);
            return Err(format!("{name} is {has:?} where rank and base model need {needs:?}"));
        }
        let target = &mut lora.parameters_mut()[matrix.range];
        let (data, wrong_size) = (tensor.data(), || format!("{name} has the wrong size"));
        match tensor.dtype() {
            Dtype::F32 => copy_from_le_bytes(data, target).ok_or_else(wrong_size)?,
            // Hosts save what they trained in halves.
            Dtype::F16 => widen(data, target, |bytes| f16::from_le_bytes(bytes).to_f32()).ok_or_else(wrong_size)?,
            Dtype::BF16 => widen(data, target, |bytes| bf16::from_le_bytes(bytes).to_f32()).ok_or_else(wrong_size)?,
            other => return Err(format!("{name} is {other:?}; only F32, F16 and BF16 are read")),
        }
        if target.iter().any(|number| !number.is_finite()) {
            return Err(format!("{name} holds what is no finite number"));
        }
    }
    Ok(lora)
}

fn widen(bytes: &[u8], target: &mut [f32], read: impl Fn([u8; 2]) -> f32) -> Option<()> {
    let (halves, rest) = bytes.as_chunks::<2>();
    if halves.len() != target.len() || !rest.is_empty() {
        return None;
    }
    target.iter_mut().zip(halves).for_each(|(number, half)| *number = read(*half));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{busy_lora, tiny};
    use tempfile::TempDir;

    fn saved() -> (TempDir, std::path::PathBuf, Lora) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("adapter");
        let lora = busy_lora(3);
        save_adapter(&path, &lora, "SmolLM2-135M-Instruct").unwrap();
        (directory, path, lora)
    }

    fn reason(path: &Path, base: &Config) -> String {
        load_adapter(path, base).err().unwrap().to_string()
    }

    #[test]
    fn an_adapter_comes_back_as_it_was() {
        let (_directory, path, lora) = saved();
        let loaded = load_adapter(&path, &tiny()).unwrap();
        assert_eq!(loaded.config(), lora.config());
        assert_eq!(loaded.parameters(), lora.parameters());
    }

    #[test]
    fn the_files_are_what_peft_reads() {
        let (_directory, path, _) = saved();
        let config: serde_json::Value = serde_json::from_slice(&fs::read(path.join(CONFIG_FILE)).unwrap()).unwrap();
        assert_eq!(config["peft_type"], "LORA");
        assert_eq!((config["r"].as_u64(), config["lora_alpha"].as_f64()), (Some(3), Some(6.0)));
        assert_eq!(config["target_modules"].as_array().unwrap().len(), 7);
        let bytes = fs::read(path.join(WEIGHTS_FILE)).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let key = tensors.tensor("base_model.model.model.layers.1.self_attn.k_proj.lora_B.weight").unwrap();
        assert_eq!(key.shape(), [tiny().kv_width(), 3]);
        assert_eq!(tensors.len(), 2 * 7 * 2);
    }

    #[test]
    fn the_same_adapter_gives_the_same_bytes() {
        assert!(weights(&busy_lora(3)) == weights(&busy_lora(3)));
    }

    #[test]
    fn halves_are_read_as_the_numbers_that_they_are() {
        let (_directory, path, lora) = saved();
        let write = |dtype: Dtype, bytes: &dyn Fn(f32) -> [u8; 2]| {
            let data: Vec<u8> = lora.parameters().iter().flat_map(|number| bytes(*number)).collect();
            let tensors = lora.layout().matrices().map(|matrix| {
                let range = 2 * matrix.range.start..2 * matrix.range.end;
                (name(&matrix), TensorView::new(dtype, matrix.shape.to_vec(), &data[range]).unwrap())
            });
            fs::write(path.join(WEIGHTS_FILE), safetensors::serialize(tensors, None).unwrap()).unwrap();
            load_adapter(&path, &tiny()).unwrap().parameters().to_vec()
        };
        let halves = write(Dtype::F16, &|number| f16::from_f32(number).to_le_bytes());
        assert!(halves.iter().zip(lora.parameters()).all(|(half, whole)| *half == f16::from_f32(*whole).to_f32()));
        let brains = write(Dtype::BF16, &|number| bf16::from_f32(number).to_le_bytes());
        assert!(brains.iter().zip(lora.parameters()).all(|(half, whole)| *half == bf16::from_f32(*whole).to_f32()));
        let infinite = |_| f16::INFINITY.to_le_bytes();
        let data: Vec<u8> = lora.parameters().iter().flat_map(|number| infinite(*number)).collect();
        let tensors = lora.layout().matrices().map(|matrix| {
            let range = 2 * matrix.range.start..2 * matrix.range.end;
            (name(&matrix), TensorView::new(Dtype::F16, matrix.shape.to_vec(), &data[range]).unwrap())
        });
        fs::write(path.join(WEIGHTS_FILE), safetensors::serialize(tensors, None).unwrap()).unwrap();
        assert!(reason(&path, &tiny()).contains("no finite number"));
    }

    #[test]
    fn a_file_cut_short_is_refused_with_its_path() {
        let (_directory, path, _) = saved();
        let file = path.join(WEIGHTS_FILE);
        let bytes = fs::read(&file).unwrap();
        for len in [0, 7, 100, bytes.len() - 1] {
            fs::write(&file, &bytes[..len]).unwrap();
            let reason = reason(&path, &tiny());
            assert!(reason.contains(WEIGHTS_FILE) && reason.contains("cut short"), "{reason}");
        }
    }

    #[test]
    fn an_adapter_for_another_base_is_refused() {
        let (_directory, path, _) = saved();
        let deeper = Config { layers: 3, ..tiny() };
        assert!(reason(&path, &deeper).contains("another base model"));
        let wider = Config { hidden: 32, ..tiny() };
        assert!(reason(&path, &wider).contains("lora_A"));
    }

    #[test]
    fn a_config_with_another_rank_is_refused() {
        let (_directory, path, _) = saved();
        let file = path.join(CONFIG_FILE);
        let config = fs::read_to_string(&file).unwrap().replace("\"r\": 3", "\"r\": 4");
        fs::write(&file, config).unwrap();
        assert!(reason(&path, &tiny()).contains("[3, 24]"), "{}", reason(&path, &tiny()));
    }

    #[test]
    fn an_alpha_of_its_own_for_a_module_is_refused() {
        let (_directory, path, _) = saved();
        let file = path.join(CONFIG_FILE);
        let config = fs::read_to_string(&file).unwrap();
        let own = config.replace("\"alpha_pattern\": {}", "\"alpha_pattern\": {\"down_proj\": 64}");
        assert_ne!(own, config);
        fs::write(&file, own).unwrap();
        assert!(reason(&path, &tiny()).contains("not the same for all modules"));
    }

    #[test]
    fn no_room_is_made_for_a_rank_that_cannot_be() {
        let (_directory, path, _) = saved();
        let file = path.join(CONFIG_FILE);
        let config = fs::read_to_string(&file).unwrap();
        for rank in ["0", "25", "1099511627776"] {
            fs::write(&file, config.replace("\"r\": 3", &format!("\"r\": {rank}"))).unwrap();
            assert!(reason(&path, &tiny()).contains(&format!("its rank is {rank}; from 1 to 24")));
        }
    }

    #[test]
    fn what_is_no_plain_lora_is_refused() {
        let (_directory, path, _) = saved();
        let file = path.join(CONFIG_FILE);
        let config = fs::read_to_string(&file).unwrap().replace("\"use_dora\": false", "\"use_dora\": true");
        fs::write(&file, config).unwrap();
        assert!(reason(&path, &tiny()).contains("plain LoRA"));
        fs::remove_file(&file).unwrap();
        assert!(reason(&path, &tiny()).contains(CONFIG_FILE));
    }
}
