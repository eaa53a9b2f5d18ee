//! Text to token ids and back, from the vocabulary inside the base model's own file. Control tokens such as `<|im_end|>`
//! are recognised in template markup only; in what a person wrote they are ordinary characters.

use std::collections::HashMap;

use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;

use crate::error::{Error, Result};
use crate::gguf::Metadata;

mod byte_level;
mod decoder;

pub use decoder::StreamDecoder;

/// `tokenizer.ggml.token_type` of ordinary and of control tokens (llama.cpp's `llama_token_type`).
const NORMAL: i64 = 1;
const CONTROL: i64 = 3;

/// Names under which models mark the end of a turn, besides `tokenizer.ggml.eos_token_id`.
const END_TOKENS: [&str; 4] = ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "</s>"];

/// A byte-level BPE tokenizer (`tokenizer.ggml.model = gpt2`).
pub struct Tokenizer {
    text: tokenizers::Tokenizer,
    /// Control tokens by their spelling, longest first.
    control: Vec<(String, u32)>,
    /// The bytes each id stands for; none for control tokens.
    bytes: Vec<Box<[u8]>>,
    eos: Option<u32>,
    bos: Option<u32>,
    end: Vec<u32>,
}

impl Tokenizer {
    /// Builds the tokenizer that the metadata of a GGUF file describes.
    ///
    /// # Errors
    /// When the vocabulary is missing or inconsistent, or its kind or pre-tokenizer is not one that is known here.
    pub fn from_gguf(metadata: &Metadata) -> Result<Self> {
        match metadata.str("tokenizer.ggml.model") {
            Some("gpt2") => {}
            Some(other) => return Err(bad(format!("its vocabulary is of kind {other:?}; only \"gpt2\" is supported"))),
            None => return Err(bad("it names no vocabulary kind (tokenizer.ggml.model)")),
        }
        let pre_tokenizer = pre_tokenizer(metadata.str("tokenizer.ggml.pre"))?;
        let tokens = metadata.strings("tokenizer.ggml.tokens").ok_or_else(|| bad("it holds no vocabulary"))?;
        let merges = metadata.strings("tokenizer.ggml.merges").ok_or_else(|| bad("it holds no merges"))?;
        let kinds = metadata.integers("tokenizer.ggml.token_type").unwrap_or_else(|| vec![NORMAL; tokens.len()]);
        if kinds.len() != tokens.len() || u32::try_from(tokens.len()).is_err() {
            return Err(bad(format!("{} tokens have {} types", tokens.len(), kinds.len())));
        }

        let mut text = tokenizers::Tokenizer::new(bpe(tokens, &kinds, merges)?);
        text.with_pre_tokenizer(Some(pre_tokenizer));
        let listed = || tokens.iter().zip(&kinds).zip(0..);
        let mut control: Vec<_> = listed()
            .filter(|((token, kind), _)| **kind == CONTROL && !token.is_empty())
            .map(|((token, _), id)| (token.clone(), id))
            .collect();
        control.sort_by_key(|(token, _)| std::cmp::Reverse(token.len()));
        let bytes =
            listed().map(|((token, kind), _)| if *kind == CONTROL { [].into() } else { byte_level::bytes(token) });
        let named = |key: &str| id_in(metadata, key, tokens.len());
        let (bos, eos) = (named("tokenizer.ggml.bos_token_id")?, named("tokenizer.ggml.eos_token_id")?);
        let mut end: Vec<u32> = eos.into_iter().chain(named("tokenizer.ggml.eot_token_id")?).collect();
        end.extend(control.iter().filter(|(token, _)| END_TOKENS.contains(&token.as_str())).map(|(_, id)| *id));
        end.sort_unstable();
        end.dedup();
        Ok(Self { bytes: bytes.collect(), text, control, eos, bos, end })
    }

    /// Ids of something a person wrote. Never holds a control token, whatever the text spells.
    pub fn encode_text(&self, text: &str) -> Result<Vec<u32>> {
        // The tokenizer library's own errors quote their input, so they are not passed on.
        let encoding = self.text.encode_fast(text, false).map_err(|_| bad("a text could not be tokenized"))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// Ids of template markup, in which control tokens are recognised.
    pub fn encode_markup(&self, markup: &str) -> Result<Vec<u32>> {
        let mut ids = Vec::new();
        let mut rest = markup;
        while let Some((at, token, id)) = self.first_control(rest) {
            ids.extend(self.encode_text(&rest[..at])?);
            ids.push(id);
            rest = &rest[at + token.len()..];
        }
        ids.extend(self.encode_text(rest)?);
        Ok(ids)
    }

    /// The leftmost control token, the longest one if several start there.
    fn first_control(&self, markup: &str) -> Option<(usize, &str, u32)> {
        let found = self.control.iter().filter_map(|(token, id)| Some((markup.find(token)?, token.as_str(), *id)));
        found.min_by_key(|(at, token, _)| (*at, std::cmp::Reverse(token.len())))
    }

    /// Text of a whole sequence; control tokens are left out and broken UTF-8 is replaced by U+FFFD.
    pub fn decode(&self, ids: &[u32]) -> String {
        let bytes: Vec<u8> = ids.iter().flat_map(|&id| self.token_bytes(id)).copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The bytes a token stands for, which may be a part of a character. Empty for control tokens and unknown ids.
    pub fn token_bytes(&self, id: u32) -> &[u8] {
        self.bytes.get(id as usize).map_or(&[], |bytes| bytes)
    }

    /// Number of ids, control tokens included.
    pub fn vocab_size(&self) -> usize {
        self.bytes.len()
    }

    /// The control token with this spelling.
    pub fn control_token(&self, spelling: &str) -> Option<u32> {
        self.control.iter().find(|(token, _)| token == spelling).map(|(_, id)| *id)
    }

    pub fn is_control(&self, id: u32) -> bool {
        self.control.iter().any(|(_, control)| *control == id)
    }

    /// Ids that end an answer.
    pub fn end_tokens(&self) -> &[u32] {
        &self.end
    }

    /// Spelling of the token that starts a sequence, for templates.
    pub(crate) fn bos_spelling(&self) -> &str {
        self.spelling(self.bos)
    }

    /// Spelling of the token that ends a sequence, for templates.
    pub(crate) fn eos_spelling(&self) -> &str {
        self.spelling(self.eos)
    }

    fn spelling(&self, id: Option<u32>) -> &str {
        self.control.iter().find(|(_, control)| Some(*control) == id).map_or("", |(token, _)| token)
    }
}

impl std::fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokenizer").field("vocab_size", &self.vocab_size()).finish_non_exhaustive()
    }
}

/// The rule that cuts text into pieces before merging, by llama.cpp's name for it.
fn pre_tokenizer(name: Option<&str>) -> Result<PreTokenizerWrapper> {
    let gpt2 = ByteLevel::new(false, true, true);
    match name {
        Some("gpt-2") => Ok(gpt2.into()),
        Some("smollm") => Ok(Sequence::new(vec![Digits::new(true).into(), gpt2.into()]).into()),
        Some(other) => Err(bad(format!("its pre-tokenizer {other:?} is not known; \"smollm\" and \"gpt-2\" are"))),
        None => Err(bad("it names no pre-tokenizer (tokenizer.ggml.pre)")),
    }
}

fn bpe(tokens: &[String], kinds: &[i64], merges: &[String]) -> Result<BPE> {
    // Control tokens stay out of the vocabulary that text is matched against.
    let text_tokens = tokens.iter().zip(0..).zip(kinds).filter(|(_, kind)| **kind != CONTROL);
    let vocab: HashMap<&str, u32> = text_tokens.map(|((token, id), _)| (token.as_str(), id)).collect();
    let pairs = merges.iter().map(|merge| {
        let (left, right) = merge.split_once(' ').ok_or_else(|| bad("a merge is not two tokens"))?;
        let known =
            [left, right].iter().all(|part| vocab.contains_key(part)) && vocab.contains_key(&*[left, right].concat());
        if known {
            Ok((left.to_owned(), right.to_owned()))
        } else {
            Err(bad("a merge names a token outside the vocabulary"))
        }
    });
    let pairs = pairs.collect::<Result<Vec<_>>>()?;
    let vocab: Vocab = vocab.into_iter().map(|(token, id)| (token.to_owned(), id)).collect();
    BPE::builder().vocab_and_merges(vocab, pairs).build().map_err(|error| bad(error.to_string()))
}

fn id_in(metadata: &Metadata, key: &str, vocab_size: usize) -> Result<Option<u32>> {
    match metadata.u64(key) {
        None => Ok(None),
        Some(id) if id < vocab_size as u64 => Ok(Some(id as u32)),
        Some(id) => Err(bad(format!("{key} is {id}, outside the vocabulary of {vocab_size}"))),
    }
}

fn bad(reason: impl Into<String>) -> Error {
    Error::Tokenizer { reason: reason.into() }
}
