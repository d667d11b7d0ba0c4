import type { Between } from '../chance.js';
import { type Knot, to } from '../stroke.js';
import type { Style } from './style.js';

/** The loop, entered at its left side, round by the bottom to its top. */
function loop(r: Between, top: number): Knot[] {
  const right = r(0.42, 0.68);
  const middle = (top + 1) / 2;
  return [
    to(r(0, 0.05), middle + r(0.02, 0.1)),
    to(right * r(0.4, 0.56), 1),
    to(right, middle + r(-0.02, 0.08)),
    to(right * r(0.5, 0.68), top),
  ];
}

export const SIX: readonly Style[] = [
  {
    name: 'closed',
    weight: 40,
    strokes: (r) => {
      const top = r(0.42, 0.64);
      return [
        [
          to(r(0.26, 0.56), 0),
          to(r(0.1, 0.2), r(0.24, 0.34)),
          to(r(0, 0.06), 0.55),
          ...loop(r, top),
          to(r(0.14, 0.22), top + r(0.06, 0.14)),
          to(r(0.02, 0.1), top + r(0.16, 0.3)),
        ],
      ];
    },
  },
  {
    name: 'open',
    weight: 7,
    strokes: (r) => {
      const top = r(0.44, 0.68);
      return [
        [
          to(r(0.26, 0.56), 0),
          to(r(0.1, 0.2), r(0.24, 0.34)),
          to(r(0, 0.05), 0.58),
          ...loop(r, top),
          to(r(0.14, 0.3), top + r(0.04, 0.12)),
        ],
      ];
    },
  },
  {
    name: 'straight stem',
    weight: 24,
    strokes: (r) => {
      const top = r(0.34, 0.66);
      return [
        [
          to(r(0.04, 0.2), 0),
          to(r(0.01, 0.1), 0.4),
          ...loop(r, top),
          to(r(0.1, 0.2), top + r(0.04, 0.12)),
          to(r(0, 0.06), top + r(0.14, 0.3)),
        ],
      ];
    },
  },
  {
    name: 'hooked',
    weight: 5,
    strokes: (r) => {
      const top = r(0.44, 0.6);
      return [
        [
          to(r(0.5, 0.62), r(0.06, 0.2)),
          to(r(0.34, 0.44), 0),
          to(r(0.1, 0.16), r(0.22, 0.32)),
          to(r(0, 0.05), 0.56),
          ...loop(r, top),
          to(r(0.02, 0.16), top + r(0.08, 0.22)),
        ],
      ];
    },
  },
  {
    name: 'curled in',
    weight: 10,
    strokes: (r) => {
      const top = r(0.46, 0.62);
      return [
        [
          to(r(0.22, 0.5), 0),
          to(r(0.08, 0.18), r(0.24, 0.34)),
          to(r(0, 0.05), 0.58),
          ...loop(r, top),
          to(r(0.12, 0.24), top + r(0.06, 0.14)),
          to(r(0.12, 0.26), top + r(0.2, 0.3)),
        ],
      ];
    },
  },
  {
    name: 'squat',
    weight: 16,
    strokes: (r) => {
      const right = r(0.56, 0.86);
      const top = r(0.28, 0.66);
      return [
        [
          to(r(0.1, 0.5), 0),
          to(r(0.02, 0.16), 0.32),
          to(r(-0.06, 0.04), 0.7),
          to(right * 0.42, 1),
          to(right, r(0.74, 0.86)),
          to(right * r(0.6, 0.74), top),
          to(right * r(0.38, 0.5), top + r(0.06, 0.14)),
          to(right * r(0.2, 0.5), r(0.82, 0.98)),
        ],
      ];
    },
  },
];
