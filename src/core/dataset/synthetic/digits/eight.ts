import type { Between } from '../chance.js';
import { arc, type Knot, to } from '../stroke.js';
import type { Style } from './style.js';

/** An S from the top left by the waist, round the bottom and back up through the waist to the right. */
function snake(r: Between): Knot[] {
  const waist = r(0.4, 0.56);
  const middle = r(0.22, 0.32);
  const top = r(0.1, 0.3);
  const bottom = r(0.1, 0.34);
  return [
    to(middle - top, waist * r(0.4, 0.52)),
    to(middle, waist),
    to(middle + bottom, (waist + 1) / 2 + r(-0.01, 0.05)),
    to(middle + r(-0.06, 0.04), 1),
    to(middle - bottom, (waist + 1) / 2 + r(0, 0.06)),
    to(middle + r(-0.03, 0.03), waist + r(-0.03, 0.02)),
    to(middle + top, waist * r(0.4, 0.55)),
  ];
}

export const EIGHT: readonly Style[] = [
  {
    name: 'S-stroke',
    weight: 46,
    strokes: (r) => [
      [to(r(0.4, 0.54), r(0.08, 0.16)), to(r(0.24, 0.36), 0), ...snake(r), to(r(0.34, 0.5), r(0, 0.12))],
    ],
  },
  {
    name: 'closed S-stroke',
    weight: 20,
    strokes: (r) => {
      const middle = r(0.22, 0.32);
      return [[to(middle, 0), ...snake(r), to(middle + r(0, 0.04), r(-0.02, 0.03))]];
    },
  },
  {
    name: 'running out',
    weight: 14,
    strokes: (r) => [
      [
        to(r(0.4, 0.62), r(0.04, 0.16)),
        to(r(0.22, 0.32), r(0, 0.06)),
        ...snake(r).slice(0, -1),
        to(r(0.56, 0.95), r(-0.24, 0.12)),
      ],
    ],
  },
  {
    name: 'two circles',
    weight: 14,
    strokes: (r) => {
      const waist = r(0.4, 0.56);
      const start = r(-0.4, -0.1);
      const overlap = r(-0.01, 0.03);
      const top = arc({
        x: 0.3,
        y: waist / 2,
        radiusX: r(0.14, 0.4),
        radiusY: waist / 2 + overlap,
        from: start,
        to: start - r(0.98, 1.1),
      });
      const bottom = arc({
        x: 0.3 + r(-0.03, 0.03),
        y: (1 + waist) / 2,
        radiusX: r(0.16, 0.46),
        radiusY: (1 - waist) / 2,
        from: -0.25,
        to: -0.25 - r(0.98, 1.1),
      });
      return [top, bottom];
    },
  },
  {
    name: 'from the waist',
    weight: 8,
    strokes: (r) => {
      const [left, waist, ...rest] = snake(r);
      return [
        [
          { ...waist!, x: waist!.x + 0.01 },
          ...rest,
          to(r(0.24, 0.34), 0),
          left!,
          to(waist!.x + r(-0.02, 0.06), waist!.y + r(-0.02, 0.06)),
        ],
      ];
    },
  },
  {
    name: 'open bottom',
    weight: 16,
    strokes: (r) => {
      const waist = r(0.42, 0.62);
      const top = r(0.14, 0.3);
      return [
        [
          to(0.3 + r(0.14, 0.3), 1),
          to(0.3 + r(-0.02, 0.06), waist),
          to(0.3 - top, waist * r(0.4, 0.55)),
          to(0.3 + r(-0.05, 0.05), 0),
          to(0.3 + top, waist * r(0.35, 0.5)),
          to(0.3 + r(-0.06, 0.02), waist + r(-0.02, 0.06)),
          to(0.3 - r(0.14, 0.3), r(0.84, 0.96)),
          to(0.3 + r(-0.04, 0.06), r(0.94, 1.04)),
          to(0.3 + r(0.06, 0.28), r(0.84, 1.02)),
        ],
      ];
    },
  },
  {
    name: 'with a diagonal',
    weight: 10,
    strokes: (r) => {
      const waist = r(0.34, 0.52);
      const left = r(-0.02, 0.12);
      return [
        [
          to(r(0.44, 0.66), r(0.02, 0.2)),
          to(r(0.2, 0.32), r(0, 0.06)),
          to(left, waist * r(0.4, 0.6)),
          to(r(0.22, 0.34), waist + r(0.02, 0.1)),
          to(r(0.34, 0.52), r(0.72, 0.84)),
          to(r(0.16, 0.28), 1),
          to(left + r(-0.06, 0.06), r(0.8, 0.9)),
          to(r(0.3, 0.42), waist),
          to(r(0.5, 0.74), r(-0.04, 0.16)),
        ],
      ];
    },
  },
];
