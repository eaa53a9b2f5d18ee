//! A random Llama of a few thousand weights in a valid GGUF file, so that the whole product runs in tests within moments.

use std::io;
use std::path::Path;

const LAYERS: usize = 2;
const WIDTH: usize = 32;
const HEADS: usize = 4;
const KV_HEADS: usize = 2;
const HEAD_WIDTH: usize = 8;
const FEED_FORWARD: usize = 64;
const CONTEXT: u32 = 2048;
const ALIGNMENT: usize = 32;

const CONTROL_TOKENS: [&str; 3] = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
const MERGES: [&str; 8] = ["Ġ t", "h e", "i n", "Ġt he", "o u", "e r", "a n", "Ġ a"];
const NORMAL: i32 = 1;
const CONTROL: i32 = 3;

/// ChatML with a default system prompt, as SmolLM2's own template has one.
const CHAT_TEMPLATE: &str = "{% for message in messages %}\
    {% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are tiny.<|im_end|>\n' }}{% endif %}\
    {{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}\
    {% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/// Writes the model that [`tiny_model`] makes.
pub fn write_tiny_model(path: &Path, seed: u64) -> io::Result<()> {
    std::fs::write(path, tiny_model(seed))
}

/// The bytes of a GGUF v3 file: 2 layers of width 32, 4 heads (2 for keys and values) of width 8, feed-forward width 64,
/// 256 byte tokens, 8 merges and 3 control tokens, F32 throughout, output tied to the embedding. The same seed gives the
/// same bytes everywhere.
pub fn tiny_model(seed: u64) -> Vec<u8> {
    let mut metadata = Entries::default();
    metadata.string("general.architecture", "llama");
    metadata.string("general.name", "Tiny test model");
    metadata.u32("llama.block_count", LAYERS as u32);
    metadata.u32("llama.context_length", CONTEXT);
    metadata.u32("llama.embedding_length", WIDTH as u32);
    metadata.u32("llama.feed_forward_length", FEED_FORWARD as u32);
    metadata.u32("llama.attention.head_count", HEADS as u32);
    metadata.u32("llama.attention.head_count_kv", KV_HEADS as u32);
    metadata.f32("llama.rope.freq_base", 10_000.0);
    metadata.f32("llama.attention.layer_norm_rms_epsilon", 1e-5);
    metadata.u32("llama.rope.dimension_count", HEAD_WIDTH as u32);
    let vocabulary = vocabulary();
    metadata.u32("llama.vocab_size", vocabulary.len() as u32);
    metadata.string("tokenizer.ggml.model", "gpt2");
    metadata.string("tokenizer.ggml.pre", "smollm");
    metadata.strings("tokenizer.ggml.tokens", &vocabulary);
    metadata.i32s("tokenizer.ggml.token_type", vocabulary.iter().map(|token| kind(token)));
    metadata.strings("tokenizer.ggml.merges", &MERGES.map(str::to_owned));
    metadata.u32("tokenizer.ggml.bos_token_id", 1);
    metadata.u32("tokenizer.ggml.eos_token_id", 2);
    metadata.string("tokenizer.chat_template", CHAT_TEMPLATE);
    assemble(metadata, &weights(seed, vocabulary.len()))
}

fn vocabulary() -> Vec<String> {
    let control = CONTROL_TOKENS.into_iter().map(str::to_owned);
    let merged = MERGES.into_iter().map(|merge| merge.replace(' ', ""));
    control.chain((0..=u8::MAX).map(|byte| spelling(byte).to_string())).chain(merged).collect()
}

fn kind(token: &str) -> i32 {
    if CONTROL_TOKENS.contains(&token) { CONTROL } else { NORMAL }
}

/// GPT-2's printable character for a byte.
fn spelling(byte: u8) -> char {
    let is_itself = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    if is_itself(&byte) {
        return byte.into();
    }
    let number = (0..byte).filter(|lower| !is_itself(lower)).count() as u32;
    char::from_u32(0x100 + number).expect("below the surrogates")
}

struct Tensor {
    name: String,
    /// ggml order: columns, then rows.
    dims: Vec<u64>,
    values: Vec<f32>,
}

fn weights(seed: u64, vocab_size: usize) -> Vec<Tensor> {
    let mut random = Random(seed);
    let mut tensors = vec![Tensor {
        name: "token_embd.weight".to_owned(),
        dims: vec![WIDTH as u64, vocab_size as u64],
        values: random.normal(WIDTH * vocab_size, 0.1),
    }];
    let norm = |name: String| Tensor { name, dims: vec![WIDTH as u64], values: vec![1.0; WIDTH] };
    for layer in 0..LAYERS {
        let mut matrix = |name: &str, rows: usize, columns: usize, heads: Option<usize>| {
            let values = random.normal(rows * columns, (columns as f32).sqrt().recip());
            tensors.push(Tensor {
                name: format!("blk.{layer}.{name}.weight"),
                dims: vec![columns as u64, rows as u64],
                values: heads.map_or(values.clone(), |heads| permuted(&values, heads, columns)),
            });
        };
        matrix("attn_q", HEADS * HEAD_WIDTH, WIDTH, Some(HEADS));
        matrix("attn_k", KV_HEADS * HEAD_WIDTH, WIDTH, Some(KV_HEADS));
        matrix("attn_v", KV_HEADS * HEAD_WIDTH, WIDTH, None);
        matrix("attn_output", WIDTH, HEADS * HEAD_WIDTH, None);
        matrix("ffn_gate", FEED_FORWARD, WIDTH, None);
        matrix("ffn_up", FEED_FORWARD, WIDTH, None);
        matrix("ffn_down", WIDTH, FEED_FORWARD, None);
        tensors.push(norm(format!("blk.{layer}.attn_norm.weight")));
        tensors.push(norm(format!("blk.{layer}.ffn_norm.weight")));
    }
    tensors.push(norm("output_norm.weight".to_owned()));
    tensors
}

/// The row order of q and k in GGUF: within a head, row `i` of the first half is followed by row `i` of the second
/// (`permute` in llama.cpp's `convert_hf_to_gguf.py`).
fn permuted(values: &[f32], heads: usize, columns: usize) -> Vec<f32> {
    let head_width = values.len() / columns / heads;
    let row_order = (0..heads).flat_map(|head| {
        (0..head_width / 2).flat_map(move |i| [head * head_width + i, head * head_width + head_width / 2 + i])
    });
    row_order.flat_map(|row| &values[row * columns..][..columns]).copied().collect()
}

/// SplitMix64, which is the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    fn uniform(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u32 << 24) as f32
    }

    /// Nearly normal numbers as the sum of twelve uniform ones: only additions, so no platform's `ln` or `cos` matters.
    fn normal(&mut self, count: usize, deviation: f32) -> Vec<f32> {
        (0..count).map(|_| ((0..12).map(|_| self.uniform()).sum::<f32>() - 6.0) * deviation).collect()
    }
}

/// Encoded metadata entries.
#[derive(Default)]
struct Entries {
    count: u64,
    bytes: Vec<u8>,
}

impl Entries {
    fn entry(&mut self, key: &str, kind: u32) {
        self.count += 1;
        put_string(&mut self.bytes, key);
        self.bytes.extend(kind.to_le_bytes());
    }

    fn u32(&mut self, key: &str, value: u32) {
        self.entry(key, 4);
        self.bytes.extend(value.to_le_bytes());
    }

    fn f32(&mut self, key: &str, value: f32) {
        self.entry(key, 6);
        self.bytes.extend(value.to_le_bytes());
    }

    fn string(&mut self, key: &str, value: &str) {
        self.entry(key, 8);
        put_string(&mut self.bytes, value);
    }

    fn array(&mut self, key: &str, element_kind: u32, count: usize) {
        self.entry(key, 9);
        self.bytes.extend(element_kind.to_le_bytes());
        self.bytes.extend((count as u64).to_le_bytes());
    }

    fn strings(&mut self, key: &str, values: &[String]) {
        self.array(key, 8, values.len());
        for value in values {
            put_string(&mut self.bytes, value);
        }
    }

    fn i32s(&mut self, key: &str, values: impl ExactSizeIterator<Item = i32>) {
        self.array(key, 5, values.len());
        self.bytes.extend(values.flat_map(i32::to_le_bytes));
    }
}

fn put_string(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}

fn assemble(metadata: Entries, tensors: &[Tensor]) -> Vec<u8> {
    let mut file = b"GGUF".to_vec();
    file.extend(3u32.to_le_bytes());
    file.extend((tensors.len() as u64).to_le_bytes());
    file.extend(metadata.count.to_le_bytes());
    file.extend(metadata.bytes);
    let mut data = Vec::new();
    for tensor in tensors {
        put_string(&mut file, &tensor.name);
        file.extend((tensor.dims.len() as u32).to_le_bytes());
        file.extend(tensor.dims.iter().flat_map(|dim| dim.to_le_bytes()));
        file.extend(0u32.to_le_bytes());
        file.extend((data.len() as u64).to_le_bytes());
        data.extend(tensor.values.iter().flat_map(|value| value.to_le_bytes()));
        data.resize(data.len().next_multiple_of(ALIGNMENT), 0);
    }
    file.resize(file.len().next_multiple_of(ALIGNMENT), 0);
    file.extend(data);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_bytes_and_another_seed_others() {
        assert_eq!(tiny_model(1), tiny_model(1));
        assert_ne!(tiny_model(1), tiny_model(2));
    }

    #[test]
    fn permutation_interleaves_the_halves_of_each_head() {
        let rows: Vec<f32> = (0..8).map(|row| row as f32).collect();
        assert_eq!(permuted(&rows, 2, 1), [0.0, 2.0, 1.0, 3.0, 4.0, 6.0, 5.0, 7.0]);
    }
}
