import { classify } from './classify.js';
import { MNIST_PIXELS, MNIST_SIZE } from './image.js';
import { argmax } from './metrics.js';
import type { ModelInfo } from './model-info.js';
import type { InferenceSession } from './session.js';

/** How much each pixel speaks for what was read; both maps are [28, 28]. */
export interface Saliency {
  /** The class that is read in the whole image. */
  readonly predicted: number;
  /** How far the log-odds of the class fall where ink is taken away; negative where they rise. */
  readonly withoutInk: Float32Array;
  /** How far they fall where ink is added. */
  readonly withInk: Float32Array;
}

const PATCH = 5;
const STEP = 2;
const BACKGROUND = 0;
const INK = 255;

/**
 * Finds which pixels decide by covering them: a patch is moved over the image, once blank and once full of
 * ink, and each pixel gets the mean change of the patches that covered it (Zeiler and Fergus, Visualizing and
 * Understanding Convolutional Networks, 2014).
 *
 * @param pixels [28, 28] uint8, 0 background, 255 ink
 */
export async function occlusionSaliency(
  session: InferenceSession,
  info: ModelInfo,
  pixels: Uint8Array,
): Promise<Saliency> {
  const places = patchPlaces();
  const covered = new Uint8Array((1 + 2 * places.length) * MNIST_PIXELS);
  covered.set(pixels);
  for (const [i, place] of places.entries()) {
    for (const [half, value] of [BACKGROUND, INK].entries()) {
      const image = covered.subarray((1 + 2 * i + half) * MNIST_PIXELS).subarray(0, MNIST_PIXELS);
      image.set(pixels);
      for (const p of place) image[p] = value;
    }
  }
  const { logits, classCount } = await classify(session, info, covered);
  const predicted = argmax(logits.subarray(0, classCount));
  const odds = (image: number) =>
    logOdds(logits.subarray(image * classCount, (image + 1) * classCount), predicted);
  const whole = odds(0);
  const mapOf = (half: number) =>
    spread(
      places,
      places.map((_, i) => whole - odds(1 + 2 * i + half)),
    );
  return { predicted, withoutInk: mapOf(0), withInk: mapOf(1) };
}

/** The pixels of each patch; those at the border lie partly outside, so that every pixel is covered alike. */
function patchPlaces(): number[][] {
  const places: number[][] = [];
  for (let top = 1 - PATCH + STEP; top < MNIST_SIZE - 1; top += STEP) {
    for (let left = 1 - PATCH + STEP; left < MNIST_SIZE - 1; left += STEP) {
      const place: number[] = [];
      for (let y = Math.max(0, top); y < Math.min(MNIST_SIZE, top + PATCH); y++) {
        for (let x = Math.max(0, left); x < Math.min(MNIST_SIZE, left + PATCH); x++) {
          place.push(y * MNIST_SIZE + x);
        }
      }
      places.push(place);
    }
  }
  return places;
}

/** The mean of the changes at each pixel. */
function spread(places: readonly (readonly number[])[], changes: readonly number[]): Float32Array {
  const sums = new Float32Array(MNIST_PIXELS);
  const counts = new Uint16Array(MNIST_PIXELS);
  for (const [i, place] of places.entries()) {
    for (const p of place) {
      sums[p]! += changes[i]!;
      counts[p]! += 1;
    }
  }
  return sums.map((sum, p) => (counts[p] === 0 ? 0 : sum / counts[p]!));
}

/** log(p / (1 - p)) of one class, from logits; probabilities near 1 would all look alike. */
function logOdds(logits: Float32Array, k: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) if (i !== k) highest = Math.max(highest, logits[i]!);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) if (i !== k) sum += Math.exp(logits[i]! - highest);
  return logits[k]! - highest - Math.log(sum);
}
