//! The base model from the model hub, over HTTPS.

use std::io::Read;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Pull;

/// How long to wait for a connection and for the head of the answer. The body takes as long as it takes, if it comes.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// Asks for the file and answers its bytes as they come.
pub(super) fn open(pull: &Pull<'_>) -> Result<impl Read + use<>> {
    let address = format!("{}/{}", pull.tools.hub, pull.model.hub_path);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_recv_response(Some(ANSWER_TIMEOUT))
        .timeout_per_read(Some(pull.tools.silence))
        .build()
        .into();
    let answer = agent.get(&address).call().with_context(|| format!("{address} cannot be fetched"))?;
    Ok(answer.into_body().into_reader())
}
