//! Flags of commands that answer and of those that drive runs.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::UserFlag;

#[derive(Debug, Args)]
pub struct Chat {
    #[command(flatten)]
    pub user: UserFlag,
    /// Ask the base model instead
    #[arg(long)]
    pub base: bool,
    /// From 0, always the likeliest word, to 2
    #[arg(long, default_value_t = 0.3, value_parser = temperature)]
    pub temperature: f64,
    /// The longest answer
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_tokens: u64,
    /// Seed of the choice of words
    #[arg(long)]
    pub seed: Option<u64>,
}

fn temperature(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|temperature| (0.0..=2.0).contains(temperature)).ok_or("it is no number from 0 to 2")
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub user: UserFlag,
    /// The port on 127.0.0.1 [default: the setting `serve.port`, which is 8484]
    #[arg(long)]
    pub port: Option<u16>,
    /// Make a new API key; the old one ends
    #[arg(long)]
    pub new_key: bool,
    /// Drive training runs of all users in this process, too
    #[arg(long, value_enum, value_name = "ENGINE")]
    pub engine: Option<EngineName>,
    #[command(flatten)]
    pub temporal: TemporalFlags,
}

/// Who shares users out among the processes that drive them.
#[derive(Clone, Debug, Args)]
pub struct EngineFlags {
    /// `embedded`: processes that share the store, by leases on its records; `temporal`: any number of machines, by a cluster
    #[arg(long, value_enum, default_value = "embedded", value_name = "NAME")]
    pub engine: EngineName,
    #[command(flatten)]
    pub temporal: TemporalFlags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum EngineName {
    Embedded,
    Temporal,
}

/// Each is stronger than the setting `temporal.…` of its name.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "With --engine temporal")]
pub struct TemporalFlags {
    /// Where the cluster's frontend is [default: the setting `temporal.address`, else 127.0.0.1:7233]
    #[arg(long, value_name = "HOST:PORT")]
    pub address: Option<String>,
    /// [default: the setting `temporal.namespace`, which is `default`]
    #[arg(long, value_name = "NAME")]
    pub namespace: Option<String>,
    /// All workers of an installation name the same one [default: the setting `temporal.task_queue`, which is `training`]
    #[arg(long, value_name = "NAME")]
    pub task_queue: Option<String>,
    /// Encrypt; a certificate or a key asks for it by itself
    #[arg(long)]
    pub tls: bool,
    /// PEM file of who vouches for the server, instead of those whom the system trusts
    #[arg(long, value_name = "FILE")]
    pub tls_ca: Option<PathBuf>,
    /// PEM file of this client's certificate, for mutual TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// PEM file of its key
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// The name on the server's certificate, if it is not the address's
    #[arg(long, value_name = "NAME")]
    pub tls_server_name: Option<String>,
    /// The environment variable that holds the API key
    #[arg(long, value_name = "VARIABLE")]
    pub api_key_env: Option<String>,
}

impl TemporalFlags {
    /// The first that was given.
    pub fn first_given(&self) -> Option<&'static str> {
        let Self { address, namespace, task_queue, tls, tls_ca, tls_cert, tls_key, tls_server_name, api_key_env } =
            self;
        let flags = [
            ("--address", address.is_some()),
            ("--namespace", namespace.is_some()),
            ("--task-queue", task_queue.is_some()),
            ("--tls", *tls),
            ("--tls-ca", tls_ca.is_some()),
            ("--tls-cert", tls_cert.is_some()),
            ("--tls-key", tls_key.is_some()),
            ("--tls-server-name", tls_server_name.is_some()),
            ("--api-key-env", api_key_env.is_some()),
        ];
        flags.into_iter().find_map(|(flag, is_given)| is_given.then_some(flag))
    }
}

#[derive(Debug, Args)]
pub struct Provider {
    /// The port on 127.0.0.1 [default: the setting `host.port`, which is 8485]
    #[arg(long)]
    pub port: Option<u16>,
    /// Make a new API key; the old one ends
    #[arg(long)]
    pub new_key: bool,
}

#[derive(Debug, Subcommand)]
pub enum ProvidersAction {
    /// List the profiles, built in and of the settings
    #[command(after_help = "Example:\n  idiolect providers list --json")]
    List,
    /// Show all that is known of one
    #[command(after_help = "Example:\n  idiolect providers show nebius")]
    Show {
        /// The profile
        name: String,
    },
    /// Ask whether it answers, and what stands in the way of training there
    #[command(after_help = "Examples:\n  idiolect providers check\n  idiolect providers check openai --json")]
    Check {
        /// The profile [default: the setting `training.provider`, which is local]
        name: Option<String>,
    },
}
