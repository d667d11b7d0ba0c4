import type { BoundTensor } from '../../core/convert/index.js';
import { argmax } from '../../core/metrics.js';
import { createNodeSession } from '../runtime/index.js';
import { runBatch } from './run-batch.js';
import type { Samples } from './samples.js';

interface AccuracyOptions {
  readonly bytes: Uint8Array;
  readonly inputs: readonly BoundTensor[];
  /** Of a classifier: the first gives the scores, or the classes. */
  readonly outputs: readonly BoundTensor[];
  readonly samples: Samples;
  /** One a sample. */
  readonly labels: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

/** Measures a classifier's accuracy, 0 to 1, and its speed in batches on the CPU. */
export async function measureAccuracy({
  bytes,
  inputs,
  outputs,
  samples,
  labels,
  signal,
}: AccuracyOptions): Promise<{ accuracy: number; imagesPerSecond: number }> {
  const session = await createNodeSession(bytes, { device: 'cpu' });
  let correct = 0;
  let done = 0;
  let rows = 0;
  let runMs = 0;
  try {
    const [first] = samples.batches();
    // The first run warms up.
    if (first) await runBatch(session, inputs, first);
    for (const batch of samples.batches()) {
      signal?.throwIfAborted();
      const started = performance.now();
      const results = await runBatch(session, inputs, batch);
      runMs += performance.now() - started;
      const found = classesOf(results[outputs[0]!.name]!);
      for (let i = 0; i < batch.count; i++) if (found[i] === labels[done + i]) correct++;
      done += batch.count;
      rows += batch.inputs[0]!.shape[0]!;
    }
  } finally {
    await session.release();
  }
  return { accuracy: correct / done, imagesPerSecond: Math.round((1000 * rows) / runMs) };
}

/** The classes of scores [N, classes], or of [N] classes. */
function classesOf({
  shape,
  data,
}: {
  shape: readonly number[];
  data: ArrayLike<number | bigint>;
}): number[] {
  const numbers = Float32Array.from(data as ArrayLike<number>, Number);
  if (shape.length === 1) return [...numbers];
  const classes = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, i) =>
    argmax(numbers.subarray(i * classes, (i + 1) * classes)),
  );
}
