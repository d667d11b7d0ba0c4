import { type BoundTensor, type ConvertedModel, type Layout, tapLayers } from '../../core/convert/index.js';
import { UserError } from '../../core/errors.js';
import { channelsLastAxes, permute } from '../../core/onnx/permute.js';
import {
  type Agreement,
  addAgreement,
  addDifference,
  type DenseArray,
  type Difference,
  NO_DIFFERENCE,
} from '../../core/parity/differences.js';
import type { Tensor } from '../../core/session.js';
import { softmaxRows } from '../../core/softmax.js';
import type { Reporter } from '../reporter.js';
import { createNodeSession } from '../runtime/index.js';
import type { Prediction, Reference } from './reference.js';
import { runBatch } from './run-batch.js';
import type { Samples } from './samples.js';

/** What the comparison of an ONNX file with tfjs found. */
export interface Verification {
  readonly samples: { readonly description: string; readonly count: number; readonly isReal: boolean };
  readonly reference: string;
  readonly runtime: string;
  /** Accepted is a difference of up to atol + rtol · the largest value of the output. */
  readonly atol: number;
  readonly rtol: number;
  readonly passed: boolean;
  readonly outputs: readonly (Difference & { readonly name: string })[];
  /** Of classifiers: on how many samples both find the same class. */
  readonly sameLabels: Agreement | undefined;
  /** Each layer's own result on the first samples, in order; only where it did not pass or was asked for. */
  readonly layers: readonly LayerDifference[];
  /** Where it did not pass: the first layer whose own result differs by more than is accepted. */
  readonly firstDifference: LayerDifference | undefined;
}

export interface LayerDifference extends Difference {
  readonly layer: string;
  readonly className: string;
}

export interface VerifyOptions {
  readonly converted: ConvertedModel;
  readonly reference: Reference;
  readonly samples: Samples;
  readonly atol: number;
  readonly rtol: number;
  readonly opset: number;
  /** Compares layer by layer also where the outputs agree. */
  readonly withLayers?: boolean | undefined;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs the ONNX file through onnxruntime-node and compares every output with tfjs's.
 *
 * @throws UserError as `compareOutputs`.
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { reference, samples, atol, rtol } = options;
  const { outputs, sameLabels, runtime } = await compareOutputs(options);
  // Where the class is all there is to compare, it must be the same; where there is nothing, nothing is proven.
  const isSame = outputs.length > 0 || (sameLabels !== undefined && sameLabels.count === sameLabels.of);
  const isAccepted = (found: Difference) => found.maxDifference <= atol + rtol * found.maxValue;
  const passed = samples.count > 0 && isSame && outputs.every(isAccepted);
  const layers = passed && !options.withLayers ? [] : await compareLayers(options);
  return {
    samples: { description: samples.description, count: samples.count, isReal: samples.isReal },
    reference: reference.description,
    runtime,
    atol,
    rtol,
    passed,
    outputs,
    sameLabels,
    layers,
    firstDifference: passed ? undefined : layers.find((layer) => !isAccepted(layer)),
  };
}

export interface CompareOptions {
  readonly converted: Pick<ConvertedModel, 'bytes' | 'inputs' | 'outputs'>;
  readonly reference: Reference;
  readonly samples: Samples;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds how far each output is from tfjs's, and on how many samples a classifier's classes are the same.
 *
 * @throws UserError if onnxruntime cannot load the file, or tfjs's own results are NaN or infinite.
 */
export async function compareOutputs({
  converted,
  reference,
  samples,
  reporter,
  signal,
}: CompareOptions): Promise<Pick<Verification, 'outputs' | 'sameLabels' | 'runtime'>> {
  const differences = new Map<string, Difference>();
  let labels: Agreement = { count: 0, of: 0 };
  const session = await createNodeSession(converted.bytes, { device: 'cpu' });
  const progress = reporter.progress('comparing with tfjs', samples.count);
  try {
    let done = 0;
    for (const batch of samples.batches()) {
      signal?.throwIfAborted();
      const expected = reference.predict(batch);
      checkFinite(expected, samples);
      const results = await runBatch(session, converted.inputs, batch);
      for (const output of converted.outputs) {
        const actual = toKerasOrder(results[output.name]!, output.layout);
        const compared = besideTruth(output, actual, expected);
        if (compared) {
          const before = differences.get(compared.name) ?? NO_DIFFERENCE;
          differences.set(compared.name, addDifference(before, compared.values, compared.truth));
        }
        const scores = expected.logits ?? expected.probabilities;
        if (scores && output === converted.outputs[0]) labels = addAgreement(labels, actual, scores);
      }
      done += batch.count;
      progress.update(done);
      // tfjs computes without ever giving the event loop a turn, in which Ctrl-C is heard.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    progress.end(samples.description);
    await session.release();
  }
  const outputs = [...differences].map(([name, difference]) => ({ name, ...difference }));
  return { outputs, sameLabels: labels.of > 0 ? labels : undefined, runtime: session.runtime };
}

/** With NaN any model agrees, and beside an infinite number any difference is small. */
function checkFinite({ outputs, logits }: Prediction, { description }: Samples): void {
  const results = logits ? [...outputs, logits] : outputs;
  if (results.every(({ data }) => data.every(Number.isFinite))) return;
  throw new UserError(`the model gives NaN or infinite numbers in tfjs itself, on ${description}`, {
    hint: 'No file was written. Its weights may hold such numbers, as after a training that diverged: train it again.',
  });
}

/** What an output gave, and what it is to be; logits that tfjs does not show are compared by their softmax. */
function besideTruth(
  { name, role, index }: BoundTensor,
  values: DenseArray,
  { outputs, logits, probabilities }: Prediction,
): { name: string; values: DenseArray; truth: DenseArray } | undefined {
  if (role === 'class') return undefined;
  if (role === 'logits' && !logits && probabilities) {
    const softmax = softmaxRows(values.data, values.shape.at(-1)!);
    return { name: `softmax of ${name}`, values: { ...values, data: softmax }, truth: probabilities };
  }
  const truth = { value: outputs[index], logits, probabilities }[role];
  return truth && { name, values, truth };
}

function toKerasOrder({ shape, data }: Tensor, layout: Layout): DenseArray {
  const array = { shape, data: data instanceof Float32Array ? data : Float32Array.from(data, Number) };
  return layout === 'NCHW' ? permute(array, channelsLastAxes(shape.length)) : array;
}

/** Compares each layer that tfjs shows on the first samples, before the optimizations. */
async function compareLayers({
  converted,
  reference,
  samples,
  opset,
}: VerifyOptions): Promise<LayerDifference[]> {
  const [batch] = samples.batches();
  if (!batch) return [];
  const { bytes, taps } = tapLayers(converted, opset);
  const session = await createNodeSession(bytes, { device: 'cpu' });
  try {
    const expected = reference.predictLayers(batch);
    const results = await runBatch(session, converted.inputs, batch);
    return taps.flatMap(({ layer, className, call, index, value }) => {
      const truth = expected.get(layer)?.[index];
      // Features in an order of their own are compared where a dense layer has taken them up.
      if (call !== 0 || !truth || typeof value.layout === 'object') return [];
      const actual = toKerasOrder(results[value.name]!, value.layout);
      return [{ layer, className, ...addDifference(NO_DIFFERENCE, actual, truth) }];
    });
  } finally {
    await session.release();
  }
}
