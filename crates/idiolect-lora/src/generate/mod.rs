//! Text generation: one token after the other, with a cache of keys and values and the prompt's beginning kept from request
//! to request.

mod adapter;
mod cache;
mod decode;
mod prefixes;
mod sampling;
mod weights;

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use sampling::Sampling;

use cache::KvCache;
use decode::Decoder;
use prefixes::Prefixes;
use sampling::Sampler;
use weights::DecodeWeights;

use crate::error::{Error, Result};
use crate::kernels::Precision;
use crate::kernels::team::Team;
use crate::lora::Lora;
use crate::model::Llama;

/// Generates with a base model and any adapter for it. Shared by all requests; each may bring another adapter.
pub struct Generator {
    model: Arc<Llama>,
    weights: DecodeWeights,
    team: Team,
    prefixes: Mutex<Prefixes>,
}

/// One request.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub lora: Option<&'a Lora>,
    /// The model and, where it is everybody's, the person: what is kept of a prompt is found by nobody else, since how many of its
    /// tokens were kept says what it begins with. None keeps nothing.
    pub kept_for: Option<&'a str>,
    pub prompt: &'a [u32],
    pub max_tokens: usize,
    pub sampling: Sampling,
    /// Tokens that end the answer; they are not part of it.
    pub stop: &'a [u32],
    /// Asked between pieces of a long prompt and before each token; once it says no, the answer ends as cancelled.
    pub is_wanted: &'a dyn Fn() -> bool,
}

/// Tokens of a prompt that are computed between two questions whether the answer is still wanted: about a second's work.
const PROMPT_PIECE: usize = 256;

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The model wrote a stop token.
    Stop,
    /// `max_tokens`, or the end of the model's context, was reached.
    Length,
    /// The caller asked to stop.
    Cancelled,
}

/// An answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Generated {
    pub tokens: Vec<u32>,
    pub finish: Finish,
    /// Prompt tokens that did not have to be computed.
    pub kept_prompt_tokens: usize,
}

impl Generator {
    /// Prepares a model for generation.
    ///
    /// Weights that the model's file has in Q4_0, Q4_1 or Q8_0 are read as they are, whatever the precision: that is exact, and
    /// faster than any copy. Others are read as bf16 unless `f32` is asked for. An answer that is alone uses `threads` threads
    /// where that helps; answers written at the same time use one each.
    pub fn new(model: Arc<Llama>, precision: Precision, threads: usize) -> Self {
        let weights = DecodeWeights::new(&model, precision);
        Self { model, weights, team: Team::new(threads), prefixes: Mutex::default() }
    }

    pub fn model(&self) -> &Llama {
        &self.model
    }

    /// Answers a prompt. `on_token` sees every token as it is written and may stop the answer.
    ///
    /// # Errors
    /// When the prompt is empty, has unknown tokens, or leaves no room in the model's context.
    pub fn generate(&self, request: &Request, on_token: &mut dyn FnMut(u32) -> ControlFlow<()>) -> Result<Generated> {
        self.check(request.prompt)?;
        let mut cache = self.kept(request);
        let kept_prompt_tokens = cache.len();
        let mut decoder = Decoder::new(&self.model, &self.weights, request.lora);
        let caller = self.team.join();
        let mut sampler = Sampler::new(request.sampling);
        let mut tokens = Vec::new();
        // The last token of the prompt is the first of decoding: its logits choose the answer's first token.
        let (prompt, last) = request.prompt.split_at(request.prompt.len() - 1);
        let mut last = last[0];
        for piece in prompt[kept_prompt_tokens..].chunks(PROMPT_PIECE) {
            if !(request.is_wanted)() {
                // Whoever asks again, because it took too long, finds what has been read.
                self.keep(request, &cache);
                return Ok(Generated { tokens, finish: Finish::Cancelled, kept_prompt_tokens });
            }
            decoder.read(&mut cache, piece, &caller.lead());
        }
        self.keep(request, &cache);
        let room = (self.model.config().context - request.prompt.len()).min(request.max_tokens);
        let finish = loop {
            if !(request.is_wanted)() {
                break Finish::Cancelled;
            }
            if tokens.len() == room {
                break Finish::Length;
            }
            let lead = caller.lead();
            decoder.advance(&mut cache, &[last], &lead);
            let token = sampler.choose(decoder.logits(&lead));
            if request.stop.contains(&token) {
                break Finish::Stop;
            }
            tokens.push(token);
            if on_token(token).is_break() {
                break Finish::Cancelled;
            }
            last = token;
        };
        Ok(Generated { tokens, finish, kept_prompt_tokens })
    }

    /// Logits for the token after a prompt, computed token by token as generation does.
    #[cfg(test)]
    fn logits_after(&self, lora: Option<&Lora>, prompt: &[u32], at_a_time: usize) -> Vec<f32> {
        let mut cache = KvCache::new(self.model.config());
        let mut decoder = Decoder::new(&self.model, &self.weights, lora);
        let caller = self.team.join();
        let lead = caller.lead();
        prompt.chunks(at_a_time).for_each(|chunk| match chunk.len() {
            1 => decoder.advance(&mut cache, chunk, &lead),
            _ => decoder.read(&mut cache, chunk, &lead),
        });
        decoder.logits(&lead).to_vec()
    }

    fn check(&self, prompt: &[u32]) -> Result<()> {
        let config = self.model.config();
        let wrong = |reason: String| Err(Error::UnusablePrompt { reason });
        if prompt.is_empty() {
            return wrong("it is empty".to_owned());
        }
        if prompt.len() >= config.context {
            return wrong(format!("its {} tokens leave no room in a context of {}", prompt.len(), config.context));
        }
        match prompt.iter().find(|&&id| id as usize >= config.vocabulary) {
            Some(id) => wrong(format!("token {id} is outside the vocabulary of {}", config.vocabulary)),
            None => Ok(()),
        }
    }

    /// A cache that begins with what is kept of the prompt, but for its last token, which must be computed for its logits.
    fn kept(&self, request: &Request) -> KvCache {
        let wanted = &request.prompt[..request.prompt.len() - 1];
        let kept = request.kept_for.and_then(|kept_for| self.prefixes().find(kept_for, wanted));
        kept.unwrap_or_else(|| KvCache::new(self.model.config()))
    }

    fn keep(&self, request: &Request, cache: &KvCache) {
        if let Some(kept_for) = request.kept_for {
            self.prefixes().keep(kept_for, cache);
        }
    }

    /// Keeps nothing more of what was kept for this model or person.
    pub fn forget(&self, kept_for: &str) {
        self.prefixes().forget(kept_for);
    }

    fn prefixes(&self) -> MutexGuard<'_, Prefixes> {
        self.prefixes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
