/** The label of an image that shows none of the classes. */
export const NO_CLASS = 255;
/** Labels are bytes from 0, and that one means something else. */
export const MAX_CLASSES = NO_CLASS;

/** Images with their labels: `pixels` is [count, height, width] uint8 (0 background, 255 ink), `labels` [count]. */
export interface LabelledImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** A data set as the trainer and the evaluation see it. */
export interface Dataset {
  /** `mnist`, `synthetic` or the name of the user's folder. */
  readonly name: string;
  /** Hex SHA-256 over the digests of its parts: two sets with the same hash hold the same pixels and labels. */
  readonly sha256: string;
  /** One name a label, in the order of the labels: `['0', ..., '9']` for digits. */
  readonly classes: readonly string[];
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** The names of the ten digits' classes. */
export const DIGIT_CLASSES: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/**
 * The images at `indices`, copied, in that order.
 *
 * @param images [N, height, width]
 */
export function takeImages(images: LabelledImages, indices: ArrayLike<number>): LabelledImages {
  const size = images.height * images.width;
  const pixels = new Uint8Array(indices.length * size);
  const labels = new Uint8Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]!;
    pixels.set(images.pixels.subarray(from * size, (from + 1) * size), i * size);
    labels[i] = images.labels[from]!;
  }
  return { count: indices.length, height: images.height, width: images.width, pixels, labels };
}

/** The images from `start` to before `end`, without copying. */
export function sliceImages(images: LabelledImages, start: number, end: number): LabelledImages {
  const size = images.height * images.width;
  const last = Math.min(end, images.count);
  return {
    ...images,
    count: last - start,
    pixels: images.pixels.subarray(start * size, last * size),
    labels: images.labels.subarray(start, last),
  };
}

/** Several sets as one, in their order; all images must be of one size. */
export function joinImages(sets: readonly LabelledImages[]): LabelledImages {
  const { height, width } = sets[0]!;
  const count = sets.reduce((sum, set) => sum + set.count, 0);
  const pixels = new Uint8Array(count * height * width);
  const labels = new Uint8Array(count);
  let start = 0;
  for (const set of sets) {
    pixels.set(set.pixels, start * height * width);
    labels.set(set.labels, start);
    start += set.count;
  }
  return { count, height, width, pixels, labels };
}
