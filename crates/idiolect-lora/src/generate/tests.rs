//! What must hold of generation as a whole.

mod quantised;

use super::*;
use crate::config::Config;
use crate::model::Workspace;
use crate::model::testing::{MadeUp, busy_lora, tiny, tiny_model};
use crate::packing::{Example, MicroBatch};
use crate::testing::assert_close;

const GREEDY: Sampling = Sampling { temperature: 0.0, top_p: 1.0, seed: 1 };
const PROMPT: [u32; 9] = [3, 14, 15, 9, 26, 5, 35, 8, 1];

fn generator(precision: Precision) -> Generator {
    Generator::new(Arc::new(tiny_model(Precision::F32)), precision, 2)
}

fn request(prompt: &[u32]) -> Request<'_> {
    Request {
        lora: None,
        kept_for: Some("base"),
        prompt,
        max_tokens: 12,
        sampling: GREEDY,
        stop: &[],
        is_wanted: &|| true,
    }
}

fn run(generator: &Generator, request: &Request) -> Generated {
    generator.generate(request, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// Logits after every token of `ids` but the last, by the training's forward pass.
fn full_forward(model: &Llama, lora: Option<&Lora>, ids: &[u32]) -> Vec<f32> {
    let example = Example { ids: ids.to_vec(), loss_mask: (0..ids.len()).map(|i| i > 0).collect() };
    let mut work = Workspace::default();
    model.forward(lora, &MicroBatch::pack(&[&example]), false, &mut work);
    model.logits(&mut work)
}

#[test]
fn cached_logits_equal_the_full_forward_pass() {
    let (generator, lora) = (generator(Precision::F32), busy_lora(3));
    for lora in [None, Some(&lora)] {
        let full = full_forward(generator.model(), lora, &PROMPT);
        let vocabulary = generator.model().config().vocabulary;
        for len in 1..PROMPT.len() {
            for at_a_time in [1, 3, 8] {
                let cached = generator.logits_after(lora, &PROMPT[..len], at_a_time);
                for (a, b) in cached.iter().zip(&full[(len - 1) * vocabulary..]) {
                    assert_close(*a, *b, 1e-4);
                }
            }
        }
    }
}

#[test]
fn bf16_logits_are_close_to_f32() {
    let (exact, rounded) = (generator(Precision::F32), generator(Precision::Bf16));
    let (exact, rounded) = (exact.logits_after(None, &PROMPT, 1), rounded.logits_after(None, &PROMPT, 1));
    assert!(exact.iter().zip(&rounded).all(|(a, b)| (a - b).abs() < 0.1));
    assert_ne!(exact, rounded);
}

#[test]
fn greedy_tokens_are_the_likeliest_of_the_full_forward_pass() {
    let (generator, lora) = (generator(Precision::F32), busy_lora(3));
    let answer = run(&generator, &Request { lora: Some(&lora), kept_for: Some("a"), ..request(&PROMPT) });
    assert_eq!((answer.tokens.len(), answer.finish), (12, Finish::Length));
    let ids = [&PROMPT[..], &answer.tokens].concat();
    let full = full_forward(generator.model(), Some(&lora), &ids);
    for (row, &token) in full.chunks(61).skip(PROMPT.len() - 1).zip(&answer.tokens) {
        assert!(row.iter().all(|&logit| logit <= row[token as usize] + 1e-4));
    }
}

#[test]
fn a_kept_prompt_changes_nothing_but_the_work() {
    let (generator, lora) = (generator(Precision::F32), busy_lora(3));
    let other = [&PROMPT[..7], &[40, 41]].concat();
    let fresh = run(&self::generator(Precision::F32), &request(&other));
    assert_eq!(run(&generator, &request(&PROMPT)).kept_prompt_tokens, 0);
    let reused = run(&generator, &request(&other));
    assert_eq!(reused.kept_prompt_tokens, 7);
    assert_eq!(reused.tokens, fresh.tokens);
    assert_eq!(
        run(&generator, &Request { lora: Some(&lora), kept_for: Some("a"), ..request(&PROMPT) }).kept_prompt_tokens,
        0
    );
    assert_eq!(
        run(&generator, &Request { lora: Some(&lora), kept_for: Some("a"), ..request(&PROMPT) }).kept_prompt_tokens,
        8
    );
}

#[test]
fn nobody_is_told_what_another_person_asked() {
    let generator = generator(Precision::F32);
    let asked = |kept_for| run(&generator, &Request { kept_for, ..request(&PROMPT) }).kept_prompt_tokens;
    assert_eq!([Some("ana"), Some("bo"), None, None, Some("ana")].map(asked), [0, 0, 0, 0, 8]);
    generator.forget("ana");
    assert_eq!([Some("ana"), Some("bo")].map(asked), [0, 8]);
}

#[test]
fn the_adapter_of_the_request_is_applied() {
    let (generator, lora) = (generator(Precision::Auto), busy_lora(3));
    let tuned = run(&generator, &Request { lora: Some(&lora), kept_for: Some("a"), ..request(&PROMPT) });
    assert_ne!(tuned.tokens, run(&generator, &request(&PROMPT)).tokens);
}

#[test]
fn the_seed_repeats_an_answer() {
    let generator = generator(Precision::Auto);
    let draw = |seed| {
        let sampling = Sampling { temperature: 1.5, top_p: 0.95, seed };
        run(&generator, &Request { sampling, ..request(&PROMPT) }).tokens
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn the_answer_does_not_depend_on_how_much_of_the_prompt_was_kept() {
    let sampling = Sampling { temperature: 2.0, top_p: 1.0, seed: 5 };
    let answer_after = |kept: usize| {
        let generator = generator(Precision::Auto);
        if kept > 0 {
            run(&generator, &request(&PROMPT[..kept]));
        }
        run(&generator, &Request { sampling, ..request(&PROMPT) }).tokens
    };
    let fresh = answer_after(0);
    for kept in 1..=PROMPT.len() {
        assert_eq!(answer_after(kept), fresh, "{kept} tokens kept");
    }
}

#[test]
fn answers_end_at_a_stop_token_at_the_length_and_on_request() {
    let generator = generator(Precision::F32);
    let answer = run(&generator, &request(&PROMPT));
    let position = answer.tokens.iter().position(|t| *t == answer.tokens[4]).unwrap();
    let stopped = run(&generator, &Request { stop: &[answer.tokens[4]], ..request(&PROMPT) });
    assert_eq!((stopped.tokens.as_slice(), stopped.finish), (&answer.tokens[..position], Finish::Stop));
    let unwanted = run(&generator, &Request { is_wanted: &|| false, ..request(&PROMPT) });
    assert_eq!((unwanted.finish, unwanted.tokens.len()), (Finish::Cancelled, 0), "no one waits for a long prompt");
    assert!(run(&generator, &Request { max_tokens: 0, ..request(&PROMPT) }).tokens.is_empty());
    let mut seen = Vec::new();
    let mut on_token = |token| {
        seen.push(token);
        if seen.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let cancelled = generator.generate(&request(&PROMPT), &mut on_token).unwrap();
    assert_eq!((cancelled.tokens.as_slice(), cancelled.finish), (&answer.tokens[..2], Finish::Cancelled));
    assert_eq!(seen, cancelled.tokens);
}

#[test]
fn what_was_read_of_a_prompt_that_took_too_long_is_there_when_it_is_asked_again() {
    let config = Config { context: 2 * PROMPT_PIECE, ..tiny() };
    let model = Llama::load(config.clone(), &MadeUp::new(&config, 1), Precision::F32).unwrap();
    let generator = Generator::new(Arc::new(model), Precision::F32, 1);
    let prompt = [PROMPT[0]; PROMPT_PIECE + 20];
    let asked = std::cell::Cell::new(0);
    let is_wanted = || asked.replace(asked.get() + 1) == 0;
    let first = run(&generator, &Request { is_wanted: &is_wanted, ..request(&prompt) });
    assert_eq!(first.finish, Finish::Cancelled);
    assert_eq!(run(&generator, &request(&prompt)).kept_prompt_tokens, PROMPT_PIECE);
}

#[test]
fn the_end_of_the_context_ends_an_answer() {
    let generator = generator(Precision::F32);
    let prompt = vec![7; 60];
    let answer = run(&generator, &request(&prompt));
    assert_eq!((answer.tokens.len(), answer.finish), (4, Finish::Length));
}

#[test]
fn unusable_prompts_are_refused() {
    let generator = generator(Precision::F32);
    for prompt in [&[][..], &[61], &[1; 64]] {
        assert!(generator.generate(&request(prompt), &mut |_| ControlFlow::Continue(())).is_err());
    }
}
