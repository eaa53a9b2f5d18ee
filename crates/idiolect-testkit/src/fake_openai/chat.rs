//! `/v1/chat/completions`: answers that say which model they come from.

use serde_json::{Value, json};

use super::serve::{Answered, Refused};
use super::{FAKE_REASONING_MODEL, Shared, schema};

const ID: &str = "chatcmpl-fake";
/// What a reasoning model refuses.
const UNSUPPORTED: [&str; 5] = ["max_tokens", "temperature", "top_p", "presence_penalty", "frequency_penalty"];

pub(super) fn complete(shared: &Shared, body: &Value) -> Answered {
    let model = check(shared, body)?;
    let text = text(&model);
    Ok(json!({
        "id": ID, "object": "chat.completion", "created": shared.now().as_second(), "model": model,
        "choices": [{
            "index": 0, "finish_reason": "stop", "logprobs": null,
            "message": {"role": "assistant", "content": text, "refusal": null, "annotations": []},
        }],
        "usage": usage(&text), "service_tier": "default", "system_fingerprint": null,
    }))
}

/// Chunks as they are streamed, without `[DONE]`.
pub(super) fn stream(shared: &Shared, body: &Value) -> Result<Vec<Value>, Refused> {
    let model = check(shared, body)?;
    let text = text(&model);
    let with_usage = body.pointer("/stream_options/include_usage") == Some(&Value::Bool(true));
    let chunk = |choices: Value, usage: Value| {
        let mut chunk = json!({
            "id": ID, "object": "chat.completion.chunk", "created": shared.now().as_second(), "model": model,
            "choices": choices, "service_tier": "default", "system_fingerprint": null, "obfuscation": "x7Gq",
        });
        if with_usage {
            chunk["usage"] = usage;
        }
        chunk
    };
    let delta = |delta: Value, finish: Option<&str>| {
        chunk(json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]), Value::Null)
    };
    let mut chunks = vec![delta(json!({"role": "assistant", "content": "", "refusal": null}), None)];
    chunks.extend(text.split_inclusive(' ').map(|word| delta(json!({"content": word}), None)));
    chunks.push(delta(json!({}), Some("stop")));
    if with_usage {
        chunks.push(chunk(json!([]), usage(&text)));
    }
    Ok(chunks)
}

fn check(shared: &Shared, body: &Value) -> Result<String, Refused> {
    schema::check_chat(body).map_err(|broken| Refused::invalid(Some("messages"), broken))?;
    let model = body["model"].as_str().unwrap_or_default();
    let mut state = shared.state();
    state.bring_in_models(shared.now());
    state.answering(model)?;
    if model == FAKE_REASONING_MODEL
        && let Some(field) = UNSUPPORTED.into_iter().find(|field| body.get(field).is_some())
    {
        let message = format!("Unsupported parameter: '{field}' is not supported with this model.");
        return Err(Refused::new(400, Some(field), Some("unsupported_parameter"), message));
    }
    Ok(model.to_owned())
}

fn text(model: &str) -> String {
    format!("I am {model}")
}

fn usage(text: &str) -> Value {
    let completion = text.split_whitespace().count();
    json!({
        "prompt_tokens": 7, "completion_tokens": completion, "total_tokens": 7 + completion,
        "prompt_tokens_details": {"cached_tokens": 0},
    })
}
