//! Evaluation: bits per character on the holdout, and whether the new model may be served.

use async_trait::async_trait;
use idiolect_dataset::Holdout;
use idiolect_provider::{ChatMessage, ModelId, ProviderError, Scorer};
use idiolect_registry::{ConsentProof, Evaluation, Purpose};

use crate::error::PipelineError;
use crate::observer::{Notice, Observer};

/// The models of one comparison.
#[derive(Clone, Debug)]
pub struct Contenders {
    pub base: ModelId,
    pub candidate: ModelId,
    /// What is served now, if anything is.
    pub active: Option<ModelId>,
}

/// Proves consent as it stands at this moment.
#[async_trait]
pub trait AskConsent: Send + Sync {
    async fn ask(&self) -> Result<ConsentProof, PipelineError>;
}

/// Why nothing was measured.
pub enum Unmeasured {
    /// Consent is gone, or could not be asked for.
    Refused(PipelineError),
    Provider(ProviderError),
}

impl From<ProviderError> for Unmeasured {
    fn from(error: ProviderError) -> Self {
        Self::Provider(error)
    }
}

/// Scores every contender on the holdout. Consent is asked for again before each of them.
pub async fn evaluate(
    consent: &dyn AskConsent,
    scorer: &dyn Scorer,
    holdout: &Holdout,
    contenders: &Contenders,
    observer: &dyn Observer,
) -> Result<Evaluation, Unmeasured> {
    if holdout.examples().is_empty() {
        return Ok(absent("the holdout is empty"));
    }
    let conversations = conversations(holdout);
    let bits = async |model: &ModelId| {
        let consent = consent.ask().await.map_err(Unmeasured::Refused)?;
        assert_eq!(
            consent.purpose(),
            Purpose::Extract,
            "scoring people's words takes the proof of consent to reading them"
        );
        observer.notice(Notice::Evaluating { model: model.as_str(), examples: conversations.len() as u64 });
        Ok::<_, Unmeasured>(scorer.score(model, conversations.clone()).await?.bits_per_char())
    };
    let base = bits(&contenders.base).await?;
    let candidate = bits(&contenders.candidate).await?;
    let active = match &contenders.active {
        // A version that is served but cannot be scored any more is no reason to keep it.
        Some(model) => match bits(model).await {
            Err(refused @ Unmeasured::Refused(_)) => return Err(refused),
            measured => measured.ok().flatten(),
        },
        None => None,
    };
    let mut evaluation = Evaluation {
        holdout_loss: candidate,
        base_holdout_loss: base,
        active_holdout_loss: active,
        ..Evaluation::default()
    };
    evaluation.verdict = Some(verdict(&evaluation));
    Ok(evaluation)
}

/// An evaluation that could not be made, and why.
pub fn absent(reason: &str) -> Evaluation {
    Evaluation {
        verdict: Some(format!("not activated: {reason}, so nothing shows that it is better")),
        ..Evaluation::default()
    }
}

/// An evaluation at a provider that cannot score text: the probe is all there is to go by.
pub fn not_measured() -> Evaluation {
    Evaluation {
        verdict: Some("the model answers; this provider cannot score the holdout without an upload".to_owned()),
        ..Evaluation::default()
    }
}

/// Whether the candidate is better than the base and no worse than what is served. A missing number is a no.
pub fn may_activate(evaluation: &Evaluation) -> bool {
    let (Some(candidate), Some(base)) = (evaluation.holdout_loss, evaluation.base_holdout_loss) else { return false };
    candidate < base && evaluation.active_holdout_loss.is_none_or(|active| candidate <= active)
}

/// Whether what is served has come out worse than the base model.
pub fn has_regressed(evaluation: &Evaluation) -> bool {
    let (Some(active), Some(base)) = (evaluation.active_holdout_loss, evaluation.base_holdout_loss) else {
        return false;
    };
    active > base
}

fn verdict(evaluation: &Evaluation) -> String {
    let (Some(candidate), Some(base)) = (evaluation.holdout_loss, evaluation.base_holdout_loss) else {
        return "not activated: the holdout has no characters to measure".to_owned();
    };
    let change = 100.0 * (candidate - base) / base;
    let numbers = format!("{candidate:.3} bits per character on the holdout, base {base:.3} ({change:+.0} %)");
    match evaluation.active_holdout_loss {
        _ if may_activate(evaluation) => numbers,
        Some(active) if candidate < base => format!("not activated: {numbers}, but the active version has {active:.3}"),
        _ => format!("not activated: no better than the base model: {numbers}"),
    }
}

fn conversations(holdout: &Holdout) -> Vec<Vec<ChatMessage>> {
    holdout
        .examples()
        .iter()
        .map(|example| {
            vec![
                ChatMessage::new("system", example.system()),
                ChatMessage::new("user", example.user()),
                ChatMessage::new("assistant", example.assistant()),
            ]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(candidate: f64, base: f64, active: Option<f64>) -> Evaluation {
        Evaluation {
            holdout_loss: Some(candidate),
            base_holdout_loss: Some(base),
            active_holdout_loss: active,
            ..Evaluation::default()
        }
    }

    #[test]
    fn only_a_model_better_than_the_base_and_no_worse_than_the_active_one_is_activated() {
        assert!(may_activate(&measured(1.0, 2.0, None)));
        assert!(may_activate(&measured(1.0, 2.0, Some(1.0))));
        assert!(!may_activate(&measured(2.0, 2.0, None)));
        assert!(!may_activate(&measured(1.0, 2.0, Some(0.9))));
        assert!(!may_activate(&measured(f64::NAN, 2.0, None)));
        assert!(!may_activate(&absent("the source is gone")));
    }

    #[test]
    fn an_active_version_has_regressed_where_it_is_measured_to_be_worse_than_the_base() {
        assert!(has_regressed(&measured(3.0, 2.0, Some(2.1))));
        assert!(!has_regressed(&measured(3.0, 2.0, Some(2.0))));
        assert!(!has_regressed(&measured(3.0, 2.0, None)));
        assert!(!has_regressed(&measured(3.0, 2.0, Some(f64::NAN))));
        assert!(!has_regressed(&absent("the source is gone")));
    }

    #[test]
    fn the_verdict_says_what_was_measured_and_decided() {
        assert_eq!(verdict(&measured(1.0, 2.0, None)), "1.000 bits per character on the holdout, base 2.000 (-50 %)");
        assert!(verdict(&measured(0.5, 2.0, None)).ends_with("(-75 %)"));
        assert!(verdict(&measured(3.0, 2.0, None)).starts_with("not activated: no better than the base model"));
        let as_good = verdict(&measured(2.0, 2.0, Some(1.0)));
        assert!(as_good.starts_with("not activated: no better than the base model"), "whatever is active: {as_good}");
        assert!(verdict(&measured(1.0, 2.0, Some(0.5))).ends_with("but the active version has 0.500"));
    }
}
