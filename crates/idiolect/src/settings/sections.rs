//! Settings of everything but runs, section by section.

use serde::{Deserialize, Serialize};

/// Used when `store` is `firestore`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Firestore {
    /// The Firebase project; `FIREBASE_PROJECT_ID` sets it too.
    pub project_id: String,
    pub database_id: String,
    /// What the collections are called.
    pub users: String,
    pub llm_models: String,
    pub erasures: String,
    pub spend_runs: String,
    pub spend_user_months: String,
    pub spend_days: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// A name that `idiolect model list` shows, or the path of a GGUF file.
    pub base: String,
    /// `auto`, `f32` or `bf16`.
    pub precision: String,
    /// Threads for training and generation; 0 takes every core.
    pub threads: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    pub days: u32,
    /// `neutral_rewrite`, `style_rewrite`, `intent` or `mix`.
    pub strategy: String,
    /// Messages to one conversation that follow one another within this time are one example with line breaks; 0 joins none.
    pub burst_gap_seconds: u32,
    /// The most training examples that one conversation may give, as a share of all there are before caps; 0 is no limit.
    pub max_conversation_share: f64,
    /// The most training examples; 0 is no limit.
    pub max_examples: u64,
    /// The most tokens of the training file, which a provider bills for each epoch; 0 is no limit.
    pub max_tokens: u64,
    /// The most bytes of the training file; 0 is no limit.
    pub max_bytes: u64,
    /// Which examples stay when there are too many: `newest`, or `sampled` evenly over the window.
    pub choice: String,
    /// Share of the newest messages that is held out for evaluation.
    pub holdout_share: f64,
}

/// The rules of spec §6.3; blank messages are always left out.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cleaning {
    pub drop_emoji_only: bool,
    pub drop_url_only: bool,
    pub drop_quoted: bool,
    pub drop_forwarded: bool,
    /// Automatic answers.
    pub drop_automatic: bool,
    /// What an app wrote: "<Media omitted>", tapbacks as text, "Sent from my iPhone".
    pub drop_app_made: bool,
    /// Messages shorter than `min_chars` go, unless they are what the person commonly writes.
    pub drop_short: bool,
    pub min_chars: usize,
    /// A short text is common from this share of the window's messages on …
    pub common_share: f64,
    /// … and from this many times on.
    pub common_count: u64,
    pub drop_duplicates: bool,
    /// Of copies with at least this many words one stays; shorter ones are a habit, of which more stay.
    pub paste_words: usize,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    pub phone: bool,
    pub email: bool,
    pub postal_address: bool,
    /// Login and verification codes.
    pub one_time_code: bool,
    /// Passwords, PINs and keys announced as such.
    pub password: bool,
    pub payment_card: bool,
    pub iban: bool,
    /// Social security and identity card numbers.
    pub national_id: bool,
    pub ip_address: bool,
    /// Tokens in links, API keys, private keys.
    pub secret: bool,
    /// The names in `names`, and with `greeting_names` the word after "Hi".
    pub name: bool,
    /// The words in `deny`.
    pub word: bool,
    /// Names of people that never stay.
    pub names: Vec<String>,
    pub greeting_names: bool,
    /// Words and phrases that never stay.
    pub deny: Vec<String>,
    /// Values that stay though a rule finds them.
    pub allow: Vec<String>,
    /// Two letters: where a phone number without a country code is from; empty takes it from the messages.
    pub region: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    pub min_messages: u64,
    pub min_tokens: u64,
}

/// 0 leaves the numbers to the recipe.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// The profile that runs are trained with; `local` is this process.
    pub provider: String,
    /// The base model at that provider; empty takes the profile's, and `model.base` for `local`.
    pub base_model: String,
    pub epochs: u32,
    pub batch_size: u32,
    pub learning_rate_multiplier: f64,
}

/// Which conversations are read: their ids, or the numbers and addresses in them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversationLists {
    /// Empty reads all.
    pub only: Vec<String>,
    /// Stronger than `only`.
    pub except: Vec<String>,
}

/// Servers that are asked for messages.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bridge {
    /// Sent as `Authorization: Bearer …`.
    #[serde(default)]
    pub token: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    pub port: u16,
    /// Instead of the key made at the first start.
    #[serde(default)]
    pub api_key: String,
    /// `whsec_…`, as the provider shows it once: its webhooks are believed, and only to look at a job earlier.
    #[serde(default)]
    pub webhook_secret: String,
    /// Whether `GET /metrics` answers, without a key, with what this process has counted.
    #[serde(default)]
    pub metrics: bool,
}

/// What `idiolect provider` offers to others.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    pub port: u16,
    /// Instead of the key made at the first start.
    #[serde(default)]
    pub api_key: String,
    /// Larger training files are refused.
    pub max_file_mb: u64,
    /// A training file is refused that would take all together over this.
    pub max_total_mb: u64,
}
