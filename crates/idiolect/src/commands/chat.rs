//! `idiolect chat`: say it plainly, read it in the person's words.

use std::io::{BufRead, IsTerminal};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use futures_util::StreamExt;
use idiolect_gateway::PromptStyle;
use idiolect_pipeline::Silent;
use idiolect_provider::{ChatMessage, ChatRequest, ModelId, ProviderError};
use idiolect_registry::{FallbackReason, Route, UserId, VersionId, route};

use crate::cli::Chat;
use crate::context::Context;
use crate::exit::Exit;
use crate::serving::{Serving, prompt_style, serving};

pub async fn run(app: &Context, flags: &Chat) -> Result<Exit> {
    let user = app.user(&flags.user).await?;
    let style = prompt_style(app, &user).await?;
    let serving = serving(app, &user).await?;
    let mut route =
        if flags.base { Route::Base { reason: FallbackReason::BaseRequested } } else { route(Some(&user), app.now()) };
    let interactive = std::io::stdin().is_terminal();
    match &route {
        Route::FineTuned { model_id, version } if interactive => {
            app.output.note(format!("{model_id}, version {version}. Say something plainly; Ctrl-D ends."));
        }
        Route::Base { reason } => {
            let base = base_model(&serving, *reason)?;
            app.output.note(format!("the base model {base} answers ({})", reason.as_str()));
        }
        Route::FineTuned { .. } => {}
    }
    let mut lines = std::io::stdin().lock().lines();
    loop {
        if interactive {
            app.output.fragment("> ")?;
        }
        let Some(line) = lines.next() else { break };
        let line = line.context("standard input is not valid UTF-8 text")?;
        if line.trim().is_empty() {
            continue;
        }
        let asked =
            async |route: &Route| answer(app, flags, &serving, request(route, &style, &serving, line.trim())?).await;
        match asked(&route).await {
            Err(failed) if is_gone(&failed) && matches!(route, Route::FineTuned { .. }) => {
                route = suspected(app, &user.user_id, &route, &failed, &serving).await?;
                asked(&route).await?;
            }
            answered => answered?,
        }
    }
    Ok(Exit::Done)
}

/// Who answers where no personal model does.
fn base_model(serving: &Serving, reason: FallbackReason) -> Result<&ModelId> {
    serving.base_model().with_context(|| format!("no personal model answers ({}), and no other can", reason.as_str()))
}

/// Whether the provider says that it does not have the model; nothing has been shown of an answer then.
fn is_gone(failed: &anyhow::Error) -> bool {
    matches!(failed.downcast_ref(), Some(ProviderError::NotFound { what: "model", .. }))
}

/// Puts on record what the provider says of the model, as the server does; the base model answers from here on.
async fn suspected(
    app: &Context,
    user_id: &UserId,
    route: &Route,
    failed: &anyhow::Error,
    serving: &Serving,
) -> Result<Route> {
    if let Route::FineTuned { version, .. } = route {
        let version = VersionId { user_id: user_id.clone(), version: *version };
        let request_id = failed.downcast_ref::<ProviderError>().and_then(ProviderError::request_id);
        app.machine(Arc::new(Silent))?.suspect_model(&version, request_id).await?;
    }
    let reason = FallbackReason::ModelUnavailable;
    let base = serving.base_model().with_context(|| {
        format!("{failed}; `idiolect status --user {user_id}` says more, and no other model can answer")
    })?;
    app.output.note(format!(
        "{failed}; the base model {base} answers ({}), and `idiolect status --user {user_id}` says more",
        reason.as_str()
    ));
    Ok(Route::Base { reason })
}

fn request(route: &Route, style: &PromptStyle, serving: &Serving, text: &str) -> Result<ChatRequest> {
    Ok(match route {
        Route::FineTuned { model_id, .. } => {
            let user = (style.wrap)(text);
            let messages = [ChatMessage::new("system", &style.system_prompt), ChatMessage::new("user", user)];
            ChatRequest::new(ModelId::new(model_id), &messages)
        }
        Route::Base { reason } => {
            let messages = [ChatMessage::new("system", &style.fallback_system_prompt), ChatMessage::new("user", text)];
            ChatRequest::new(base_model(serving, *reason)?.clone(), &messages)
        }
    })
}

async fn answer(app: &Context, flags: &Chat, serving: &Serving, request: ChatRequest) -> Result<()> {
    let mut request = request.with("temperature", flags.temperature).with("max_tokens", flags.max_tokens);
    if let Some(seed) = flags.seed {
        request = request.with("seed", seed);
    }
    if app.output.json {
        let completion = serving.chat.complete(request).await?;
        app.output.line(&completion.0);
        return Ok(());
    }
    let mut chunks = serving.chat.stream(request).await?;
    while let Some(chunk) = chunks.next().await {
        if let Some(text) = chunk?.content() {
            app.output.fragment(text)?;
        }
    }
    app.output.fragment("\n")
}
