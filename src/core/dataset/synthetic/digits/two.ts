import type { Between } from '../chance.js';
import { corner, type Knot, to } from '../stroke.js';
import type { Style } from './style.js';

/** The rounded head, from its hook at the left to halfway down the neck. */
function head(r: Between): Knot[] {
  const right = r(0.46, 0.78);
  return [
    to(r(-0.02, 0.14), r(0.1, 0.34)),
    to(right * r(0.35, 0.6), 0),
    to(right, r(0.14, 0.3)),
    to(right * r(0.66, 0.88), r(0.42, 0.6)),
  ];
}

/** How far the base reaches to the right: now and then the pen runs on. */
function baseEnd(r: Between): number {
  return r(0, 1) < 0.2 ? r(0.8, 1.3) : r(0.54, 0.88);
}

export const TWO: readonly Style[] = [
  {
    name: 'cornered',
    weight: 34,
    strokes: (r) => {
      const foot = r(-0.04, 0.1);
      const end = baseEnd(r);
      return [[...head(r), corner(foot, 1), to(end * 0.5, 1 + r(-0.08, 0.03)), to(end, 1 + r(-0.1, 0.06))]];
    },
  },
  {
    name: 'looped',
    weight: 30,
    strokes: (r) => {
      const size = r(0.6, 2.2);
      const end = baseEnd(r);
      return [
        [
          ...head(r),
          to(0.17, 0.92),
          to(0.08 - 0.06 * size, 0.96),
          to(0.07 - 0.1 * size, 0.94 - 0.07 * size),
          to(0.08, 0.93 - 0.13 * size),
          to(0.12 + 0.12 * size, 0.93 - 0.08 * size),
          to(end * 0.6 + 0.08, r(0.92, 1)),
          to(end, r(0.82, 1.12)),
        ],
      ];
    },
  },
  {
    name: 'rounded',
    weight: 14,
    strokes: (r) => {
      const end = baseEnd(r);
      return [
        [
          ...head(r),
          to(r(0.08, 0.16), 0.86),
          to(r(0.02, 0.1), 0.97),
          to(end * 0.5, 0.97),
          to(end, r(0.9, 1.02)),
        ],
      ];
    },
  },
  {
    name: 'angular',
    weight: 10,
    strokes: (r) => {
      const right = r(0.42, 0.62);
      return [
        [
          to(r(-0.05, 0.1), r(0, 0.14)),
          to(right * 0.6, r(-0.02, 0.03)),
          corner(right, r(0.02, 0.14)),
          corner(r(-0.05, 0.06), 1),
          to(baseEnd(r), 1 + r(-0.08, 0.05)),
        ],
      ];
    },
  },
  {
    name: 'curled start',
    weight: 6,
    strokes: (r) => {
      const [, ...rest] = head(r);
      const end = baseEnd(r);
      return [
        [
          to(r(0.14, 0.24), r(0.28, 0.4)),
          to(r(-0.02, 0.06), r(0.2, 0.28)),
          ...rest,
          corner(0.02, 1),
          to(end, 1 + r(-0.1, 0.06)),
        ],
      ];
    },
  },
  {
    name: 'wide loop',
    weight: 32,
    strokes: (r) => {
      const right = r(0.5, 0.8);
      const loop = r(0.16, 0.5);
      const end = r(0.6, 1);
      const base = r(0.86, 1);
      return [
        [
          to(r(-0.06, 0.12), r(0.14, 0.4)),
          to(r(0.0, 0.2), r(0.06, 0.14)),
          to(right * r(0.5, 0.66), 0),
          to(right, r(0.2, 0.36)),
          to(right * r(0.62, 0.9), 0.64),
          to(r(0.12, 0.38), base),
          to(r(-0.02, 0.1), base + r(-0.02, 0.03)),
          to(r(-0.08, 0), base - loop * r(0.5, 0.7)),
          to(r(0.1, 0.2), base - loop),
          to(end * 0.55, base - loop * r(0.3, 0.6)),
          to(end, base + r(-0.14, 0.2)),
        ],
      ];
    },
  },
  {
    name: 'upright neck',
    weight: 8,
    strokes: (r) => {
      const right = r(0.36, 0.56);
      const end = r(0.5, 0.9);
      return [
        [
          to(r(-0.04, 0.1), r(0.1, 0.34)),
          to(right * 0.5, 0),
          to(right, r(0.16, 0.3)),
          to(right - r(0, 0.06), r(0.5, 0.62)),
          to(right * r(0.6, 0.8), 0.9),
          to(r(0.02, 0.14), r(0.96, 1.02)),
          to(r(-0.08, 0.02), r(0.84, 0.92)),
          to(r(0.06, 0.16), r(0.74, 0.84)),
          to(right, r(0.86, 0.94)),
          to(end, r(0.9, 1.06)),
        ],
      ];
    },
  },
  {
    name: 'squat',
    weight: 10,
    strokes: (r) => {
      const right = r(0.7, 1.1);
      const foot = r(0, 0.3);
      return [
        [
          to(r(-0.02, 0.2), r(0, 0.2)),
          to(right * r(0.5, 0.7), r(-0.04, 0.06)),
          to(right, r(0.2, 0.36)),
          to((right + foot) * 0.55, 0.7),
          r(0, 1) < 0.6 ? corner(foot, 1) : to(foot, 0.98),
          to(foot + r(0.4, 0.7), r(0.9, 1)),
          to(r(1.2, 1.7), r(0.86, 1.06)),
        ],
      ];
    },
  },
  {
    name: 'small head',
    weight: 6,
    strokes: (r) => {
      const right = r(0.2, 0.4);
      return [
        [
          to(r(-0.08, 0.06), r(0.06, 0.3)),
          to(right * r(0.4, 0.7), 0),
          to(right, r(0.08, 0.24)),
          to(right * r(0.7, 0.95), 0.5),
          corner(r(-0.06, 0.12), r(0.92, 1)),
          to(r(0.4, 0.8), 1 + r(-0.08, 0.08)),
        ],
      ];
    },
  },
];
