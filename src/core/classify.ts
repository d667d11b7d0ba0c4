import { DEFAULT_CONFIDENCE, evidenceRows } from './confidence.js';
import { UserError } from './errors.js';
import { MNIST_PIXELS, MNIST_SIZE } from './image.js';
import type { ModelInfo } from './model-info.js';
import type { InferenceSession, Tensor, TensorInfo } from './session.js';
import { softmaxRows } from './softmax.js';

/** What a model says of N images of K classes; tensors are [N, K], row by row. */
export interface Classification {
  readonly count: number;
  readonly classCount: number;
  /** As the model gives them; of one that gives probabilities, their logarithms. */
  readonly logits: Float32Array;
  /** The softmax of the logits divided by the model's temperature; each row sums to 1. */
  readonly probabilities: Float32Array;
  /** [N]: how far the best class stands out of all, as `evidenceRows`. */
  readonly evidence: Float32Array;
}

/** What a model itself gives for N images of K classes. */
export interface ModelScores {
  readonly kind: 'logits' | 'probabilities';
  /** [N, K], row by row. */
  readonly values: Float32Array;
}

/** How a model is fed and read, found out once from its inputs and outputs. */
export interface ClassifierPorts {
  readonly input: string;
  /** `uint8` takes the pixels as they are: the scaling is in the graph. */
  readonly inputType: 'float32' | 'uint8';
  /** The one batch size that the model takes; `undefined` where it takes any. */
  readonly fixedBatch: number | undefined;
  readonly output: string;
  /** What the output holds, by its name; where that says nothing, `classify` finds out. */
  readonly outputKind: 'logits' | 'probabilities' | 'unknown';
}

/** From 8 to 64 images a run cost about the same processor time each (mnist-onnx benchmark); more cost more, and memory. */
const DEFAULT_BATCH = 32;

/**
 * Checks that a model classifies 28x28 grey images and finds its input and output.
 *
 * @throws UserError naming the shape that was found where it does not fit [N, 1, 28, 28] float32 or uint8, or
 * where no output is [N, number of classes].
 */
export function classifierPorts(session: InferenceSession, info: ModelInfo): ClassifierPorts {
  const { inputs, outputs } = session;
  const input = inputs[0];
  const fits =
    inputs.length === 1 &&
    (input?.type === 'float32' || input?.type === 'uint8') &&
    input.shape.length === 4 &&
    [1, MNIST_SIZE, MNIST_SIZE].every((n, i) => dimensionFits(input.shape[i + 1], n));
  if (!input || !fits) {
    throw new UserError(
      `the model takes ${inputs.map(describe).join(' and ') || 'no input'}, not one float32 or uint8 input [N, 1, 28, 28]`,
      { hint: 'Give a model made by mnist-onnx export, or one with the same input.' },
    );
  }
  const output = chooseOutput(outputs);
  if (!output || !dimensionFits(output.shape[1], info.classes.length)) {
    throw new UserError(
      `the model gives ${outputs.map(describe).join(' and ') || 'no output'}, not [N, ${info.classes.length}] for its ${info.classes.length} classes`,
      { hint: 'Give a model made by mnist-onnx export, or one with the same output.' },
    );
  }
  const [batch] = input.shape;
  return {
    input: input.name,
    inputType: input.type as ClassifierPorts['inputType'],
    fixedBatch: typeof batch === 'number' && batch > 0 ? batch : undefined,
    output: output.name,
    outputKind: kindOf(output.name),
  };
}

/**
 * Classifies images that are in the model's form.
 *
 * @param pixels [N, 28, 28] uint8, 0 background, 255 ink
 * @param options.batchSize images a run, 1 or more
 * @throws UserError as `classifierPorts`, where the pixels are no whole images, and where the model gives another
 * shape than it says.
 */
export async function classify(
  session: InferenceSession,
  info: ModelInfo,
  pixels: Uint8Array,
  options: { batchSize?: number; onProgress?: (done: number) => void } = {},
): Promise<Classification> {
  const { kind, values: raw } = await scoreImages(session, info, pixels, options);
  const classCount = info.classes.length;
  const count = pixels.length / MNIST_PIXELS;
  // The logarithms of probabilities are logits too.
  const logits = kind === 'probabilities' ? raw.map((p) => Math.log(Math.max(p, 1e-37))) : raw;
  const { temperature } = info.confidence ?? DEFAULT_CONFIDENCE;
  const scaled = temperature === 1 ? logits : logits.map((logit) => logit / temperature);
  return {
    count,
    classCount,
    logits,
    // A model's own probabilities stay as they are, to the last bit.
    probabilities: logits !== raw && temperature === 1 ? raw : softmaxRows(scaled, classCount),
    evidence: evidenceRows(scaled, classCount),
  };
}

/**
 * What the model gives for images that are in its form, as it gives it: without calibration.
 *
 * @param pixels [N, 28, 28] uint8, 0 background, 255 ink
 * @throws UserError as `classify`.
 */
export async function scoreImages(
  session: InferenceSession,
  info: ModelInfo,
  pixels: Uint8Array,
  options: { batchSize?: number; onProgress?: (done: number) => void } = {},
): Promise<ModelScores> {
  const { batchSize = 1 } = options;
  if (!Number.isSafeInteger(batchSize) || batchSize < 1)
    throw new UserError(`a batch holds 1 image or more, not ${batchSize}`, { exitCode: 2 });
  if (pixels.length % MNIST_PIXELS !== 0) {
    throw new UserError(`${pixels.length} pixels are no whole number of 28x28 images`, {
      hint: 'Give [N, 28, 28]: 784 bytes for each image.',
    });
  }
  const ports = classifierPorts(session, info);
  const values = await runModel(session, ports, info, pixels, options);
  const kind = ports.outputKind === 'unknown' ? await probe(session, ports, info) : ports.outputKind;
  return { kind, values };
}

/**
 * Makes sure that the model gives scores: no class is the best of what are no numbers, or of infinite ones.
 *
 * @throws UserError
 */
export function checkScores({ logits, count, classCount }: Classification): void {
  let bad = 0;
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let k = i * classCount; k < (i + 1) * classCount; k++) sum += logits[k]!;
    // A class may well be impossible: its logit is -Infinity.
    if (Number.isNaN(sum) || sum === Number.POSITIVE_INFINITY) bad++;
  }
  if (bad === 0) return;
  throw new UserError(`the model gives NaN or infinity, which are no scores, for ${bad} of ${count} images`, {
    hint: 'Its weights may hold NaN: train it again, or export it anew, with --precision fp32.',
  });
}

/** What the model's output holds for images, [N, K]. */
async function runModel(
  session: InferenceSession,
  ports: ClassifierPorts,
  info: ModelInfo,
  pixels: Uint8Array,
  options: { batchSize?: number; onProgress?: (done: number) => void } = {},
): Promise<Float32Array> {
  const count = pixels.length / MNIST_PIXELS;
  const classCount = info.classes.length;
  const raw = new Float32Array(count * classCount);
  const batchSize = ports.fixedBatch ?? options.batchSize ?? DEFAULT_BATCH;
  for (let start = 0; start < count; start += batchSize) {
    const end = Math.min(count, start + batchSize);
    const part = pixels.subarray(start * MNIST_PIXELS, end * MNIST_PIXELS);
    const images = toModelInput(part, ports, info);
    const results = await session.run({ [ports.input]: images }, [ports.output]);
    const values = scoresOf(results[ports.output]!, [images.shape[0]!, classCount], ports);
    raw.set(values.subarray(0, (end - start) * classCount), start * classCount);
    options.onProgress?.(end);
  }
  return raw;
}

/** Of sessions whose output's name says nothing. */
const probed = new WeakMap<InferenceSession, 'logits' | 'probabilities'>();
/** Images of noise that a model is asked about to see what it gives. */
const PROBES = 4;

/**
 * Finds what a model gives of what it says of noise, which is once and for all: the images themselves might look
 * now like this and now like that, by which of them come together.
 */
async function probe(
  session: InferenceSession,
  ports: ClassifierPorts,
  info: ModelInfo,
): Promise<'logits' | 'probabilities'> {
  const known = probed.get(session);
  if (known) return known;
  // Knuth's multiplicative hash: noise enough.
  const noise = Uint8Array.from({ length: PROBES * MNIST_PIXELS }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
  const values = await runModel(session, ports, info, noise);
  const kind = looksLikeProbabilities(values, info.classes.length) ? 'probabilities' : 'logits';
  probed.set(session, kind);
  return kind;
}

/**
 * Makes a model's input of images.
 *
 * @param pixels [N, 28, 28] uint8
 * @returns [N, 1, 28, 28], or with the model's fixed batch in place of N, its rows beyond the images 0.
 */
export function toModelInput(pixels: Uint8Array, ports: ClassifierPorts, info: ModelInfo): Tensor {
  const rows = ports.fixedBatch ?? pixels.length / MNIST_PIXELS;
  const shape = [rows, 1, MNIST_SIZE, MNIST_SIZE];
  const size = rows * MNIST_PIXELS;
  if (ports.inputType === 'uint8') {
    const data = new Uint8Array(size);
    data.set(pixels);
    return { type: 'uint8', shape, data };
  }
  return { type: 'float32', shape, data: scaled(pixels, info.preprocessing.scale, size) };
}

/** A model may leave its output's dimensions open, or compute others than it says. */
function scoresOf(
  { shape, data }: Tensor,
  wanted: readonly number[],
  { output }: ClassifierPorts,
): Float32Array {
  if (String(shape) === String(wanted)) return data as Float32Array;
  throw new UserError(
    `the model gives "${output}" [${shape.join(', ')}] for ${wanted[0]} images, not [${wanted.join(', ')}]`,
    { hint: 'Give a model made by mnist-onnx export, or one with the same output.' },
  );
}

/** Bytes of a word. */
const WORD = 4;

/** Pixels times `scale`, then zeros. Most pixels are 0: those are passed over a word at a time. */
function scaled(pixels: Uint8Array, scale: number, size: number): Float32Array {
  const values = new Float32Array(size);
  const aligned = pixels.byteOffset % WORD === 0 ? pixels : new Uint8Array(pixels);
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / WORD);
  for (let word = 0; word < words.length; word++) {
    if (words[word] === 0) continue;
    for (let i = WORD * word; i < WORD * (word + 1); i++) values[i] = pixels[i]! * scale;
  }
  return values;
}

/** Rounded ones, as of int8, do not add up to 1 exactly. */
const SUM_TOLERANCE = 0.05;

function looksLikeProbabilities(values: Float32Array, classCount: number): boolean {
  for (let row = 0; row < values.length; row += classCount) {
    let sum = 0;
    for (let k = 0; k < classCount; k++) {
      if (values[row + k]! < 0) return false;
      sum += values[row + k]!;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) return false;
  }
  return true;
}

function chooseOutput(outputs: readonly TensorInfo[]): TensorInfo | undefined {
  const tables = outputs.filter(({ type, shape }) => type === 'float32' && shape.length === 2);
  return (
    tables.find(({ name }) => kindOf(name) === 'logits') ??
    tables.find(({ name }) => kindOf(name) === 'probabilities') ??
    tables[0]
  );
}

function kindOf(outputName: string): ClassifierPorts['outputKind'] {
  if (/logits?/i.test(outputName)) return 'logits';
  if (/prob|softmax/i.test(outputName)) return 'probabilities';
  return 'unknown';
}

function dimensionFits(dimension: number | string | undefined, wanted: number): boolean {
  return typeof dimension === 'string' || dimension === wanted || dimension === -1;
}

function describe({ name, type, shape }: TensorInfo): string {
  return `"${name}" ${type} [${shape.map((n) => (n === '' || n === -1 ? '?' : n)).join(', ')}]`;
}
