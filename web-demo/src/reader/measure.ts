import { classify } from '../../../src/core/classify.js';
import { MNIST_PIXELS } from '../../../src/core/image.js';
import { argmax, maxAbsDifference } from '../../../src/core/metrics.js';
import type { Parity, ParityDigits } from './protocol.js';
import type { Model } from './read.js';

const MAX_RUNS = 20;
const MAX_TOTAL_MS = 1000;

/** The median time of reading one digit, once warm. */
export async function measureWarm({ session, info }: Model): Promise<number> {
  const times: number[] = [];
  const first = performance.now();
  while (times.length < MAX_RUNS && performance.now() - first < MAX_TOTAL_MS) {
    const started = performance.now();
    await classify(session, info, new Uint8Array(MNIST_PIXELS));
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)]!;
}

/** Classifies the reference digits and compares the logits with those that onnxruntime-node gave. */
export async function compareLogits(model: Model, { pixels, logits }: ParityDigits): Promise<Parity> {
  const own = await classify(model.session, model.info, pixels);
  const { classCount, count } = own;
  const labelOf = (values: Float32Array, i: number) =>
    argmax(values.subarray(i * classCount, (i + 1) * classCount));
  const differing = Array.from({ length: count }, (_, i) => i).filter(
    (i) => labelOf(own.logits, i) !== labelOf(logits, i),
  );
  return { count, maxDifference: maxAbsDifference(own.logits, logits), differingLabels: differing.length };
}
