import type { GrayImage } from '../image.js';
import { type Component, findComponents } from './components.js';
import { thinStrokes } from './polarity.js';

// Chosen by digits of MNIST's training images, drawn with pens of 4% to 25% of their height and margins from none on.

/** Greys so near one another are the same: a JPEG's even parts waver so. */
const SAME = 4;
/** The ground makes at least this share of the picture's rim... */
const RIM = 0.5;
/** ...and together with the ink's grey this share of the picture. */
const BOTH = 0.9;
/** Ink differs by at least so much from the ground. */
const APART = 64;
/** What fills this share of its own box's rim and has ground inside is a sheet, a button or a frame. */
const BOXED = 0.7;

/**
 * Finds the ground of a picture of two greys: a drawing program's, a cleaned scan, ink on nothing. It has no
 * shadows to tell from strokes, so that these may be as wide as they like, and touch the rim.
 *
 * @returns its grey value, 0 to 255; `undefined` for photos, and where the rim lies round a sheet with the digits on it
 */
export function evenGround(image: GrayImage): number | undefined {
  const rim = countRim(image);
  const grey = commonest(rim, 0, 255);
  if (share(rim, grey) < RIM) return undefined;
  const all = new Uint32Array(256);
  count(image.data, all);
  const darker = commonest(all, 0, grey - APART);
  const lighter = commonest(all, grey + APART, 255);
  const ink = (all[darker] ?? 0) >= (all[lighter] ?? 0) ? darker : lighter;
  if (share(all, grey) + share(all, ink) < BOTH) return undefined;
  const side = ink < grey ? 'dark' : 'light';
  if ((thinStrokes(image) ?? side) !== side || hasSheet(image, grey)) return undefined;
  return grey;
}

function countRim({ width, height, data }: GrayImage): Uint32Array {
  const counts = new Uint32Array(256);
  count(data.subarray(0, width), counts);
  count(data.subarray((height - 1) * width), counts);
  for (let at = width; at < (height - 1) * width; at += width) {
    counts[data[at]!]! += 1;
    counts[data[at + width - 1]!]! += 1;
  }
  return counts;
}

function count(values: Uint8Array, counts: Uint32Array): void {
  for (let i = 0; i < values.length; i++) counts[values[i]!]! += 1;
}

/** The grey from `least` to `most` that occurs most often; -1 where there is none. */
function commonest(counts: Uint32Array, least: number, most: number): number {
  let best = -1;
  for (let grey = least; grey <= most; grey++) if (best < 0 || counts[grey]! > counts[best]!) best = grey;
  return best;
}

/** The share of all that is of a grey, nearly. */
function share(counts: Uint32Array, grey: number): number {
  if (grey < 0) return 0;
  const sum = (values: Uint32Array) => values.reduce((a, b) => a + b, 0);
  return sum(counts.subarray(Math.max(0, grey - SAME), grey + SAME + 1)) / sum(counts);
}

function hasSheet({ width, height, data }: GrayImage, grey: number): boolean {
  const isInk = data.map((value) => Number(Math.abs(value - grey) >= APART / 2));
  return findComponents(isInk, width, height).some((component) => isSheet(component, width));
}

function isSheet({ box, pixels }: Component, width: number): boolean {
  const rest = new Uint8Array(box.width * box.height).fill(1);
  let onRim = 0;
  for (const at of pixels) {
    const x = (at % width) - box.x;
    const y = Math.floor(at / width) - box.y;
    if (x === 0 || y === 0 || x === box.width - 1 || y === box.height - 1) onRim++;
    rest[y * box.width + x] = 0;
  }
  if (onRim < BOXED * (2 * (box.width + box.height) - 4)) return false;
  return findComponents(rest, box.width, box.height).some(({ touchesBorder }) => !touchesBorder);
}
