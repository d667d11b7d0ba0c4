import { type Dataset, type LabelledImages, sliceImages } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import { MNIST_SIZE } from '../../core/image.js';
import { type KerasModel, parseTopology } from '../../core/keras/index.js';
import { createRandom, randomNormal } from '../../core/random.js';
import type { Tensor } from '../../core/session.js';

/** Inputs in tfjs's own axis order, one array a model input. */
export interface SampleBatch {
  /** The rows that count; those after them only fill a pinned batch, which is always full. */
  readonly count: number;
  readonly inputs: readonly { readonly shape: number[]; readonly data: Float32Array }[];
}

/** What a converted model is compared on. */
export interface Samples {
  /** For the user: `10000 test images of mnist`. */
  readonly description: string;
  readonly count: number;
  /** False for random inputs. */
  readonly isReal: boolean;
  batches(): Iterable<SampleBatch>;
}

export const BATCH_SIZE = 250;

/** The first `count` of a batch's `rows`; an array whose first axis is another is given back whole. */
export function firstRows<T extends Pick<Tensor, 'shape' | 'data'>>(
  array: T,
  rows: number,
  count: number,
): T {
  const { shape, data } = array;
  if (rows === count || shape[0] !== rows) return array;
  return {
    ...array,
    shape: [count, ...shape.slice(1)],
    data: data.subarray(0, (data.length / rows) * count),
  };
}

/** Whether a model's one input is a 28x28 grey image: [28, 28, 1], [1, 28, 28], [28, 28] or [784]. */
export function takesDigits(inputShapes: readonly (readonly (number | string | null)[])[]): boolean {
  const shape = inputShapes.length === 1 ? inputShapes[0]!.slice(1) : [];
  const isSize = (size: number | string | null) => size === MNIST_SIZE;
  const sides = shape.filter((size) => size !== 1);
  return (sides.length === 2 && sides.every(isSize)) || (shape.length === 1 && shape[0] === MNIST_SIZE ** 2);
}

/**
 * A data set's test images, as `digitSamples`.
 *
 * @throws UserError if there are none.
 */
export function testSamples(
  { name, test }: Dataset,
  inputShape: readonly (number | null)[],
  limit = Number.POSITIVE_INFINITY,
): Samples {
  if (test.count === 0) throw new UserError(`the data set ${name} has no test images`);
  const images = sliceImages(test, 0, limit);
  return digitSamples(images, { description: `${images.count} test images of ${name}`, inputShape });
}

/** Images for a model of an input shape, scaled to 0..1. */
export function digitSamples(
  images: LabelledImages,
  { description, inputShape }: { description: string; inputShape: readonly (number | null)[] },
): Samples {
  const pinned = inputShape[0];
  const step = pinned ?? BATCH_SIZE;
  const size = images.width * images.height;
  return {
    description,
    count: images.count,
    isReal: true,
    *batches() {
      for (let start = 0; start < images.count; start += step) {
        const count = Math.min(step, images.count - start);
        const rows = pinned ?? count;
        const data = new Float32Array(rows * size);
        // A pinned batch that the images do not fill has them again and again.
        for (let i = 0; i < data.length; i++) {
          data[i] = images.pixels[start * size + (i % (count * size))]! / 255;
        }
        yield { count, inputs: [{ shape: [rows, ...(inputShape.slice(1) as number[])], data }] };
      }
    },
  };
}

/** Dimensions that a model leaves open. */
const OPEN_SIZE = 32;
const OPEN_LENGTH = 9;

export interface RandomOptions {
  readonly seed?: number | undefined;
  readonly batchSizes?: readonly number[] | undefined;
  /** The values that pixels divided by 255 have, for a graph that takes bytes. */
  readonly isPixels?: boolean | undefined;
}

/**
 * Seeded random inputs of several batch sizes: whole numbers where a model looks them up, pixels where it takes them,
 * else normal ones.
 */
export function randomSamples(
  topology: unknown,
  inputShapes: readonly (readonly (number | null)[])[],
  { seed = 2026, batchSizes = [1, 2, 7, 22], isPixels = false }: RandomOptions = {},
): Samples {
  const ranges = lookupRanges(parseTopology(topology));
  const fixed = inputShapes[0]?.[0];
  const sizes = fixed ? batchSizes.map(() => fixed) : batchSizes;
  const count = sizes.reduce((sum, size) => sum + size, 0);
  return {
    description: `${count} random inputs (the model takes no 28x28 images)`,
    count,
    isReal: false,
    *batches() {
      const random = createRandom(seed);
      const below = (limit: number) => Math.floor(random() * limit);
      const drawValue = isPixels ? () => below(256) / 255 : () => randomNormal(random);
      for (const batch of sizes) {
        const inputs = inputShapes.map((dims, i) => {
          const open = dims.length >= 4 ? OPEN_SIZE : OPEN_LENGTH;
          const shape = dims.map((dim, axis) => (axis === 0 ? batch : (dim ?? open)));
          const length = shape.reduce((product, dim) => product * dim, 1);
          const range = ranges[i];
          const draw = range ? () => below(range) : drawValue;
          return { shape, data: Float32Array.from({ length }, draw) };
        });
        yield { count: batch, inputs };
      }
    },
  };
}

/** For each input that goes straight into an Embedding the number of its rows. */
function lookupRanges(model: KerasModel): (number | undefined)[] {
  return model.inputs.map((ref) => {
    const rows = model.layers.flatMap((node) =>
      node.kind === 'layer' &&
      node.layer.class_name === 'Embedding' &&
      node.calls.some((call) => call.some((input) => input.layer === ref.layer))
        ? [node.layer.config.input_dim]
        : [],
    );
    return rows.length > 0 ? Math.min(...rows) : undefined;
  });
}
