import type { Random } from '../../random.js';
import { bell, sineOfTurns } from './chance.js';
import type { Trace } from './trace.js';

/** The pen's mean width, of the height of what is written. */
const WIDTH = 0.155;
/** People write the busier digits larger, so that the same pen is thinner on them. */
const WIDTH_PER_DIGIT: readonly number[] = [1.08, 1.02, 1.05, 1.02, 0.89, 1, 0.91, 1.06, 0.89, 0.84];
const THINNEST = 0.06;

/** Gives each point of a trace half the pen's width there. */
export type Pen = (trace: Trace, random: Random) => void;

/**
 * Takes a pen at random: its width, how it differs between lines across and lines down (a broad nib, or
 * pressure), how much it swells and thins on its way, and whether it lifts at the end.
 *
 * @param digit what is written; `undefined` for a letter or a sign
 */
export function createPen(digit: number | undefined, random: Random, givenWidth?: number): Pen {
  const size = bell(random);
  const spread = 1 + 0.31 * size + 0.06 * size * size;
  const share = digit === undefined ? 1 : WIDTH_PER_DIGIT[digit]!;
  const width = givenWidth ?? Math.max(THINNEST, WIDTH * share * spread);
  const contrast = 0.12 * bell(random);
  const swell = 0.1 * bell(random);
  const lift = random() < 0.4 ? 0.4 * random() : 0;
  return ({ x, y, radius }, strokeRandom) => {
    const last = x.length - 1;
    const phase = strokeRandom();
    for (let i = 0; i <= last; i++) {
      const before = Math.max(0, i - 1);
      const after = Math.min(last, i + 1);
      const dx = x[after]! - x[before]!;
      const dy = y[after]! - y[before]!;
      // 1 for a line across, -1 for a line down.
      const direction = (dx * dx - dy * dy) / (dx * dx + dy * dy + 1e-9);
      const part = i / last;
      const pressure = 1 + contrast * direction + swell * sineOfTurns(phase + part * 1.5);
      radius[i] = (width / 2) * pressure * (1 - lift * part * part * part);
    }
  };
}
