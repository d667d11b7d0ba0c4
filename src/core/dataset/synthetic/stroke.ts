import { cosineOfTurns, sineOfTurns } from './chance.js';

/**
 * A point that the pen goes through. Skeletons stand in a frame of height 1: x grows to the right, y downwards
 * from 0 (top) to 1 (bottom).
 */
export interface Knot {
  readonly x: number;
  readonly y: number;
  /** Whether the pen may turn sharply here; elsewhere the line is smooth. */
  readonly corner: boolean;
}

/** One line drawn without lifting the pen. */
export type Stroke = readonly Knot[];

/** A point of a smooth line. */
export function to(x: number, y: number): Knot {
  return { x, y, corner: false };
}

/** A point where the line turns sharply. */
export function corner(x: number, y: number): Knot {
  return { x, y, corner: true };
}

/** An elliptic arc; angles are in turns, 0 points right, 0.25 down; a falling angle goes anticlockwise. */
export interface Arc {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  readonly from: number;
  readonly to: number;
  /** The part of the radius won by the end: negative spirals inwards. */
  readonly growth?: number;
}

/** The knots of an arc, about nine a turn. */
export function arc({ x, y, radiusX, radiusY, from, to: end, growth = 0 }: Arc): Knot[] {
  const steps = Math.max(2, Math.ceil(Math.abs(end - from) * 9));
  const knots: Knot[] = [];
  for (let i = 0; i <= steps; i++) {
    const part = i / steps;
    const angle = from + (end - from) * part;
    const scale = 1 + growth * part;
    knots.push(to(x + radiusX * scale * cosineOfTurns(angle), y + radiusY * scale * sineOfTurns(angle)));
  }
  return knots;
}
