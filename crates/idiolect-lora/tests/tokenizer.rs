//! The tokenizer and the chat template against ids that another implementation made from the same file.
//! `scripts/tokenizer_goldens.py` wrote `data/smollm2_tokens.json`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "the helpers of tests, too, fail by panicking")]

use std::path::PathBuf;

use idiolect_lora::chat_template::ChatTemplate;
use idiolect_lora::gguf::GgufFile;
use idiolect_lora::tokenizer::{StreamDecoder, Tokenizer};
use idiolect_provider::ChatMessage;
use serde_json::Value;

/// The real base model, or `None` with a word about it.
fn real_model() -> Option<GgufFile> {
    let Some(path) = std::env::var_os("IDIOLECT_TEST_MODEL") else {
        println!("skipped: IDIOLECT_TEST_MODEL is not set to a SmolLM2-135M-Instruct GGUF");
        return None;
    };
    Some(GgufFile::open(&PathBuf::from(path)).unwrap())
}

fn goldens() -> Value {
    serde_json::from_str(include_str!("data/smollm2_tokens.json")).unwrap()
}

fn ids(value: &Value) -> Vec<u32> {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn real_vocabulary_gives_the_reference_ids() {
    let Some(model) = real_model() else { return };
    let tokenizer = Tokenizer::from_gguf(model.metadata()).unwrap();
    for case in goldens()["sentences"].as_array().unwrap() {
        let text = case["text"].as_str().unwrap();
        assert_eq!(tokenizer.encode_text(text).unwrap(), ids(&case["ids"]), "{text:?}");
    }
}

#[test]
fn real_vocabulary_brings_every_golden_sentence_back() {
    let Some(model) = real_model() else { return };
    let tokenizer = Tokenizer::from_gguf(model.metadata()).unwrap();
    for case in goldens()["sentences"].as_array().unwrap() {
        // The vocabulary has no token for a few control characters; those are lost in encoding.
        let text = case["text"].as_str().unwrap();
        let ids = ids(&case["ids"]);
        assert_eq!(tokenizer.decode(&ids), text, "{text:?}");
        let mut decoder = StreamDecoder::default();
        let streamed: String = ids.iter().map(|&id| decoder.push(&tokenizer, id)).collect();
        assert_eq!(streamed + &decoder.finish(), text);
    }
}

#[test]
fn real_template_gives_the_reference_ids() {
    let Some(model) = real_model() else { return };
    let tokenizer = Tokenizer::from_gguf(model.metadata()).unwrap();
    let template = ChatTemplate::from_gguf(model.metadata()).unwrap();
    let golden = &goldens()["conversation"];
    let messages: Vec<ChatMessage> = serde_json::from_value(golden["messages"].clone()).unwrap();

    let conversation = template.render_conversation(&tokenizer, &messages).unwrap();
    assert_eq!(conversation.ids, ids(&golden["ids"]));
    let learned: Vec<u32> = conversation
        .ids
        .iter()
        .zip(&conversation.loss_mask)
        .filter(|(_, learned)| **learned)
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(tokenizer.decode(&learned), "ugh train's 12 min late again 🙄thx!!");
    assert_eq!(learned.iter().filter(|&&id| Some(id) == tokenizer.control_token("<|im_end|>")).count(), 2);

    let prompt = template.render_prompt(&tokenizer, &messages[..1]).unwrap();
    assert_eq!(prompt, ids(&golden["prompt_ids"]));
}
