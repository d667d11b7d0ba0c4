import type { Between } from '../chance.js';
import { type Arc, arc, to } from '../stroke.js';
import type { Style } from './style.js';

function oval(between: Between, turns: number, growth: number): Arc {
  const from = between(-0.42, -0.1);
  const radiusX = between(0, 1) < 0.12 ? between(0.46, 0.7) : between(0.24, 0.46);
  return { x: 0.35, y: 0.5, radiusX, radiusY: 0.5, from, to: from - turns, growth };
}

/** Written anticlockwise from the top. */
export const ZERO: readonly Style[] = [
  {
    name: 'closed',
    weight: 60,
    strokes: (r) => [arc(oval(r, r(1, 1.1), r(-0.08, 0.06)))],
  },
  {
    name: 'open',
    weight: 12,
    strokes: (r) => [arc(oval(r, r(0.84, 0.98), r(-0.08, 0.08)))],
  },
  {
    name: 'overlapping',
    weight: 14,
    strokes: (r) => [arc(oval(r, r(1.1, 1.35), r(-0.45, -0.1)))],
  },
  {
    name: 'clockwise',
    weight: 8,
    strokes: (r) => [arc(oval(r, -r(0.95, 1.15), r(-0.15, 0.1)))],
  },
  {
    name: 'hooked',
    weight: 8,
    strokes: (r) => {
      const round = arc(oval(r, r(1, 1.1), r(-0.1, 0)));
      const start = round[0]!;
      const inside = to(start.x + r(-0.12, 0.1), start.y + r(0.05, 0.3));
      return [r(0, 1) < 0.5 ? [inside, { ...start, corner: true }, ...round.slice(1)] : [...round, inside]];
    },
  },
  {
    name: 'slashed',
    weight: 4,
    strokes: (r) => [
      arc(oval(r, r(1, 1.1), r(-0.08, 0.06))),
      [to(r(0.5, 0.8), r(0, 0.25)), to(r(0, 0.2), r(0.75, 1))],
    ],
  },
];
