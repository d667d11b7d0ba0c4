import type { Between } from '../chance.js';
import { corner, type Knot, to } from '../stroke.js';
import type { Style } from './style.js';

/** The bar and the stem; the stem may bow to either side. */
function body(r: Between): Knot[] {
  const right = r(0.38, 0.66);
  const foot = r(0, 1) < 0.2 ? right - r(-0.04, 0.1) : r(0.06, 0.42);
  const bow = r(-0.06, 0.08);
  return [
    to(right * 0.5, r(-0.02, 0.08)),
    corner(right, r(-0.1, 0.06)),
    to((right + foot) / 2 + bow, 0.5),
    to(foot, 1),
  ];
}

export const SEVEN: readonly Style[] = [
  {
    name: 'plain',
    weight: 50,
    strokes: (r) => [[to(r(-0.08, 0.08), r(-0.02, 0.12)), ...body(r)]],
  },
  {
    name: 'serif',
    weight: 14,
    strokes: (r) => [[to(r(-0.12, 0.08), r(0.12, 0.5)), corner(r(-0.02, 0.06), r(-0.02, 0.1)), ...body(r)]],
  },
  {
    name: 'crossed',
    weight: 12,
    strokes: (r) => {
      const height = r(0.4, 0.6);
      return [
        [to(r(-0.08, 0.08), r(-0.02, 0.12)), ...body(r)],
        [to(r(0, 0.18), height + r(-0.02, 0.08)), to(r(0.46, 0.72), height + r(-0.06, 0.03))],
      ];
    },
  },
  {
    name: 'rounded',
    weight: 18,
    strokes: (r) => {
      const right = r(0.4, 0.6);
      return [
        [
          to(r(-0.06, 0.08), r(0.02, 0.24)),
          to(right * 0.5, 0),
          to(right, r(0.08, 0.22)),
          to(right * r(0.66, 0.9), 0.55),
          to(r(0.1, 0.38), 1),
        ],
      ];
    },
  },
  {
    name: 'bow',
    weight: 5,
    strokes: (r) => {
      const right = r(0.36, 0.5);
      return [
        [
          to(r(-0.06, 0.06), r(0, 0.06)),
          to(right * 0.7, r(0.08, 0.16)),
          to(right, r(0.4, 0.5)),
          to(r(0.16, 0.4), 1),
        ],
      ];
    },
  },
  {
    name: 'wavy bar',
    weight: 6,
    strokes: (r) => [[to(r(-0.1, 0), r(0.06, 0.2)), to(r(0.06, 0.14), r(-0.02, 0.04)), ...body(r)]],
  },
  {
    name: 'rising bar',
    weight: 14,
    strokes: (r) => {
      const right = r(0.4, 0.64);
      return [
        [
          to(r(-0.16, 0.06), r(0, 0.24)),
          to(r(-0.02, 0.1), r(0.22, 0.42)),
          to(right * 0.6, r(0.14, 0.24)),
          corner(right, r(0, 0.08)),
          to(r(0.1, 0.3), 1),
        ],
      ];
    },
  },
];
