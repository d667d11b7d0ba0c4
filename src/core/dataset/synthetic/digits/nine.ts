import type { Between } from '../chance.js';
import { corner, type Knot, to } from '../stroke.js';
import type { Style } from './style.js';

/** The loop, anticlockwise from its top right to its right side. */
function loop(r: Between, bottom: number): Knot[] {
  const left = r(-0.16, 0.08);
  return [
    to(r(0.4, 0.5), r(0.04, 0.16)),
    to(r(0.22, 0.36), r(-0.02, 0.03)),
    to(left, bottom * r(0.46, 0.62)),
    to(r(0.08, 0.28), bottom),
    to(r(0.36, 0.44), bottom * r(0.55, 0.75)),
  ];
}

export const NINE: readonly Style[] = [
  {
    name: 'straight stem',
    weight: 44,
    strokes: (r) => {
      const stem = r(0.42, 0.54);
      return [
        [
          ...loop(r, r(0.26, 0.62)),
          corner(stem, r(0.02, 0.2)),
          to(stem + r(-0.06, 0.03), 0.55),
          to(stem + r(-0.24, 0.08), 1),
        ],
      ];
    },
  },
  {
    name: 'smooth',
    weight: 20,
    strokes: (r) => {
      const stem = r(0.42, 0.52);
      return [
        [
          ...loop(r, r(0.26, 0.58)),
          to(stem, r(0.06, 0.2)),
          to(stem + r(-0.05, 0.03), 0.5),
          to(stem + r(-0.28, 0.04), 1),
        ],
      ];
    },
  },
  {
    name: 'curved tail',
    weight: 14,
    strokes: (r) => {
      const stem = r(0.44, 0.54);
      return [
        [
          ...loop(r, r(0.32, 0.54)),
          corner(stem, r(0.02, 0.2)),
          to(stem + r(-0.03, 0.05), 0.55),
          to(stem - r(0.04, 0.14), 0.9),
          to(r(0.14, 0.26), 1),
          to(r(-0.1, 0.08), r(0.84, 0.98)),
        ],
      ];
    },
  },
  {
    name: 'open',
    weight: 20,
    strokes: (r) => {
      const stem = r(0.42, 0.54);
      const bottom = r(0.34, 0.54);
      return [
        [
          to(r(0.22, 0.58), r(-0.02, 0.08)),
          to(r(-0.05, 0.06), bottom * r(0.45, 0.6)),
          to(r(0.1, 0.22), bottom),
          to(r(0.34, 0.42), bottom * r(0.6, 0.85)),
          corner(stem, r(0.02, 0.22)),
          to(stem + r(-0.06, 0.03), 0.55),
          to(stem + r(-0.24, 0.06), 1),
        ],
      ];
    },
  },
  {
    name: 'pointed loop',
    weight: 8,
    strokes: (r) => {
      const stem = r(0.4, 0.52);
      const bottom = r(0.34, 0.52);
      return [
        [
          to(stem, r(0, 0.08)),
          to(r(0.2, 0.3), r(0.06, 0.16)),
          to(r(-0.02, 0.06), bottom * 0.85),
          to(r(0.14, 0.24), bottom),
          corner(stem + r(0, 0.06), r(0.02, 0.12)),
          to(stem + r(-0.24, 0.02), 1),
        ],
      ];
    },
  },
  {
    name: 'short stem',
    weight: 12,
    strokes: (r) => {
      const stem = r(0.48, 0.66);
      return [
        [
          to(stem - r(0, 0.08), r(0.04, 0.2)),
          to(r(0.24, 0.36), r(-0.02, 0.03)),
          to(r(-0.12, 0.02), r(0.34, 0.44)),
          to(r(0.1, 0.26), r(0.6, 0.92)),
          to(stem - 0.1, r(0.4, 0.56)),
          corner(stem, r(0, 0.2)),
          to(stem + r(-0.08, 0.04), 0.6),
          to(stem + r(-0.16, 0.14), 1),
        ],
      ];
    },
  },
];
