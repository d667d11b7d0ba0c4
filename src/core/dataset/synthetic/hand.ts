import type { Random } from '../../random.js';
import { bell, cosineOfTurns, sineOfTurns } from './chance.js';
import type { Stroke } from './stroke.js';
import type { Trace } from './trace.js';

/** How far a hand strays: the standard deviations of what is taken at random for every digit. */
const KNOT_JITTER = 0.045;
const KNOT_DISTANCE = 0.45;
const BEND = 0.16;
const WAVE = 0.02;
const TURN = 0.018;
const SLANT_MEAN = 0.16;
const SLANT_SPREAD = 0.24;
const STRETCH_MEAN = 1.08;
const STRETCH = 0.2;
const ROUGH = 0.3;
const PEN_WIDTH = 0.155;

/** Moves each knot a little, and less where knots stand close, so that round shapes stay round. */
export function jitterKnots(stroke: Stroke, random: Random): Stroke {
  return stroke.map(({ x, y, corner }, i) => {
    const near = stroke[i === 0 ? 1 : i - 1]!;
    const dx = x - near.x;
    const dy = y - near.y;
    const reach = KNOT_JITTER * Math.min(1, Math.sqrt(dx * dx + dy * dy) / KNOT_DISTANCE);
    return { x: x + reach * bell(random), y: y + reach * bell(random), corner };
  });
}

/** A smooth deformation of the page; it moves a point of a trace to where this hand puts it. */
export type Warp = (trace: Trace) => void;

/**
 * Takes a deformation at random: bends (terms of second and third order), a slow wave, then stretch, slant
 * and rotation.
 */
export function createWarp(random: Random): Warp {
  const bend = Array.from({ length: 8 }, () => BEND * bell(random));
  const waveX = WAVE * bell(random);
  const waveY = WAVE * bell(random);
  const phaseX = random();
  const phaseY = random();
  const frequency = 1 + random();
  const stretch = Math.max(0.5, STRETCH_MEAN + STRETCH * bell(random));
  const slant = SLANT_MEAN + SLANT_SPREAD * bell(random);
  const turn = TURN * bell(random);
  const cosine = cosineOfTurns(turn);
  const sine = sineOfTurns(turn);
  const [a, b, c, d, e, f, g, h] = bend as [number, number, number, number, number, number, number, number];
  return ({ x, y }) => {
    for (let i = 0; i < x.length; i++) {
      const u = x[i]! - 0.3;
      const v = y[i]! - 0.5;
      const bentX =
        u +
        a * u * v +
        b * v * v +
        c * u * u +
        d * v * v * v * 2 +
        waveX * sineOfTurns(phaseX + v * frequency);
      const bentY =
        v +
        e * u * v +
        f * v * v +
        g * u * u +
        h * u * v * v * 2 +
        waveY * sineOfTurns(phaseY + u * frequency);
      const slantedX = bentX * stretch - slant * bentY;
      x[i] = slantedX * cosine - bentY * sine;
      y[i] = slantedX * sine + bentY * cosine;
    }
  };
}

/** People write the busier digits larger, so that the same pen is thinner on them. */
const PEN_PER_DIGIT = [1.06, 1, 1.04, 1.02, 0.88, 1.03, 0.92, 1.02, 0.88, 0.9];

/** Gives each point of a trace the pen's half width there. */
export type Pen = (trace: Trace, random: Random) => void;

/**
 * Takes a pen at random: its width, how it differs between strokes across and down (a broad nib, or pressure),
 * and how much it swells and thins on its way.
 */
export function createPen(digit: number, random: Random): Pen {
  const b = bell(random);
  const radius = Math.max(0.03, (PEN_WIDTH / 2) * PEN_PER_DIGIT[digit]! * (1 + 0.31 * b + 0.06 * b * b));
  const contrast = 0.12 * bell(random);
  const swell = 0.1 * bell(random);
  const rough = ROUGH * random();
  const taper = random() < 0.4 ? 0.4 * random() : 0;
  return ({ x, y, radius: out }, source) => {
    const last = x.length - 1;
    const phase = source();
    for (let i = 0; i <= last; i++) {
      const from = Math.max(0, i - 1);
      const next = Math.min(last, i + 1);
      const dx = x[next]! - x[from]!;
      const dy = y[next]! - y[from]!;
      const direction = (dx * dx - dy * dy) / (dx * dx + dy * dy + 1e-9);
      const part = i / last;
      const thinned = 1 - taper * part * part * part;
      const swollen = 1 + contrast * direction + swell * sineOfTurns(phase + part * 1.5);
      out[i] = radius * (swollen * thinned + rough * (source() - 0.5));
    }
  };
}
