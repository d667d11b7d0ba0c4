import { bell, cosineOfTurns, sineOfTurns } from '../dataset/synthetic/chance.js';
import type { Random } from '../random.js';
import { sampleBilinear } from '../square-image.js';

/*
 * Standard deviations of what is taken at random. Chosen by eye: every digit must stay the digit it was,
 * also where several of them come together.
 */
const TURNS = 0.025;
const SCALE = 0.07;
const SHEAR = 0.12;
const SHIFT_PIXELS = 1.3;
const ELASTIC_PIXELS = 0.8;
/** A digit turned further than this (25 degrees) begins to be another. */
const MOST_TURNS = 0.07;

/** The elastic field is drawn at so many places a side and runs straight between them. */
const NODES = 5;

/**
 * Moves an image by one random map: rotation, scale and shear about its middle, a shift, and an elastic field
 * (Simard, Steinkraus and Platt 2003). Sampled bilinearly once, so that edges are softened once; what comes
 * from outside is 0.
 *
 * @param pixels [side, side]
 * @param strength of all of it, 1 as a rule
 */
export function warpAtRandom(pixels: Uint8Array, side: number, random: Random, strength = 1): Uint8Array {
  const drawn = () => strength * bell(random);
  const turns = Math.max(-MOST_TURNS, Math.min(MOST_TURNS, TURNS * drawn()));
  const [cosine, sine] = [cosineOfTurns(turns), sineOfTurns(turns)];
  const [scaleX, scaleY, shear] = [1 + SCALE * drawn(), 1 + SCALE * drawn(), SHEAR * drawn()];
  const [shiftX, shiftY] = [SHIFT_PIXELS * drawn(), SHIFT_PIXELS * drawn()];
  const fieldX = elasticField(side, drawn);
  const fieldY = elasticField(side, drawn);
  const middle = (side - 1) / 2;
  const result = new Uint8Array(pixels.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const i = y * side + x;
      const v = (y - middle) * scaleY;
      const u = (x - middle) * scaleX + shear * v;
      const sourceX = u * cosine - v * sine + middle + shiftX + fieldX[i]!;
      const sourceY = u * sine + v * cosine + middle + shiftY + fieldY[i]!;
      result[i] = sampleBilinear(pixels, side, sourceX, sourceY);
    }
  }
  return result;
}

/** One coordinate of the displacement at each pixel, in pixels. */
function elasticField(side: number, drawn: () => number): Float32Array {
  const nodes = Float32Array.from({ length: NODES * NODES }, () => ELASTIC_PIXELS * drawn());
  const field = new Float32Array(side * side);
  const step = (NODES - 1) / (side - 1);
  for (let y = 0; y < side; y++) {
    const row = Math.min(NODES - 2, Math.floor(y * step));
    const fy = y * step - row;
    for (let x = 0; x < side; x++) {
      const column = Math.min(NODES - 2, Math.floor(x * step));
      const fx = x * step - column;
      const i = row * NODES + column;
      const upper = nodes[i]! * (1 - fx) + nodes[i + 1]! * fx;
      const lower = nodes[i + NODES]! * (1 - fx) + nodes[i + NODES + 1]! * fx;
      field[y * side + x] = upper * (1 - fy) + lower * fy;
    }
  }
  return field;
}
