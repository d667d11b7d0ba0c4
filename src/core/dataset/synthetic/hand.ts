import type { Random } from '../../random.js';
import { bell, cosineOfTurns, sineOfTurns } from './chance.js';
import type { Stroke } from './stroke.js';
import type { Trace } from './trace.js';

/*
 * How far a hand strays from the skeleton: standard deviations of what is taken at random for each digit, in
 * digit heights. Chosen on MNIST's training images.
 */
const KNOT_JITTER = 0.045;
/** Knots nearer to each other than this move less, so that round shapes stay round. */
const FREE_DISTANCE = 0.45;
const BEND = 0.16;
const WAVE = 0.02;
const SLANT_MEAN = 0.16;
const SLANT = 0.24;
const STRETCH_MEAN = 1.08;
const STRETCH = 0.2;
const NARROWEST = 0.5;
const TURNS = 0.018;

/** Moves each knot a little; `stray` scales by how much. */
export function jitterKnots(stroke: Stroke, random: Random, stray: number): Stroke {
  return stroke.map(({ x, y, corner }, i) => {
    const near = stroke[i === 0 ? 1 : i - 1]!;
    const dx = x - near.x;
    const dy = y - near.y;
    const freedom = Math.min(1, Math.sqrt(dx * dx + dy * dy) / FREE_DISTANCE);
    const reach = stray * KNOT_JITTER * freedom;
    return { x: x + reach * bell(random), y: y + reach * bell(random), corner };
  });
}

/** A smooth deformation of the page that moves a trace's points. */
export type Warp = (trace: Trace) => void;

/**
 * Takes a deformation at random: bends (terms of second and third order), a slow wave, then stretch, slant
 * and rotation; `stray` scales the bends and the wave.
 */
export function createWarp(random: Random, stray: number): Warp {
  const bendX = createBend(random, stray);
  const bendY = createBend(random, stray);
  const stretch = Math.max(NARROWEST, STRETCH_MEAN + STRETCH * bell(random));
  const slant = SLANT_MEAN + SLANT * bell(random);
  const turns = TURNS * bell(random);
  const cosine = cosineOfTurns(turns);
  const sine = sineOfTurns(turns);
  return ({ x, y }) => {
    for (let i = 0; i < x.length; i++) {
      const u = x[i]! - 0.3;
      const v = y[i]! - 0.5;
      const bentX = u + bendX(u, v);
      const bentY = v + bendY(v, u);
      const slantedX = bentX * stretch - slant * bentY;
      x[i] = slantedX * cosine - bentY * sine;
      y[i] = slantedX * sine + bentY * cosine;
    }
  };
}

/** How far to move along one direction, at a place `along` it and `across`. */
type Bend = (along: number, across: number) => number;

function createBend(random: Random, stray: number): Bend {
  const reach = stray * BEND;
  const shear = reach * bell(random);
  const bow = reach * bell(random);
  const spread = reach * bell(random);
  const twist = 2 * reach * bell(random);
  const wave = stray * WAVE * bell(random);
  const frequency = 1 + random();
  const phase = random();
  return (along, across) =>
    along * (shear * across + spread * along) +
    across * across * (bow + twist * across) +
    wave * sineOfTurns(phase + across * frequency);
}
