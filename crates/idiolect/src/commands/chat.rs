//! `idiolect chat`: say it plainly, read it in the person's words.

use std::io::{BufRead, IsTerminal};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use futures_util::StreamExt;
use idiolect_gateway::{Answering, PersonalModels};
use idiolect_pipeline::Silent;
use idiolect_provider::{ChatMessage, ChatProvider, ChatRequest, ModelId, ProviderError};
use idiolect_registry::{FallbackReason, Route, User, UserId, VersionId, route};

use crate::cli::Chat;
use crate::context::Context;
use crate::exit::Exit;
use crate::serving::{Base, FALLBACK_SYSTEM_PROMPT, Serving, serving};

pub async fn run(app: &Context, flags: &Chat) -> Result<Exit> {
    let user = app.user(&flags.user).await?;
    let serving = serving(app, &user).await?;
    let interactive = std::io::stdin().is_terminal();
    let mut chat = Conversation { app, flags, serving, user_id: user.user_id.clone(), gone: None, told: None };
    chat.tell(&chat.route(&user), interactive)?;
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
        // Consent may have been taken back since the line before, or another version be served.
        let route = chat.route(&app.user(&flags.user).await?);
        chat.tell(&route, interactive)?;
        let answered = match chat.answer(&route, line.trim()).await {
            Err(failed) if is_gone(&failed) && matches!(route, Route::FineTuned { .. }) => {
                let route = chat.suspect(&route, &failed).await?;
                chat.answer(&route, line.trim()).await
            }
            answered => answered,
        };
        match answered {
            // Whoever types may try again; whoever piped lines in would not know which one has no answer.
            Err(failed) if interactive => app.output.note(crate::sentence(&failed)),
            answered => answered?,
        }
    }
    Ok(Exit::Done)
}

struct Conversation<'a> {
    app: &'a Context,
    flags: &'a Chat,
    serving: Serving,
    user_id: UserId,
    /// The model that its provider did not have when it was asked.
    gone: Option<String>,
    /// Who was said to answer.
    told: Option<Route>,
}

impl Conversation<'_> {
    fn route(&self, user: &User) -> Route {
        if self.flags.base {
            return Route::Base { reason: FallbackReason::BaseRequested };
        }
        match route(Some(user), self.app.now()) {
            Route::FineTuned { model_id, .. } if self.gone.as_ref() == Some(&model_id) => {
                Route::Base { reason: FallbackReason::ModelUnavailable }
            }
            route => route,
        }
    }

    /// Says who answers, where that is not known yet.
    fn tell(&mut self, route: &Route, interactive: bool) -> Result<()> {
        if self.told.as_ref() == Some(route) {
            return Ok(());
        }
        match route {
            Route::FineTuned { model_id, version } if interactive => {
                self.app.output.note(format!("{model_id}, version {version}. Say something plainly; Ctrl-D ends."));
            }
            Route::Base { reason } => {
                let base = &self.base(*reason)?.model;
                self.app.output.note(format!("the base model {base} answers ({})", reason.as_str()));
            }
            Route::FineTuned { .. } => {}
        }
        self.told = Some(route.clone());
        Ok(())
    }

    /// Who answers where no personal model does.
    fn base(&self, reason: FallbackReason) -> Result<&Base> {
        let why = || format!("no personal model answers ({}), and no other can", reason.as_str());
        self.serving.base().with_context(why)
    }

    /// Puts on record what the provider says of the model, as the server does; the base model answers from here on.
    async fn suspect(&mut self, route: &Route, failed: &anyhow::Error) -> Result<Route> {
        let user_id = &self.user_id;
        if let Route::FineTuned { version, model_id } = route {
            let version = VersionId { user_id: user_id.clone(), version: *version };
            let request_id = failed.downcast_ref::<ProviderError>().and_then(ProviderError::request_id);
            self.app.machine(Arc::new(Silent))?.suspect_model(&version, request_id).await?;
            self.gone = Some(model_id.clone());
        }
        let reason = FallbackReason::ModelUnavailable;
        let base = self.serving.base().with_context(|| {
            format!("{failed}; `idiolect status --user {user_id}` says more, and no other model can answer")
        })?;
        self.app.output.note(format!(
            "{failed}; the base model {} answers ({}), and `idiolect status --user {user_id}` says more",
            base.model,
            reason.as_str()
        ));
        self.told = Some(Route::Base { reason });
        Ok(Route::Base { reason })
    }

    async fn answer(&self, route: &Route, text: &str) -> Result<()> {
        let (chat, model, [system, user]) = match route {
            Route::FineTuned { model_id, version } => {
                let model = ModelId::new(model_id);
                let version = VersionId { user_id: self.user_id.clone(), version: *version };
                let Answering { chat, prompts, .. } = self.serving.personal.answering(&version, &model).await?;
                (chat, model, [prompts.system_prompt.clone(), (prompts.wrap)(text)])
            }
            Route::Base { reason } => {
                let Base { chat, model, .. } = self.base(*reason)?;
                (chat.clone(), model.clone(), [FALLBACK_SYSTEM_PROMPT.to_owned(), text.to_owned()])
            }
        };
        let messages = [ChatMessage::new("system", system), ChatMessage::new("user", user)];
        let person = Some(self.user_id.to_string());
        let request = ChatRequest { person, ..ChatRequest::new(model, &messages) };
        show(self.app, self.flags, chat.as_ref(), request).await
    }
}

/// Whether the provider says that it does not have the model; nothing has been shown of an answer then.
fn is_gone(failed: &anyhow::Error) -> bool {
    matches!(failed.downcast_ref(), Some(ProviderError::NotFound { what: "model", .. }))
}

/// Asks, and shows the answer as it comes.
async fn show(app: &Context, flags: &Chat, chat: &dyn ChatProvider, request: ChatRequest) -> Result<()> {
    let mut request = request.with("temperature", flags.temperature).with("max_tokens", flags.max_tokens);
    if let Some(seed) = flags.seed {
        request = request.with("seed", seed);
    }
    if app.output.json {
        let completion = chat.complete(request).await?;
        app.output.line(&completion.0);
        return Ok(());
    }
    let mut chunks = chat.stream(request).await?;
    let mut failed = None;
    let mut is_begun = false;
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Ok(chunk) => {
                let text = chunk.content().unwrap_or_default();
                is_begun |= !text.is_empty();
                app.output.fragment(text)?;
            }
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    // What is said of a failure is no part of the answer that it broke off.
    if is_begun || failed.is_none() {
        app.output.fragment("\n")?;
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}
