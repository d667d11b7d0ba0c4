import { type LabelledImages, NO_CLASS } from '../dataset/dataset.js';
import { drawNonDigitInto } from '../dataset/synthetic/draw-digit.js';
import { type GrayImage, MNIST_PIXELS, MNIST_SIZE } from '../image.js';
import { BACKGROUND, inkBox, toMnistForm } from '../preprocess/mnist-form.js';
import { crop } from '../preprocess/resize.js';
import { createRandom, type Random } from '../random.js';
import { finish, type Steps } from '../steps.js';

export interface GenerateNonDigitsOptions {
  readonly seed: number;
  readonly count: number;
  /** Digits in MNIST's form, of which pairs and pieces are made. */
  readonly digits: LabelledImages;
}

/**
 * Makes images that show no digit, in MNIST's form: letters, signs and scribbles (half of them), and what
 * wrong cuts in a photo leave: two or three digits as one, a digit with a slice of its neighbour, pieces.
 *
 * @returns pixels [count, 28, 28]; every label is `NO_CLASS`
 */
export function generateNonDigits(options: GenerateNonDigitsOptions): LabelledImages {
  return finish(nonDigitSteps(options));
}

/** The same, a step an image. */
export function* nonDigitSteps({ seed, count, digits }: GenerateNonDigitsOptions): Steps<LabelledImages> {
  const pixels = new Uint8Array(count * MNIST_PIXELS);
  for (let i = 0; i < count; i++) {
    const target = pixels.subarray(i * MNIST_PIXELS, (i + 1) * MNIST_PIXELS);
    drawInto(target, digits, createRandom(seed, i));
    yield;
  }
  return {
    count,
    height: MNIST_SIZE,
    width: MNIST_SIZE,
    pixels,
    labels: new Uint8Array(count).fill(NO_CLASS),
  };
}

function drawInto(target: Uint8Array, digits: LabelledImages, random: Random): void {
  const kind = random();
  if (kind < 0.5) drawNonDigitInto(target, random);
  else if (kind < 0.76) target.set(together([pickInk(digits, random), pickInk(digits, random)], random));
  else if (kind < 0.82)
    target.set(
      together(
        [0, 1, 2].map(() => pickInk(digits, random)),
        random,
      ),
    );
  else if (kind < 0.9) target.set(withSlice(digits, random));
  else target.set(pieceOf(digits, random));
}

/** Digits side by side, from a little overlap to a gap of a third of a digit, as one. */
function together(parts: readonly GrayImage[], random: Random): Uint8Array {
  const height = Math.max(...parts.map((part) => part.height));
  const places: number[] = [];
  let width = 0;
  for (const part of parts) {
    const gap = places.length === 0 ? 0 : Math.floor(random() * 10) - 2;
    places.push(Math.max(0, width + gap));
    width = Math.max(width, places.at(-1)! + part.width);
  }
  const whole = { width, height, data: new Uint8Array(width * height) };
  for (const [i, part] of parts.entries())
    paste(whole, part, places[i]!, Math.floor(random() * (height - part.height + 1)));
  return toMnistForm(whole).data;
}

/** A digit and a third to half of the next, or of the one before. */
function withSlice(digits: LabelledImages, random: Random): Uint8Array {
  const [digit, other] = [pickInk(digits, random), pickInk(digits, random)];
  const width = Math.ceil(other.width * (0.3 + 0.2 * random()));
  const isNext = random() < 0.5;
  const slice = crop(other, { x: isNext ? 0 : other.width - width, y: 0, width, height: other.height });
  return together(isNext ? [digit, slice] : [slice, digit], random);
}

/** Halves narrower than this look like a 1. */
const NARROWEST = 0.45;
/** Half of each other digit may be a true 1, 3 or 7. */
const CUT_DIGITS = new Set([2, 4, 5, 6]);

/** The left or right part of a digit. */
function pieceOf(digits: LabelledImages, random: Random): Uint8Array {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { image, label } = pick(digits, random);
    if (!CUT_DIGITS.has(label)) continue;
    const digit = inkOf(image);
    const width = Math.round(digit.width * (0.35 + 0.2 * random()));
    const x = random() < 0.5 ? 0 : digit.width - width;
    const box = inkBox(crop(digit, { x, y: 0, width, height: digit.height }), BACKGROUND);
    if (!box || Math.min(box.width, box.height) < NARROWEST * Math.max(box.width, box.height)) continue;
    return toMnistForm(crop(digit, { ...box, x: x + box.x })).data;
  }
  return together([pickInk(digits, random), pickInk(digits, random)], random);
}

function pick(
  { count, pixels, labels }: LabelledImages,
  random: Random,
): { image: GrayImage; label: number } {
  const i = Math.floor(random() * count);
  const data = pixels.subarray(i * MNIST_PIXELS, (i + 1) * MNIST_PIXELS);
  return { image: { width: MNIST_SIZE, height: MNIST_SIZE, data }, label: labels[i]! };
}

function pickInk(digits: LabelledImages, random: Random): GrayImage {
  return inkOf(pick(digits, random).image);
}

function inkOf(image: GrayImage): GrayImage {
  const box = inkBox(image, BACKGROUND);
  return box ? crop(image, box) : image;
}

function paste(target: GrayImage, source: GrayImage, left: number, top: number): void {
  for (let y = 0; y < source.height; y++) {
    for (let x = 0; x < source.width; x++) {
      const i = (top + y) * target.width + left + x;
      target.data[i] = Math.max(target.data[i]!, source.data[y * source.width + x]!);
    }
  }
}
