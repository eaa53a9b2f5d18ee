//! Reading model files: the tiny test model whole, cut short, and with its header changed in every way.

#![allow(clippy::unwrap_used, reason = "the helpers of tests, too, fail by panicking")]

use std::path::PathBuf;
use std::time::Instant;

use idiolect_lora::Error;
use idiolect_lora::gguf::{GgufFile, QuantType};
use idiolect_testkit::tiny_model;
use proptest::prelude::*;
use tempfile::TempDir;

/// About as long as the tiny model's header.
const HEADER_BYTES: usize = 9_000;

fn open(bytes: &[u8]) -> Result<GgufFile, Error> {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("model.gguf");
    std::fs::write(&path, bytes).unwrap();
    GgufFile::open(&path)
}

#[test]
fn the_tiny_model_has_its_metadata_and_tensors() {
    let file = open(&tiny_model(7)).unwrap();
    assert_eq!(file.metadata().str("general.architecture"), Some("llama"));
    assert_eq!(file.metadata().u64("llama.block_count"), Some(2));
    assert_eq!(file.metadata().f64("llama.rope.freq_base"), Some(10_000.0));
    assert_eq!(file.metadata().strings("tokenizer.ggml.tokens").unwrap().len(), 267);
    assert_eq!(file.metadata().integers("tokenizer.ggml.token_type").unwrap()[..4], [3, 3, 3, 1]);
    let embedding = file.tensor_info("token_embd.weight").unwrap();
    assert_eq!((embedding.dims.as_slice(), embedding.quant), ([32, 267].as_slice(), QuantType::F32));
    assert_eq!(file.read_f32("output_norm.weight").unwrap(), [1.0; 32]);
    assert_eq!(file.tensors().count(), 2 + 2 * 9);
}

#[test]
fn a_missing_file_names_the_path_and_the_command() {
    let error = GgufFile::open(&PathBuf::from("nowhere/model.gguf")).unwrap_err();
    insta::assert_snapshot!(error, @"cannot open the base model nowhere/model.gguf; run `idiolect model pull` to fetch it");
}

#[test]
fn a_file_cut_short_anywhere_says_what_is_missing() {
    let whole = tiny_model(7);
    for length in [0, 3, 10, 24, 100, 5_000, whole.len() / 2, whole.len() - 100] {
        let error = open(&whole[..length]).unwrap_err();
        assert!(matches!(error, Error::ModelCutShort { .. }), "{length}: {error}");
        assert!(error.to_string().contains("run `idiolect model pull`"), "{error}");
    }
    let error = open(&whole[..whole.len() - 128]).unwrap_err().to_string();
    assert!(error.contains(&format!("128 of {} bytes are missing at its end", whole.len())), "{error}");
}

#[test]
fn other_files_and_versions_are_refused() {
    let mut file = tiny_model(7);
    assert!(open(b"PK\x03\x04 not a model").unwrap_err().to_string().contains("it is not a GGUF file"));
    file[4] = 1;
    assert!(open(&file).unwrap_err().to_string().contains("GGUF version 1"));
    file[4..8].copy_from_slice(&3u32.to_be_bytes());
    assert!(open(&file).unwrap_err().to_string().contains("big-endian"));
}

#[test]
fn a_count_beyond_the_file_is_refused_before_allocating() {
    for at in [8, 16] {
        let mut file = tiny_model(7);
        file[at..at + 8].copy_from_slice(&(u64::MAX / 2).to_le_bytes());
        assert!(matches!(open(&file).unwrap_err(), Error::ModelCutShort { .. }));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the header says, opening either fails with a sentence or gives tensors that can be read.
    #[test]
    fn a_changed_header_never_panics(changes in prop::collection::vec((0..HEADER_BYTES, any::<[u8; 4]>(), 1usize..5), 1..6)) {
        let mut file = tiny_model(7);
        for (at, bytes, count) in changes {
            file[at..at + count.min(4)].copy_from_slice(&bytes[..count.min(4)]);
        }
        if let Ok(model) = open(&file) {
            for tensor in model.tensors() {
                prop_assert_eq!(model.read_f32(&tensor.name).unwrap().len(), tensor.elements());
            }
        }
    }

    #[test]
    fn arbitrary_bytes_after_the_magic_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = open(&[b"GGUF\x03\0\0\0", bytes.as_slice()].concat());
    }
}

#[test]
fn the_real_model_reads_whole() {
    let Some(path) = std::env::var_os("IDIOLECT_TEST_MODEL") else {
        println!("skipped: IDIOLECT_TEST_MODEL is not set to a SmolLM2-135M-Instruct GGUF");
        return;
    };
    let start = Instant::now();
    let file = GgufFile::open(&PathBuf::from(path)).unwrap();
    let opened = start.elapsed();
    let numbers: usize = file.tensors().map(|tensor| file.read_f32(&tensor.name).unwrap().len()).sum();
    println!("opened in {opened:?}, {numbers} numbers read after {:?}", start.elapsed());
    assert_eq!(numbers, 134_515_008);
}
