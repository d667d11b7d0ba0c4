import type { Between } from '../chance.js';
import { corner, type Knot, to } from '../stroke.js';
import type { Style } from './style.js';

/** The lower bowl, from right of the notch to the tail. */
function bowl(r: Between, waist: number): Knot[] {
  const right = r(0.42, 0.72);
  return [
    to(right * 0.84, waist + r(0.06, 0.12)),
    to(right, (waist + 1) / 2 + r(-0.02, 0.06)),
    to(right * r(0.48, 0.66), 1),
    to(r(-0.2, 0.2), r(0.78, 1)),
  ];
}

/** The upper bowl, from its start at the left to right of the notch. */
function top(r: Between, waist: number): Knot[] {
  const right = r(0.38, 0.56);
  return [
    to(r(-0.06, 0.12), r(0.04, 0.28)),
    to(right * r(0.45, 0.65), 0),
    to(right, waist * r(0.36, 0.5)),
    to(right * 0.76, waist * 0.84),
  ];
}

export const THREE: readonly Style[] = [
  {
    name: 'round',
    weight: 50,
    strokes: (r) => {
      const waist = r(0.36, 0.54);
      return [[...top(r, waist), corner(r(0.1, 0.28), waist + r(-0.01, 0.04)), ...bowl(r, waist)]];
    },
  },
  {
    name: 'smooth waist',
    weight: 20,
    strokes: (r) => {
      const waist = r(0.38, 0.54);
      return [[...top(r, waist), to(r(0.16, 0.32), waist), ...bowl(r, waist)]];
    },
  },
  {
    name: 'flat top',
    weight: 14,
    strokes: (r) => {
      const waist = r(0.34, 0.48);
      return [
        [
          to(r(-0.04, 0.08), r(0, 0.08)),
          corner(r(0.42, 0.58), r(-0.02, 0.05)),
          corner(r(0.12, 0.28), waist),
          ...bowl(r, waist),
        ],
      ];
    },
  },
  {
    name: 'looped waist',
    weight: 14,
    strokes: (r) => {
      const waist = r(0.38, 0.52);
      const left = r(0.08, 0.2);
      return [
        [
          ...top(r, waist),
          to(left + 0.06, waist + 0.06),
          to(left, waist + 0.03),
          to(left + 0.06, waist - 0.03),
          ...bowl(r, waist),
        ],
      ];
    },
  },
  {
    name: 'curled tail',
    weight: 6,
    strokes: (r) => {
      const waist = r(0.36, 0.5);
      const end = bowl(r, waist);
      return [[...top(r, waist), corner(r(0.14, 0.28), waist), ...end, to(r(-0.04, 0.06), r(0.68, 0.78))]];
    },
  },
  {
    name: 'long top',
    weight: 8,
    strokes: (r) => {
      const waist = r(0.3, 0.48);
      const right = r(0.5, 0.72);
      return [
        [
          to(r(-0.04, 0.12), r(0.02, 0.16)),
          to(right * 0.6, r(-0.02, 0.04)),
          to(right, r(0.04, 0.12)),
          to(right * 0.7, waist * 0.7),
          corner(r(0.14, 0.3), waist),
          ...bowl(r, waist),
        ],
      ];
    },
  },
];
