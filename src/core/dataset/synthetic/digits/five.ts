import type { Between } from '../chance.js';
import { corner, type Knot, to } from '../stroke.js';
import type { Style } from './style.js';

/** The belly, from the neck to the tail. */
function belly(r: Between, neck: number): Knot[] {
  const right = r(0.42, 0.76);
  const high = neck - r(-0.02, 0.08);
  return [
    to(right * r(0.5, 0.62), high),
    to(right, (high + 1) / 2 + r(-0.05, 0.04)),
    to(right * r(0.62, 0.76), 0.94),
    to(right * r(0.28, 0.46), 1),
    to(r(-0.2, 0.14), r(0.8, 1)),
  ];
}

/** Where the hat ends: mostly near, at times far out. */
function hatEnd(r: Between): number {
  return r(0, 1) < 0.3 ? r(0.7, 1.05) : r(0.4, 0.7);
}

export const FIVE: readonly Style[] = [
  {
    name: 'two strokes',
    weight: 34,
    strokes: (r) => {
      const left = r(0.04, 0.16);
      const neck = r(0.34, 0.6);
      return [
        [to(left + r(-0.02, 0.14), r(0.02, 0.12)), corner(left + r(-0.06, 0.02), neck), ...belly(r, neck)],
        [to(left + r(-0.04, 0.08), r(0, 0.1)), to(hatEnd(r), r(-0.08, 0.06))],
      ];
    },
  },
  {
    name: 'one stroke',
    weight: 34,
    strokes: (r) => {
      const left = r(0.06, 0.18);
      const neck = r(0.32, 0.6);
      return [
        [
          to(hatEnd(r), r(-0.06, 0.06)),
          corner(left + r(-0.02, 0.16), r(0, 0.08)),
          corner(left + r(-0.08, 0.02), neck),
          ...belly(r, neck),
        ],
      ];
    },
  },
  {
    name: 'curved neck',
    weight: 18,
    strokes: (r) => {
      const neck = r(0.38, 0.5);
      return [
        [
          to(hatEnd(r), r(-0.05, 0.08)),
          to(r(0.2, 0.28), r(-0.02, 0.04)),
          to(r(0.04, 0.12), neck * 0.5),
          to(r(0.12, 0.22), neck),
          to(r(0.38, 0.52), r(0.58, 0.7)),
          to(r(0.34, 0.46), r(0.86, 0.94)),
          to(r(0.12, 0.24), 1),
          to(r(-0.16, 0.04), r(0.84, 0.98)),
        ],
      ];
    },
  },
  {
    name: 'curled tail',
    weight: 8,
    strokes: (r) => {
      const left = r(0.06, 0.16);
      const neck = r(0.34, 0.48);
      return [
        [
          to(hatEnd(r), r(-0.05, 0.06)),
          corner(left, r(0, 0.06)),
          corner(left - 0.02, neck),
          ...belly(r, neck).slice(0, 4),
          to(r(-0.1, 0), r(0.88, 0.95)),
          to(r(-0.06, 0.08), r(0.72, 0.82)),
        ],
      ];
    },
  },
  {
    name: 'short neck',
    weight: 8,
    strokes: (r) => {
      const left = r(0.08, 0.2);
      const neck = r(0.2, 0.34);
      return [
        [to(left + 0.02, r(0.02, 0.08)), to(left - r(0, 0.04), neck), ...belly(r, neck)],
        [to(left + r(-0.02, 0.06), r(0, 0.06)), to(r(0.6, 1), r(-0.14, 0.04))],
      ];
    },
  },
  {
    name: 'wide',
    weight: 10,
    strokes: (r) => {
      const neck = r(0.36, 0.54);
      const left = r(0, 0.14);
      return [
        [
          to(r(0.5, 0.8), r(-0.06, 0.06)),
          corner(left + r(0, 0.1), r(-0.02, 0.06)),
          corner(left, neck),
          to(r(0.3, 0.42), neck - r(0.02, 0.12)),
          to(r(0.6, 0.86), r(0.58, 0.72)),
          to(r(0.34, 0.5), r(0.94, 1)),
          to(r(-0.1, 0.1), r(0.88, 1.04)),
        ],
      ];
    },
  },
];
