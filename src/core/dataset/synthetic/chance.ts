import type { Random } from '../../random.js';

/*
 * Chance and turns from the four operations and the square root alone. IEEE 754 fixes those to the last bit,
 * but not sine, logarithm or power; so a seed draws the same pixels on every platform.
 */

/** A uniform number from `low` to `high`. */
export type Between = (low: number, high: number) => number;

/** Binds a random source to a {@link Between}. */
export function createBetween(random: Random): Between {
  return (low, high) => low + (high - low) * random();
}

/** A bell-shaped number of mean 0 and standard deviation 1, within ±3.5: the scaled sum of four uniform ones. */
export function bell(random: Random): number {
  return (random() + random() + random() + random() - 2) * 1.7320508075688772;
}

/** The sine of an angle in turns (1 is a full turn), within 4e-6. */
export function sineOfTurns(turns: number): number {
  let t = turns - Math.round(turns);
  if (t > 0.25) t = 0.5 - t;
  else if (t < -0.25) t = -0.5 - t;
  const x = t * 6.283185307179586;
  const x2 = x * x;
  return x * (1 - (x2 / 6) * (1 - (x2 / 20) * (1 - (x2 / 42) * (1 - x2 / 72))));
}

/** The cosine of an angle in turns, within 4e-6. */
export function cosineOfTurns(turns: number): number {
  return sineOfTurns(turns + 0.25);
}
