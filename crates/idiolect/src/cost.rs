//! What training on a dataset would cost at each hosted provider: the manifest's tokens times epochs times listed price.

use idiolect_dataset::Manifest;
use idiolect_dataset::report::Cost;
use idiolect_provider::{ModelId, Profile, ProfileBook};
use serde::Serialize;

/// The manifest with its estimates, as data for scripts.
#[derive(Serialize)]
pub struct PricedManifest<'a> {
    #[serde(flatten)]
    manifest: &'a Manifest,
    #[serde(rename = "costEstimates")]
    costs: Vec<Estimate>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Estimate {
    provider: String,
    base_model: String,
    epochs: u64,
    trained_tokens: u64,
    usd: f64,
}

impl<'a> PricedManifest<'a> {
    pub fn new(manifest: &'a Manifest, costs: Vec<Cost>) -> Self {
        let estimate = |cost: Cost| Estimate {
            provider: cost.provider,
            base_model: cost.base_model,
            epochs: cost.epochs,
            trained_tokens: cost.trained_tokens,
            usd: cost.usd,
        };
        Self { manifest, costs: costs.into_iter().map(estimate).collect() }
    }
}

/// One estimate for each base model to which `book` has a price and that one `may_train` on, the cheapest first. `epochs` 0 leaves
/// their number to the provider.
pub fn estimates(
    manifest: &Manifest,
    epochs: u32,
    book: &ProfileBook,
    may_train: impl Fn(&Profile, &ModelId) -> bool,
) -> Vec<Cost> {
    let epochs = if epochs == 0 { auto_epochs(manifest.training_examples) } else { epochs.into() };
    let trained_tokens = manifest.tokens.training_file * epochs;
    let mut costs = Vec::new();
    for profile in book.iter().filter(|profile| profile.is_hosted()) {
        for model in profile.models.keys().map(ModelId::new).filter(|model| may_train(profile, model)) {
            if let Some(usd) = profile.training_usd(&model, trained_tokens) {
                let (provider, base_model) = (profile.name.clone(), model.to_string());
                costs.push(Cost { provider, base_model, epochs, trained_tokens, usd });
            }
        }
    }
    costs.sort_by(|a, b| a.usd.total_cmp(&b.usd).then_with(|| a.base_model.cmp(&b.base_model)));
    costs
}

/// How many epochs OpenAI trains when it may choose, by the rule in its cookbook (chat fine-tuning data preparation):
/// three, more where there are few examples, fewer where there are many.
fn auto_epochs(examples: u64) -> u64 {
    match examples {
        0 => 3,
        few if few * 3 < 100 => (100 / few).min(25),
        many if many * 3 > 25_000 => (25_000 / many).max(1),
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_follow_the_cookbook() {
        assert_eq!(
            [0, 2, 10, 33, 34, 500, 8333, 8334, 20_000, 90_000].map(auto_epochs),
            [3, 25, 10, 3, 3, 3, 3, 2, 1, 1]
        );
    }
}
