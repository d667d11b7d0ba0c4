import { expect, it } from 'vitest';
import { measureSpeed } from './benchmark.js';
import { MNIST_PREPROCESSING } from './model-info.js';
import type { InferenceSession } from './session.js';

const info = { classes: ['a', 'b'], preprocessing: MNIST_PREPROCESSING };

/** A session that takes 2 ms a run and 1 ms an image more, by a clock of its own. */
function slowSession(batch: number | string = 'N') {
  let nowMs = 100;
  const session: InferenceSession = {
    inputs: [{ name: 'input', type: 'float32', shape: [batch, 1, 28, 28] }],
    outputs: [{ name: 'logits', type: 'float32', shape: [batch, 2] }],
    run: async (feeds) => {
      nowMs += 2 + feeds.input!.shape[0]!;
      return {};
    },
    release: async () => {},
  };
  return { session, clocks: { now: () => nowMs, cpu: () => 2 * nowMs } };
}

it('measures the start, one image alone, and batches', async () => {
  const { session, clocks } = slowSession();
  const found = await measureSpeed(session, info, { batchSizes: [2, 8], durationMs: 60 }, clocks);
  expect(found).toEqual({
    coldStartMs: 103,
    firstRunMs: 3,
    alone: { p50Ms: 3, p95Ms: 3, runs: 20 },
    batches: [
      { batchSize: 2, imagesPerSecond: 500, cpuMsPerImage: 4 },
      { batchSize: 8, imagesPerSecond: 800, cpuMsPerImage: 2.5 },
    ],
  });
});

it('leaves out batches that would take too long, and none for the order in which they are named', async () => {
  const { session, clocks } = slowSession();
  const found = await measureSpeed(session, info, { batchSizes: [1000, 8, 2, 8], durationMs: 60 }, clocks);
  expect(found.batches.map(({ batchSize }) => batchSize)).toEqual([2, 8]);
});

it('a model of a pinned batch is measured with that one', async () => {
  const { session, clocks } = slowSession(4);
  const found = await measureSpeed(session, info, { batchSizes: [8], durationMs: 60 }, clocks);
  expect(found.firstRunMs).toBe(6);
  expect(found.batches.map(({ batchSize }) => batchSize)).toEqual([4]);
});
