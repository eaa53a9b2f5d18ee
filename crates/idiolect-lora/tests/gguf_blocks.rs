//! Every storage type of GGUF: blocks made by hand, and random blocks with the numbers that the reference implementation
//! reads from them (`scripts/gguf_block_goldens.py` wrote `data/gguf_blocks.json`).

use half::{bf16, f16};
use idiolect_lora::gguf::QuantType;

fn numbers(quant: QuantType, blocks: &[u8]) -> Vec<f32> {
    let mut out = vec![f32::NAN; blocks.len() / quant.block_bytes() * quant.block_elements()];
    quant.dequantize(blocks, &mut out);
    out
}

fn h(value: f32) -> [u8; 2] {
    f16::from_f32(value).to_le_bytes()
}

#[test]
fn random_blocks_read_like_the_reference() {
    let cases: serde_json::Value = serde_json::from_str(include_str!("data/gguf_blocks.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let quant = QuantType::from_id(case["type"].as_u64().unwrap() as u32).unwrap();
        let hex = case["blocks"].as_str().unwrap();
        let blocks: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        let expected: Vec<f32> = serde_json::from_value(case["numbers"].clone()).unwrap();
        let got = numbers(quant, &blocks);
        assert_eq!(got.len(), expected.len());
        for (at, (got, expected)) in got.iter().zip(&expected).enumerate() {
            assert!(
                (got - expected).abs() <= 1e-6 * expected.abs().max(1.0),
                "{quant:?}[{at}]: {got} is not {expected}"
            );
        }
    }
}

#[test]
fn plain_types_are_copied() {
    let values = [0.0, -1.5, 3.25, 1e-3];
    let f32s: Vec<u8> = values.iter().flat_map(|v: &f32| v.to_le_bytes()).collect();
    assert_eq!(numbers(QuantType::F32, &f32s), values);
    let f16s: Vec<u8> = values.iter().flat_map(|v| h(*v)).collect();
    assert_eq!(numbers(QuantType::F16, &f16s), values.map(|v| f16::from_f32(v).to_f32()));
    let bf16s: Vec<u8> = values.iter().flat_map(|v| bf16::from_f32(*v).to_le_bytes()).collect();
    assert_eq!(numbers(QuantType::BF16, &bf16s), values.map(|v| bf16::from_f32(v).to_f32()));
}

#[test]
fn a_long_f16_tensor_crosses_the_buffer() {
    let values: Vec<f32> = (0..1000).map(|i| i as f32).collect();
    let bytes: Vec<u8> = values.iter().flat_map(|v| h(*v)).collect();
    assert_eq!(numbers(QuantType::F16, &bytes), values);
}

#[test]
fn q4_0_is_centred_on_eight() {
    let block = [&h(0.5)[..], &[0x80; 16]].concat();
    let out = numbers(QuantType::Q4_0, &block);
    assert_eq!((out[0], out[15], out[16], out[31]), (-4.0, -4.0, 0.0, 0.0));
}

#[test]
fn q4_1_adds_its_minimum() {
    let mut block = [&h(0.5)[..], &h(-1.0), &[0; 16]].concat();
    block[4] = 0xF1;
    let out = numbers(QuantType::Q4_1, &block);
    assert_eq!((out[0], out[1], out[16], out[17]), (-0.5, -1.0, 6.5, -1.0));
}

#[test]
fn q5_0_and_q5_1_take_their_fifth_bit_from_the_mask() {
    let mask = (1u32 << 1 | 1 << 17).to_le_bytes();
    let q5_0 = [&h(1.0)[..], &mask, &[0x21; 16]].concat();
    let out = numbers(QuantType::Q5_0, &q5_0);
    assert_eq!((out[0], out[1], out[16], out[17]), (-15.0, 1.0, -14.0, 2.0));
    let q5_1 = [&h(1.0)[..], &h(100.0), &mask, &[0x21; 16]].concat();
    let out = numbers(QuantType::Q5_1, &q5_1);
    assert_eq!((out[0], out[1], out[16], out[17]), (101.0, 117.0, 102.0, 118.0));
}

#[test]
fn q8_0_is_signed() {
    let mut block = [&h(0.25)[..], &[0; 32]].concat();
    (block[2], block[33]) = (0x80, 0x7F);
    let out = numbers(QuantType::Q8_0, &block);
    assert_eq!((out[0], out[1], out[31]), (-32.0, 0.0, 31.75));
}

#[test]
fn q4_k_unpacks_low_and_high_scales() {
    // Scales 0-3 and minimums 0-3 are the low six bits of the first eight bytes; pair 4 takes four bits from byte 8 and
    // its two high bits from bytes 0 and 4.
    let mut block = [&h(1.0)[..], &h(0.5), &[0; 12], &[0x11; 128]].concat();
    (block[4], block[4 + 4], block[4 + 8]) = (0b0100_0011, 0b1000_0010, 0x21);
    let out = numbers(QuantType::Q4_K, &block);
    assert_eq!((out[0], out[31]), (3.0 - 0.5 * 2.0, 2.0));
    assert_eq!(out[32], 0.0);
    assert_eq!(out[128], f32::from(1u8 + 16) - 0.5 * f32::from(2u8 + 32));
}

#[test]
fn q6_k_joins_four_low_and_two_high_bits() {
    let mut block = [&[0x21; 128][..], &[0b1110_0100; 64], &[1; 16], &h(0.5)].concat();
    block[192] = (-2i8) as u8;
    let out = numbers(QuantType::Q6_K, &block);
    assert_eq!((out[0], out[16]), (0.5 * -2.0 * (1.0 - 32.0), 0.5 * (1.0 - 32.0)));
    assert_eq!((out[32], out[64], out[96]), (0.5 * (17.0 - 32.0), 0.5 * (34.0 - 32.0), 0.5 * (50.0 - 32.0)));
}
