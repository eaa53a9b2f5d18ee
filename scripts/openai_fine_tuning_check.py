"""Fine-tunes on a running `idiolect provider` with the official OpenAI Python client (PyPI `openai`), end to end.

    python scripts/openai_fine_tuning_check.py http://127.0.0.1:8485/v1 "$KEY" smollm2-135m-instruct

One line is printed for each check; the exit code is the number of checks that failed. What the checks make, they delete.
"""

import io
import json
import sys
import time

import openai

EXAMPLES = [
    {"messages": [
        {"role": "system", "content": "Write like them."},
        {"role": "user", "content": f"Say that the soup is ready at {n}."},
        {"role": "assistant", "content": f"soup @ {n} k"},
    ]}
    for n in range(40)
]
HYPERPARAMETERS = {"n_epochs": 2, "batch_size": 8, "learning_rate_multiplier": 1.0}
ENDS = ("succeeded", "failed", "cancelled")


def jsonl(examples):
    return io.BytesIO("".join(json.dumps(example) + "\n" for example in examples).encode())


def upload(client, examples, **more):
    return client.files.create(file=("chats.jsonl", jsonl(examples)), purpose="fine-tune", **more)


def method(**hyperparameters):
    return {"type": "supervised", "supervised": {"hyperparameters": HYPERPARAMETERS | hyperparameters}}


def wait(client, job, *statuses):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        job = client.fine_tuning.jobs.retrieve(job.id)
        if job.status in statuses:
            return job
        expect(job.status not in ENDS, f"the job is {job.status}, and its error {job.error}")
        time.sleep(0.02)
    raise Failed(f"the job does not become {statuses}")


def files_come_back(client, base):
    file = upload(client, EXAMPLES, expires_after={"anchor": "created_at", "seconds": 3600})
    expect(file.status == "processed" and file.filename == "chats.jsonl", f"the file is {file}")
    expect(file.expires_at == file.created_at + 3600, "the expiry is another")
    expect(client.files.wait_for_processing(file.id).id == file.id, "the file is not processed")
    expect(file.id in [listed.id for listed in client.files.list(purpose="fine-tune")], "the file is not listed")
    expect(client.files.content(file.id).read() == jsonl(EXAMPLES).read(), "the content is another")
    expect(client.files.delete(file.id).deleted, "the file is not deleted")
    raised(openai.NotFoundError, lambda: client.files.retrieve(file.id))
    return f"{file.bytes} bytes"


def a_whole_fine_tune(client, base):
    jobs = client.fine_tuning.jobs
    file = upload(client, EXAMPLES)
    job = jobs.create(
        model=base, training_file=file.id, method=method(), suffix="check", seed=7, metadata={"check": "whole"}
    )
    expect(job.status in ("validating_files", "queued"), f"a new job is {job.status}")
    expect(job.method.supervised.hyperparameters.n_epochs == 2, "the hyperparameters are others")
    expect([found.id for found in jobs.list(metadata={"check": "whole"})] == [job.id], "the job is not found by metadata")
    done = wait(client, job, "succeeded")
    expect(done.fine_tuned_model.startswith("ft:") and done.trained_tokens > 0, f"the job says {done}")
    # Pages of three, followed to the end.
    events = list(jobs.list_events(job.id, limit=3))
    steps = sorted(event.data["step"] for event in events if event.type == "metrics")
    expect(steps == list(range(1, 11)), f"the events tell the steps {steps}")
    checkpoints = list(jobs.checkpoints.list(job.id))
    expect([checkpoint.step_number for checkpoint in checkpoints] == [10, 5], "there are other checkpoints")
    for model in [done.fine_tuned_model, checkpoints[1].fine_tuned_model_checkpoint]:
        expect(client.models.retrieve(model).id == model, f"{model} is no model")
        chat(client, model)
    expect(client.models.delete(done.fine_tuned_model).deleted, "the model is not deleted")
    error = raised(openai.NotFoundError, lambda: chat(client, done.fine_tuned_model))
    expect(error.code == "model_not_found", f"code is {error.code}")
    client.files.delete(file.id)
    return f"{done.trained_tokens} tokens, {len(events)} events"


def chat(client, model):
    messages = [{"role": "user", "content": "Say that the soup is ready at 3."}]
    asked = {"model": model, "messages": messages, "max_tokens": 8, "seed": 1}
    whole = client.chat.completions.create(**asked)
    expect(whole.model == model and whole.usage.completion_tokens <= 8, "the answer is another's")
    chunks = client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    *before, last = chunks
    expect(last.usage.total_tokens == whole.usage.total_tokens, "the stream counts otherwise")
    text = "".join(chunk.choices[0].delta.content or "" for chunk in before)
    expect(text == whole.choices[0].message.content, "the stream says something else")


def older_hyperparameters(client, base):
    file = upload(client, EXAMPLES)
    job = client.fine_tuning.jobs.create(
        model=base, training_file=file.id, hyperparameters={"n_epochs": 1, "batch_size": "auto"}, validation_file=None
    )
    expect(job.hyperparameters.n_epochs == 1 and job.hyperparameters.batch_size == "auto", f"they are {job.hyperparameters}")
    client.models.delete(wait(client, job, "succeeded").fine_tuned_model)
    client.files.delete(file.id)
    return "hyperparameters beside the method"


def cancelled_and_paused(client, base):
    jobs = client.fine_tuning.jobs
    file = upload(client, EXAMPLES * 10)
    # Twenty thousand steps, so that they are still under way when they are looked at.
    long = method(n_epochs=50, batch_size=1)
    first, second = [jobs.create(model=base, training_file=file.id, method=long) for _ in range(2)]
    wait(client, first, "running")
    jobs.pause(first.id)
    wait(client, first, "paused")
    wait(client, second, "running")
    jobs.cancel(second.id)
    wait(client, second, "cancelled")
    jobs.resume(first.id)
    wait(client, first, "running")
    jobs.cancel(first.id)
    cancelled = wait(client, first, "cancelled")
    expect(cancelled.fine_tuned_model is None and cancelled.error is None, "a cancelled job says too much")
    client.files.delete(file.id)
    return "paused, resumed, cancelled"


def bad_files_fail_the_job(client, base):
    for examples, code in [(EXAMPLES[:5], "invalid_n_examples"), (EXAMPLES + [{"text": "no"}], "invalid_training_file")]:
        file = upload(client, examples)
        job = client.fine_tuning.jobs.create(model=base, training_file=file.id)
        failed = wait(client, job, "failed")
        expect(failed.error.code == code and failed.error.param == "training_file", f"the error is {failed.error}")
        client.files.delete(file.id)
    lines = [event.data["line"] for event in client.fine_tuning.jobs.list_events(job.id) if "line" in (event.data or {})]
    expect(lines == [41], f"the events name the lines {lines}")
    return f"{code} in line {lines[0]}"


def refusals(client, base):
    create = client.fine_tuning.jobs.create
    raised(openai.AuthenticationError, client.with_options(api_key="wrong").models.list)
    raised(openai.NotFoundError, lambda: create(model="no-such-model", training_file="file-none"))
    error = raised(openai.BadRequestError, lambda: create(model=base, training_file="file-none"))
    expect(error.param == "training_file", f"param is {error.param}")
    error = raised(openai.BadRequestError, lambda: client.files.create(file=("a.txt", b"{}"), purpose="fine-tune"))
    expect(error.code == "invalid_file_format", f"code is {error.code}")
    return error.code


CHECKS = [files_come_back, a_whole_fine_tune, older_hyperparameters, cancelled_and_paused, bad_files_fail_the_job, refusals]


class Failed(Exception):
    """A check did not find what it expects."""


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


def main():
    base_url, api_key, base = sys.argv[1:]
    client = openai.OpenAI(base_url=base_url, api_key=api_key, timeout=60, max_retries=0)
    failures = 0
    for check in CHECKS:
        try:
            print(f"ok    {check.__name__}: {check(client, base)}", flush=True)
        except Exception as error:  # every check is run and reported, whatever goes wrong in one
            failures += 1
            print(f"FAIL  {check.__name__}: {type(error).__name__} {error}", flush=True)
    return failures


if __name__ == "__main__":
    sys.exit(main())
