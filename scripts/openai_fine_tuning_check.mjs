// Fine-tunes on a running `idiolect provider` with the official OpenAI client for Node (npm `openai`), end to end.
//
//     IDIOLECT_TEST_NODE=DIR node scripts/openai_fine_tuning_check.mjs http://127.0.0.1:8485/v1 "$KEY" smollm2-135m-instruct
//
// DIR holds the node_modules that `npm ci` makes of scripts/node. The exit code is 0 if everything was as expected.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const { OpenAI, NotFoundError, AuthenticationError, toFile } = createRequire(`${process.env.IDIOLECT_TEST_NODE}/`)('openai');

const [baseURL, apiKey, base] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 60_000 });

const lines = Array.from({ length: 40 }, (_, n) =>
  JSON.stringify({
    messages: [
      { role: 'system', content: 'Write like them.' },
      { role: 'user', content: `Say that the soup is ready at ${n}.` },
      { role: 'assistant', content: `soup @ ${n} k` },
    ],
  }),
);

async function collect(pages) {
  const all = [];
  for await (const item of pages) all.push(item);
  return all;
}

async function ended(job) {
  for (let polls = 0; polls < 3000; polls += 1) {
    job = await client.fineTuning.jobs.retrieve(job.id);
    if (['succeeded', 'failed', 'cancelled'].includes(job.status)) return job;
    await sleep(20);
  }
  throw new Error(`the job is still ${job.status}`);
}

const file = await client.files.create({
  file: await toFile(Buffer.from(lines.join('\n')), 'chats.jsonl'),
  purpose: 'fine-tune',
  expires_after: { anchor: 'created_at', seconds: 3600 },
});
assert.equal(file.expires_at, file.created_at + 3600);
assert.equal(await (await client.files.content(file.id)).text(), lines.join('\n'));
assert.deepEqual((await collect(client.files.list())).map((listed) => listed.id), [file.id]);

const created = await client.fineTuning.jobs.create({
  model: base,
  training_file: file.id,
  method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 2, batch_size: 8 } } },
  suffix: 'node',
  metadata: { check: 'node' },
});
const found = await collect(client.fineTuning.jobs.list({ metadata: { check: 'node' } }));
assert.deepEqual(found.map((job) => job.id), [created.id]);
const job = await ended(created);
assert.equal(job.status, 'succeeded', JSON.stringify(job.error));

const events = await collect(client.fineTuning.jobs.listEvents(job.id, { limit: 4 }));
const steps = events.filter((event) => event.type === 'metrics').map((event) => event.data.step);
assert.deepEqual(steps.reverse(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
const checkpoints = await collect(client.fineTuning.jobs.checkpoints.list(job.id));
assert.deepEqual(checkpoints.map((checkpoint) => checkpoint.step_number), [10, 5]);

const model = job.fine_tuned_model;
assert.equal((await client.models.retrieve(model)).id, model);
const asked = { model, messages: [{ role: 'user', content: 'Say that the soup is ready at 3.' }], max_tokens: 8, seed: 1 };
const whole = await client.chat.completions.create(asked);
const chunks = await collect(await client.chat.completions.create({ ...asked, stream: true }));
assert.equal(chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join(''), whole.choices[0].message.content);

const cancelled = await client.fineTuning.jobs.create({
  model: base,
  training_file: file.id,
  hyperparameters: { n_epochs: 50, batch_size: 1 },
});
await client.fineTuning.jobs.cancel(cancelled.id);
assert.equal((await ended(cancelled)).status, 'cancelled');

assert.equal((await client.models.delete(model)).deleted, true);
assert.equal((await client.files.delete(file.id)).deleted, true);
const gone = await client.chat.completions.create(asked).catch((error) => error);
assert.ok(gone instanceof NotFoundError && gone.code === 'model_not_found' && gone.requestID, String(gone));
const refused = await client.withOptions({ apiKey: 'wrong' }).models.list().catch((error) => error);
assert.ok(refused instanceof AuthenticationError, String(refused));
console.log(`ok    ${job.trained_tokens} tokens, ${events.length} events`);
