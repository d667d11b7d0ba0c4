import { corner, to } from '../stroke.js';
import type { Style } from './style.js';

export const ONE: readonly Style[] = [
  {
    name: 'stick',
    weight: 80,
    strokes: (_r) => [[to(0, 0), to(0, 1)]],
  },
  {
    name: 'bowed',
    weight: 8,
    strokes: (r) => {
      const bow = r(-0.07, 0.07);
      return [[to(0, 0), to(bow, r(0.2, 0.45)), to(r(0.3, 1) * bow, r(0.55, 0.8)), to(0, 1)]];
    },
  },
  {
    name: 'serif',
    weight: 10,
    strokes: (r) => {
      const reach = r(0.06, 0.4);
      return [[to(-reach, reach * r(0.4, 1.1)), corner(0, 0), to(r(-0.03, 0.03), 1)]];
    },
  },
  {
    name: 'serif and foot',
    weight: 8,
    strokes: (r) => {
      const reach = r(0.08, 0.3);
      return [
        [to(-reach, reach * r(0.4, 1.1)), corner(0, 0), to(r(-0.03, 0.03), 1)],
        [to(-r(0.15, 0.4), 1 + r(-0.03, 0.03)), to(r(0.12, 0.4), 1 + r(-0.05, 0.03))],
      ];
    },
  },
  {
    name: 'foot',
    weight: 1,
    strokes: (r) => [
      [to(0, 0), to(0, 1)],
      [to(-r(0.1, 0.35), 1), to(r(0.1, 0.35), 1 + r(-0.05, 0.03))],
    ],
  },
];
