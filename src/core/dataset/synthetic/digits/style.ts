import type { Between } from '../chance.js';
import type { Stroke } from '../stroke.js';

/** One way to write a digit. */
export interface Style {
  readonly name: string;
  /** How often it is met, against the other styles of the same digit. */
  readonly weight: number;
  /** Lays out the strokes, their proportions taken at random within what the style allows. */
  readonly strokes: (between: Between) => readonly Stroke[];
}
