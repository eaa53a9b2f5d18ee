//! What must hold of the model as a whole.

use super::testing::{MadeUp, busy_lora, examples, tiny, tiny_model};
use super::{Llama, Workspace};
use crate::kernels::Precision;
use crate::lora::{Lora, Side};
use crate::packing::{Example, MicroBatch};
use crate::testing::assert_close;
use crate::weights::unpermute;

const WEIGHT: f32 = 0.25;

fn pack(examples: &[Example]) -> MicroBatch {
    MicroBatch::pack(&examples.iter().collect::<Vec<_>>())
}

fn loss(model: &Llama, lora: Option<&Lora>, batch: &MicroBatch) -> f64 {
    let mut work = Workspace::default();
    model.forward(lora, batch, false, &mut work);
    model.losses(batch, &mut work).into_iter().map(f64::from).sum()
}

fn gradient(model: &Llama, lora: &Lora, batch: &MicroBatch) -> (f64, Vec<f32>) {
    let mut gradient = vec![0.0; lora.parameters().len()];
    let losses = model.losses_and_gradients(lora, batch, WEIGHT, &mut gradient, &mut Workspace::default());
    (losses.into_iter().map(f64::from).sum(), gradient)
}

/// Along its own direction, the gradient of every matrix must be the slope of the loss.
#[test]
fn gradients_of_a_and_b_of_every_projection_agree_with_finite_differences() {
    let (model, lora, batch) = (tiny_model(Precision::F32), busy_lora(5), pack(&examples(4, 3)));
    let (_, gradient) = gradient(&model, &lora, &batch);
    for matrix in lora.layout().matrices() {
        let slope = &gradient[matrix.range.clone()];
        let norm = slope.iter().map(|g| g * g).sum::<f32>().sqrt();
        let step = 2e-2;
        let at = |sign: f32| {
            let mut moved = lora.clone();
            let parameters = &mut moved.parameters_mut()[matrix.range.clone()];
            parameters.iter_mut().zip(slope).for_each(|(p, g)| *p += sign * step * g / norm);
            f64::from(WEIGHT) * loss(&model, Some(&moved), &batch)
        };
        let numeric = (at(1.0) - at(-1.0)) / f64::from(2.0 * step);
        let error = (numeric / f64::from(norm) - 1.0).abs();
        let place = format!("layer {} {:?} {:?}", matrix.layer, matrix.projection, matrix.side);
        assert!(error < 5e-3, "{place}: analytic {norm}, numeric {numeric}");
    }
}

/// Element by element, for a few elements of every matrix, so that a gradient cannot be right in length only.
#[test]
fn single_elements_of_the_gradient_agree_with_finite_differences() {
    let (model, lora, batch) = (tiny_model(Precision::F32), busy_lora(6), pack(&examples(3, 4)));
    let (_, gradient) = gradient(&model, &lora, &batch);
    for matrix in lora.layout().matrices() {
        for at in matrix.range.clone().step_by(matrix.range.len() / 5 + 1) {
            let step = 3e-2;
            let moved = |sign: f32| {
                let mut moved = lora.clone();
                moved.parameters_mut()[at] += sign * step;
                f64::from(WEIGHT) * loss(&model, Some(&moved), &batch)
            };
            let numeric = (moved(1.0) - moved(-1.0)) / f64::from(2.0 * step);
            assert_close(gradient[at], numeric as f32, 5e-3);
        }
    }
}

#[test]
fn every_adapter_tensor_got_a_gradient() {
    let (model, lora, batch) = (tiny_model(Precision::F32), busy_lora(5), pack(&examples(4, 3)));
    let (_, gradient) = gradient(&model, &lora, &batch);
    for matrix in lora.layout().matrices() {
        assert!(gradient[matrix.range].iter().any(|&g| g != 0.0), "{:?} {:?}", matrix.projection, matrix.side);
    }
}

#[test]
fn a_new_adapter_changes_nothing_and_only_b_has_a_gradient() {
    let (model, batch) = (tiny_model(Precision::F32), pack(&examples(4, 3)));
    let lora = Lora::init(model.config(), busy_lora(1).config(), 1);
    assert_eq!(loss(&model, Some(&lora), &batch), loss(&model, None, &batch));
    let (_, gradient) = gradient(&model, &lora, &batch);
    for matrix in lora.layout().matrices() {
        assert_eq!(gradient[matrix.range].iter().any(|&g| g != 0.0), matrix.side == Side::B);
    }
}

#[test]
fn packed_equals_one_by_one_in_loss_and_gradient() {
    for precision in [Precision::F32, Precision::Bf16] {
        let (model, lora, examples) = (tiny_model(precision), busy_lora(5), examples(7, 3));
        let (packed_loss, packed) = gradient(&model, &lora, &pack(&examples));
        let mut single_loss = 0.0;
        let mut single = vec![0.0; packed.len()];
        for example in &examples {
            let (loss, gradient) = gradient(&model, &lora, &pack(std::slice::from_ref(example)));
            single_loss += loss;
            single.iter_mut().zip(gradient).for_each(|(sum, g)| *sum += g);
        }
        // In bf16 the gradient of a shared row is rounded once instead of once an example.
        let tolerance = if precision == Precision::F32 { 1e-5 } else { 2e-2 };
        assert_close(packed_loss as f32, single_loss as f32, tolerance);
        for (a, b) in packed.iter().zip(&single) {
            assert_close(*a, *b, tolerance);
        }
    }
}

#[test]
fn packed_equals_padded_logits_of_a_plain_causal_model() {
    let (model, lora, examples) = (tiny_model(Precision::F32), busy_lora(5), examples(5, 9));
    let batch = pack(&examples);
    let mut work = Workspace::default();
    model.forward(Some(&lora), &batch, false, &mut work);
    let packed = model.losses(&batch, &mut work);
    for (owner, example) in examples.iter().enumerate() {
        // Every token but the first is a target, so nothing is shared and nothing left out: a plain causal model.
        let plain = Example { loss_mask: (0..example.ids.len()).map(|i| i > 0).collect(), ids: example.ids.clone() };
        let plain_batch = pack(&[plain]);
        model.forward(Some(&lora), &plain_batch, false, &mut work);
        let losses = model.losses(&plain_batch, &mut work);
        let wanted = losses.iter().zip(&example.loss_mask[1..]).filter(|(_, learned)| **learned).map(|(loss, _)| *loss);
        let own = packed.iter().zip(&batch.owners).filter(|(_, o)| **o == owner).map(|(loss, _)| *loss);
        for (a, b) in own.zip(wanted) {
            assert_close(a, b, 1e-5);
        }
    }
}

#[test]
fn bf16_stays_close_to_f32() {
    let (lora, batch) = (busy_lora(5), pack(&examples(6, 3)));
    let (exact, exact_gradient) = gradient(&tiny_model(Precision::F32), &lora, &batch);
    let (rounded, rounded_gradient) = gradient(&tiny_model(Precision::Bf16), &lora, &batch);
    assert!((rounded / exact - 1.0).abs() < 0.01, "{rounded} for {exact}");
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum::<f64>();
    let along = dot(&exact_gradient, &rounded_gradient);
    let lengths = (dot(&exact_gradient, &exact_gradient) * dot(&rounded_gradient, &rounded_gradient)).sqrt();
    assert!(along / lengths > 0.999, "cosine {}", along / lengths);
}

/// Adds `scale · B A` to the weights of the source, in the source's own row order.
fn merge(source: &mut MadeUp, lora: &Lora) {
    let config = tiny();
    let matrices: Vec<_> = lora.layout().matrices().collect();
    for pair in matrices.chunks_exact(2) {
        let ([rank, inputs], [outputs, _]) = (pair[0].shape, pair[1].shape);
        let (a, b) = (&lora.parameters()[pair[0].range.clone()], &lora.parameters()[pair[1].range.clone()]);
        let name = match pair[0].projection.module() {
            "self_attn.q_proj" => "attn_q",
            "self_attn.k_proj" => "attn_k",
            "self_attn.v_proj" => "attn_v",
            "self_attn.o_proj" => "attn_output",
            "mlp.gate_proj" => "ffn_gate",
            "mlp.up_proj" => "ffn_up",
            _ => "ffn_down",
        };
        // Rows of queries and keys are permuted in the source: find where each row of Hugging Face's order comes from.
        let order: Vec<f32> = (0..outputs).map(|row| row as f32).collect();
        let order = match name {
            "attn_q" => unpermute(&order, config.heads, 1),
            "attn_k" => unpermute(&order, config.kv_heads, 1),
            _ => order,
        };
        let weights = source.tensors.get_mut(&format!("blk.{}.{name}.weight", pair[0].layer)).unwrap();
        for (row, target) in order.iter().map(|&row| row as usize).enumerate() {
            for column in 0..inputs {
                let change: f32 = (0..rank).map(|k| b[row * rank + k] * a[k * inputs + column]).sum();
                weights[target * inputs + column] += lora.scale() * change;
            }
        }
    }
}

#[test]
fn merged_equals_unmerged() {
    let (model, lora, batch) = (tiny_model(Precision::F32), busy_lora(5), pack(&examples(6, 3)));
    let mut source = MadeUp::new(&tiny(), 1);
    merge(&mut source, &lora);
    let merged = Llama::load(tiny(), &source, Precision::F32).unwrap();
    let mut work = Workspace::default();
    model.forward(Some(&lora), &batch, false, &mut work);
    let unmerged_logits = model.logits(&mut work);
    merged.forward(None, &batch, false, &mut work);
    for (a, b) in unmerged_logits.iter().zip(merged.logits(&mut work)) {
        assert_close(*a, b, 1e-5);
    }
    assert!((loss(&model, None, &batch) - loss(&merged, None, &batch)).abs() > 0.01, "the adapter does nothing");
}

#[test]
fn an_untied_model_trains_too() {
    let model = Llama::load(tiny(), &MadeUp::new(&tiny(), 1).untied(), Precision::F32).unwrap();
    let (lora, batch) = (busy_lora(2), pack(&examples(3, 8)));
    let (at_start, gradient) = gradient(&model, &lora, &batch);
    let mut moved = lora.clone();
    moved.parameters_mut().iter_mut().zip(&gradient).for_each(|(p, g)| *p -= 1e-3 * g);
    assert!(loss(&model, Some(&moved), &batch) < at_start);
}

#[test]
fn buffers_carry_nothing_from_one_batch_to_the_next() {
    let (model, lora) = (tiny_model(Precision::F32), busy_lora(5));
    let (large, small) = (pack(&examples(7, 3)), pack(&examples(2, 5)));
    let fresh = gradient(&model, &lora, &small);
    let mut work = Workspace::default();
    let mut ignored = vec![0.0; lora.parameters().len()];
    model.losses_and_gradients(&lora, &large, 1.0, &mut ignored, &mut work);
    let mut reused = vec![0.0; lora.parameters().len()];
    model.losses_and_gradients(&lora, &small, WEIGHT, &mut reused, &mut work);
    assert_eq!(fresh.1, reused);
}
