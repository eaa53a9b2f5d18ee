"""Checks a running gateway with the official OpenAI Python client (PyPI `openai`).

    python scripts/openai_client_check.py http://127.0.0.1:8080/v1 "$IDIOLECT_API_KEY"

Without arguments, `OPENAI_BASE_URL` and `OPENAI_API_KEY` are read. One line is printed for each check, never what the
model said; the exit code is the number of checks that failed.
"""

import argparse
import os
import sys

import openai

MESSAGES = [{"role": "user", "content": "We meet at seven in front of the station."}]
MAX_TOKENS = 16


def models_are_listed(client):
    ids = [model.id for model in client.models.list()]
    expect("base" in ids, f"'base' is not among {ids}")
    expect(client.models.retrieve("base").object == "model", "retrieve('base') is no model")
    for model in ids:
        expect(client.models.retrieve(model).id == model, f"{model} cannot be retrieved")
    return f"{len(ids)} models"


def whole_answer(client, model="personal"):
    raw = client.chat.completions.with_raw_response.create(model=model, messages=MESSAGES, max_tokens=MAX_TOKENS, seed=1)
    completion = raw.parse()
    expect(completion.object == "chat.completion", "the object is no chat.completion")
    choice = completion.choices[0]
    expect(choice.message.role == "assistant", "the answer is not the assistant's")
    expect(isinstance(choice.message.content, str), "the answer has no text")
    expect(choice.finish_reason in ("stop", "length"), f"finish_reason is {choice.finish_reason}")
    expect(0 < completion.usage.completion_tokens <= MAX_TOKENS, "usage does not count the answer")
    expect(completion.usage.prompt_tokens > 0, "usage does not count the prompt")
    return served(raw.headers, completion.model)


def base_model_answers(client):
    told = whole_answer(client, model="base")
    expect("base_requested" in told, f"the headers say {told}")
    return told


def streamed_answer(client):
    raw = client.chat.completions.with_raw_response.create(
        model="personal",
        messages=MESSAGES,
        max_tokens=MAX_TOKENS,
        seed=1,
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(raw.parse())
    expect(all(chunk.object == "chat.completion.chunk" for chunk in chunks), "an object is no chat.completion.chunk")
    expect(len({chunk.id for chunk in chunks}) == 1, "the chunks have different ids")
    *before, last = chunks
    expect(last.choices == [] and last.usage is not None, "the last chunk is not the usage's own")
    expect(last.usage.completion_tokens > 0, "usage does not count the answer")
    expect(all(chunk.usage is None for chunk in before), "usage came before the end")
    expect(before[-1].choices[0].finish_reason in ("stop", "length"), "the answer has no end")
    return f"{len(before)} chunks, {served(raw.headers, last.model)}"


def stream_without_usage(client):
    chunks = list(client.chat.completions.create(model="personal", messages=MESSAGES, max_tokens=MAX_TOKENS, stream=True))
    expect(all(chunk.choices and chunk.usage is None for chunk in chunks), "usage came without being asked for")
    expect(chunks and chunks[-1].choices[0].finish_reason in ("stop", "length"), "the answer has no end")
    return f"{len(chunks)} chunks"


def stream_left_early(client):
    """Generation must stop and the server must go on answering."""
    with client.chat.completions.create(model="personal", messages=MESSAGES, max_tokens=512, stream=True) as stream:
        next(iter(stream))
    client.models.list()
    return "the server goes on"


def wrong_key_is_refused(client):
    error = raised(openai.AuthenticationError, client.with_options(api_key="wrong").models.list)
    expect(error.code == "invalid_api_key", f"code is {error.code}")
    return f"{error.status_code} {error.code}"


def unknown_model_is_refused(client):
    call = client.chat.completions.create
    error = raised(openai.NotFoundError, lambda: call(model="no-such-model", messages=MESSAGES))
    expect(error.code == "model_not_found", f"code is {error.code}")
    expect(error.param == "model", f"param is {error.param}")
    return f"{error.status_code} {error.code}"


def invalid_message_is_named(client):
    bad = [*MESSAGES, {"role": "robot", "content": "hello"}]
    error = raised(openai.BadRequestError, lambda: client.chat.completions.create(model="personal", messages=bad))
    expect(error.param == "messages[1].role", f"param is {error.param}")
    return f"{error.status_code} {error.param}"


def oversize_body_is_refused(client):
    large = [{"role": "user", "content": "x" * 5_000_000}]
    error = raised(openai.APIStatusError, lambda: client.chat.completions.create(model="personal", messages=large))
    expect(error.status_code == 413, f"status is {error.status_code}")
    return f"{error.status_code} {error.code}"


CHECKS = [
    models_are_listed,
    whole_answer,
    base_model_answers,
    streamed_answer,
    stream_without_usage,
    stream_left_early,
    wrong_key_is_refused,
    unknown_model_is_refused,
    invalid_message_is_named,
    oversize_body_is_refused,
]


class Failed(Exception):
    """A check did not find what it expects; the sentence holds no message text."""


def expect(holds, otherwise):
    if not holds:
        raise Failed(otherwise)


def raised(kind, call):
    try:
        call()
    except kind as error:
        expect(error.request_id, "the error has no x-request-id")
        return error
    raise Failed(f"{kind.__name__} was not raised")


def served(headers, model):
    """What the headers say about who answered, having checked that they agree with the body."""
    expect(headers.get("x-request-id"), "there is no x-request-id")
    expect(headers.get("x-idiolect-model") == model, f"the header says {headers.get('x-idiolect-model')}, the body {model}")
    version, reason = headers.get("x-idiolect-version"), headers.get("x-idiolect-fallback-reason")
    expect((version is None) != (reason is None), "there must be a version or a fallback reason")
    return f"{model} version {version}" if version else f"{model} because {reason}"


def main():
    parser = argparse.ArgumentParser(description="Checks a running gateway with the official OpenAI client.")
    parser.add_argument("base_url", nargs="?", default=os.environ.get("OPENAI_BASE_URL"))
    parser.add_argument("api_key", nargs="?", default=os.environ.get("OPENAI_API_KEY"))
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for one request (default: %(default)s)")
    args = parser.parse_args()
    if not args.base_url or not args.api_key:
        parser.error("give BASE_URL and API_KEY, or set OPENAI_BASE_URL and OPENAI_API_KEY")
    client = openai.OpenAI(base_url=args.base_url, api_key=args.api_key, timeout=args.timeout, max_retries=0)
    failures = 0
    for check in CHECKS:
        try:
            print(f"ok    {check.__name__}: {check(client)}", flush=True)
        except Exception as error:  # every check is run and reported, whatever goes wrong in one
            failures += 1
            sentence = error if isinstance(error, (Failed, openai.OpenAIError)) else type(error).__name__
            print(f"FAIL  {check.__name__}: {sentence}", flush=True)
    return failures


if __name__ == "__main__":
    sys.exit(main())
