import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs';
import type { RandomBits } from '../../../core/random.js';
import type { Batch } from '../data.js';
import { drawMask, type MaskSpec } from '../forward.js';
import type { BatchGradients, EagerGradients, Gradients, GradientsSetting } from '../gradients.js';
import { lossOf } from '../loss.js';
import type { NodeBackend } from '../native-kernels.js';
import { createGraph, type Graph } from './graph.js';
import { type Recording, recordOps } from './record-ops.js';

type Eager = (batch: Batch, dropout: RandomBits) => EagerGradients;

/** A recorded computation: its ops, and which data plays which part in them. */
interface Trace {
  readonly recording: Recording;
  readonly found: EagerGradients;
  /** Before and after it, in the order of `model.weights`. */
  readonly weightsBefore: readonly Tensor[];
  readonly weightsAfter: readonly Tensor[];
}

/** What a graph gives: what the batch says, and the weights that have changed on the way. */
interface GraphResult extends BatchGradients {
  /** By their place in `model.weights`. */
  readonly changed: ReadonlyMap<number, Tensor>;
}

/** The tensors of a batch that are known beforehand. */
interface GraphInputs {
  readonly images: Tensor;
  readonly masks: readonly Tensor[];
  /** In the order of `model.weights`. */
  readonly weights: readonly Tensor[];
}

/** A network's gradients as graphs: up to its output, and back from there. */
interface CompiledGradients {
  readonly maskSpecs: readonly MaskSpec[];
  run(inputs: GraphInputs, labels: Int32Array): GraphResult;
  dispose(): void;
}

/**
 * How far the batches of a shape have come: seen (layers find out once what the library has), recorded, then compiled,
 * which is believed once it has given the same as the ops one by one, to the last bit; or left to these for good.
 */
type State =
  | { readonly isSeen: true }
  | { readonly trace: RecordedShape }
  | { readonly compiled: CompiledGradients }
  | { readonly isEager: true };
/** A trace without its tensors, which the step has disposed of. */
type RecordedShape = NonNullable<ReturnType<typeof describeTrace>>;

/**
 * Computes gradients as TensorFlow graphs, which the library runs whole: op by op, calling them takes as long as the
 * ops themselves. A batch's ops are recorded the second time that its shape comes, and compiled the third time (much
 * as tf.function does in Python).
 */
export function compileGradients(setting: GradientsSetting, eager: Eager): Gradients {
  const { tf, model } = setting;
  const backend = tf.backend() as unknown as NodeBackend;
  const states = new Map<string, State>();
  const weights = () => model.weights.map((weight) => weight.read() as Variable);
  // Clones keep the data that a step assigns anew.
  const keepWeights = () => weights().map((variable) => variable.clone());

  const record = (batch: Batch, dropout: RandomBits): { found: EagerGradients; state: State } => {
    const weightsBefore = keepWeights();
    const { result: found, recording } = recordOps(backend, () => eager(batch, dropout));
    if (!recording) return { found, state: { isEager: true } };
    const trace = describeTrace({ recording, found, weightsBefore, weightsAfter: weights() });
    return { found, state: trace ? { trace } : { isEager: true } };
  };

  const compile = (
    trace: RecordedShape,
    batch: Batch,
    dropout: RandomBits,
  ): { found: EagerGradients; state: State } => {
    const before = keepWeights();
    const found = eager(batch, dropout);
    let compiled: CompiledGradients | undefined;
    try {
      compiled = createCompiled(setting, backend, trace);
      const masks = found.masks.map(({ values, shape }) => tf.tensor(values, [...shape]));
      const got = compiled.run({ images: found.images, masks, weights: before }, batch.labels);
      if (isSame(got, found, weights())) return { found, state: { compiled } };
    } catch {
      // A library that cannot run the graph has run the ops.
    }
    compiled?.dispose();
    return { found, state: { isEager: true } };
  };

  const runCompiled = (compiled: CompiledGradients, batch: Batch, dropout: RandomBits): BatchGradients => {
    const inputs = {
      images: tf.tensor4d(batch.pixels, batch.shape),
      masks: compiled.maskSpecs.map((spec) => tf.tensor(drawMask(spec, dropout), [...spec.shape])),
      weights: weights(),
    };
    const result = compiled.run(inputs, batch.labels);
    for (const [index, value] of result.changed) inputs.weights[index]!.assign(value);
    return result;
  };

  return {
    of: (batch, dropout) => {
      const key = batch.shape.join('x');
      const state = states.get(key);
      if (state && 'compiled' in state) return runCompiled(state.compiled, batch, dropout);
      if (state && 'isEager' in state) return eager(batch, dropout);
      if (!state) {
        states.set(key, { isSeen: true });
        return eager(batch, dropout);
      }
      const next = 'trace' in state ? compile(state.trace, batch, dropout) : record(batch, dropout);
      states.set(key, next.state);
      return next.found;
    },
    dispose: () => {
      for (const state of states.values()) if ('compiled' in state) state.compiled.dispose();
      states.clear();
    },
  };
}

/** What outlives a trace's tensors; `undefined` where the ops cannot be told from what they were given. */
function describeTrace({ recording, found, weightsBefore, weightsAfter }: Trace) {
  const { images, masks, outputGradient } = found;
  const output = found.output.dataId;
  // The loss looks at the output; any other result that was looked at may have decided on what came after it.
  if (recording.parts.length !== 2) return undefined;
  const idOf = ({ dataId }: Tensor) => dataId;
  return {
    parts: recording.parts,
    tensors: recording.tensors,
    images: images.dataId,
    masks: masks.map(({ dataId }) => dataId),
    maskSpecs: masks.map(({ shape, rate }) => ({ shape, rate })),
    weights: weightsBefore.map(idOf),
    output,
    outputShape: found.output.shape as Tensor2D['shape'],
    outputGradient: outputGradient.dataId,
    gradients: found.gradients.map(idOf),
    changed: new Map(
      weightsAfter.flatMap(({ dataId }, i) =>
        dataId === weightsBefore[i]!.dataId ? [] : [[i, dataId] as const],
      ),
    ),
  };
}

function createCompiled(
  { tf, labelSmoothing }: GradientsSetting,
  backend: NodeBackend,
  trace: RecordedShape,
): CompiledGradients {
  // One by one, so that the graphs do not keep the trace, which holds a copy of all weights.
  const { tensors, output, outputShape, outputGradient, maskSpecs } = trace;
  const [forwards, backwards] = trace.parts as [Recording['parts'][number], Recording['parts'][number]];
  const given = [trace.images, ...trace.masks, ...trace.weights];
  const made = new Set(forwards.flatMap(({ outputs }) => outputs));
  const handedOn = [...new Set(backwards.flatMap(({ inputs }) => inputs))].filter((id) => made.has(id));
  const changed = [...trace.changed];
  const results = [...new Set([output, ...handedOn, ...changed.map(([, id]) => id)])];
  const there = createGraph(backend, { ops: forwards, tensors, feeds: given, fetches: results });
  let back: Graph;
  try {
    back = createGraph(backend, {
      ops: backwards,
      tensors,
      feeds: [...given, ...handedOn, outputGradient],
      fetches: trace.gradients,
    });
  } catch (error) {
    there.dispose();
    throw error;
  }
  return {
    maskSpecs,
    run: ({ images, masks, weights }, labels) => {
      const values = new Map(given.map((id, i) => [id, [images, ...masks, ...weights][i]!]));
      const feed = (graph: Graph) => graph.run(graph.feeds.map((id) => values.get(id)!));
      for (const [i, tensor] of feed(there).entries()) values.set(results[i]!, tensor);
      const { logits, gradient } = lossOf(values.get(output)!.dataSync() as Float32Array, labels, {
        labelSmoothing,
        classCount: outputShape[1],
      });
      values.set(outputGradient, tf.tensor2d(gradient, outputShape));
      const gradients = feed(back);
      return { logits, gradients, changed: new Map(changed.map(([i, id]) => [i, values.get(id)!])) };
    },
    dispose: () => {
      there.dispose();
      back.dispose();
    },
  };
}

/** Has a graph given the same, to the last bit? */
function isSame(got: GraphResult, expected: EagerGradients, weights: readonly Tensor[]): boolean {
  const bytesOf = (values: Float32Array) =>
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const areEqual = (a: Float32Array, b: Float32Array) => Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
  const tensorsAreEqual = (a: Tensor, b: Tensor) =>
    areEqual(a.dataSync() as Float32Array, b.dataSync() as Float32Array);
  return (
    areEqual(got.logits, expected.logits) &&
    got.gradients.every((gradient, i) => tensorsAreEqual(gradient, expected.gradients[i]!)) &&
    [...got.changed].every(([i, value]) => tensorsAreEqual(value, weights[i]!))
  );
}
