import type { Style } from '../digits/style.js';
import { arc, corner, to } from '../stroke.js';

/*
 * Letters that nobody takes for a digit. Left out are those that some hand writes as one does a digit:
 * b g I l O o q S s Z z, C c (an open 0 or 6), D (0), J j (1), i (1), y (9, 4), Y (4) and t (7).
 */

const letter = (name: string, strokes: Style['strokes']): Style => ({ name, weight: 1, strokes });

export const LETTERS: readonly Style[] = [
  letter('A', (r) => {
    const bar = r(0.5, 0.72);
    const half = r(0.28, 0.42);
    return [
      [to(0, 1), corner(half, 0), to(2 * half, 1)],
      [to(half * (1 - bar) + 0.02, bar), to(half * (1 + bar) - 0.02, bar)],
    ];
  }),
  letter('a', (r) => [
    [...arc({ x: 0.4, y: 0.6, radiusX: 0.36, radiusY: 0.38, from: -0.1, to: -1, growth: r(-0.05, 0.05) })],
    [to(0.76, r(0.16, 0.26)), corner(0.78, 0.9), to(1.02, r(0.86, 1))],
  ]),
  letter('printed a', (r) => [
    [to(0.04, r(0.12, 0.24)), to(0.36, 0), to(0.68, r(0.18, 0.28)), corner(0.7, 1)],
    [to(0.7, r(0.4, 0.48)), to(r(0.2, 0.3), 0.46), to(0, r(0.68, 0.76)), to(0.3, 1), to(0.7, r(0.72, 0.84))],
  ]),
  letter('E', (r) => [
    [to(r(0.45, 0.65), 0), corner(0, 0.02), corner(0, 1), to(r(0.45, 0.65), 1)],
    [to(0, r(0.42, 0.56)), to(r(0.35, 0.55), r(0.42, 0.56))],
  ]),
  letter('e', (r) => [
    [
      to(0.06, r(0.5, 0.62)),
      corner(r(0.68, 0.8), r(0.42, 0.52)),
      ...arc({ x: 0.4, y: 0.5, radiusX: 0.4, radiusY: 0.5, from: -0.06, to: r(-0.9, -0.8) }),
    ],
  ]),
  letter('F', (r) => [
    [to(r(0.5, 0.75), r(-0.02, 0.06)), corner(0, 0.02), to(r(-0.04, 0.04), 1)],
    [to(0, r(0.4, 0.55)), to(r(0.35, 0.55), r(0.4, 0.52))],
  ]),
  letter('f', (r) => [
    [to(r(0.5, 0.62), r(0.05, 0.14)), to(0.36, 0), to(0.22, 0.2), to(r(0.16, 0.26), 1)],
    [to(0, r(0.38, 0.48)), to(r(0.45, 0.6), r(0.36, 0.46))],
  ]),
  letter('G', (r) => [
    [
      ...arc({ x: 0.4, y: 0.5, radiusX: 0.4, radiusY: 0.5, from: -0.1, to: -0.98 }),
      corner(0.8, r(0.52, 0.6)),
      to(r(0.42, 0.52), r(0.52, 0.6)),
    ],
  ]),
  letter('H', (r) => {
    const width = r(0.5, 0.8);
    const bar = r(0.42, 0.6);
    return [
      [to(0, 0), to(r(-0.04, 0.04), 1)],
      [to(width, 0), to(width + r(-0.04, 0.04), 1)],
      [to(0, bar), to(width, bar + r(-0.05, 0.05))],
    ];
  }),
  letter('h', (r) => [
    [
      to(0, 0),
      corner(r(-0.03, 0.03), 1),
      to(0.08, 0.62),
      to(0.34, 0.42),
      to(r(0.48, 0.6), 0.62),
      to(0.54, 1),
    ],
  ]),
  letter('K', (r) => {
    const joint = r(0.45, 0.6);
    return [
      [to(0, 0), to(0, 1)],
      [to(r(0.5, 0.7), r(0, 0.1)), corner(0.06, joint), to(r(0.55, 0.75), 1)],
    ];
  }),
  letter('k', (r) => [
    [to(0, 0), to(0, 1)],
    [to(r(0.4, 0.55), r(0.36, 0.46)), corner(0.05, r(0.64, 0.72)), to(r(0.45, 0.6), 1)],
  ]),
  letter('L', (r) => [[to(0, 0), corner(r(-0.02, 0.04), 1), to(r(0.5, 0.75), r(0.94, 1.02))]]),
  letter('M', (r) => {
    const dip = r(0.45, 0.85);
    const width = r(0.8, 1.15);
    return [[to(0, 1), corner(0.06, 0), corner(width / 2, dip), corner(width - 0.06, 0), to(width, 1)]];
  }),
  letter('m', (r) => [
    [
      to(0, 0.1),
      corner(0.02, 1),
      to(0.14, 0.2),
      to(0.4, 0.08),
      corner(0.48, 1),
      to(0.6, 0.2),
      to(0.86, 0.08),
    ],
    [to(0.86, 0.08), to(r(0.94, 1), 0.4), to(0.98, 1)],
  ]),
  letter('N', (r) => {
    const width = r(0.5, 0.85);
    return [[to(0, 1), corner(0, 0), corner(width, 1), to(width, 0)]];
  }),
  letter('n', (r) => [
    [to(0, 0.05), corner(0.02, 1), to(0.14, 0.3), to(0.5, r(0, 0.1)), to(0.74, 0.35), to(r(0.7, 0.8), 1)],
  ]),
  letter('P', (r) => [
    [
      to(0, 1),
      corner(0, 0),
      to(0.4, r(-0.02, 0.04)),
      to(r(0.5, 0.62), 0.24),
      to(0.36, r(0.46, 0.54)),
      to(0, 0.54),
    ],
  ]),
  letter('R', (r) => [
    [
      to(0, 1),
      corner(0, 0),
      to(0.42, 0.02),
      to(r(0.5, 0.62), 0.24),
      to(0.34, 0.48),
      corner(0.04, 0.54),
      to(r(0.55, 0.75), 1),
    ],
  ]),
  letter('r', (r) => [
    [to(0, 0), corner(0.02, 1), to(0.1, 0.4), to(0.36, r(0.04, 0.14)), to(r(0.55, 0.7), 0.1)],
  ]),
  letter('T', (r) => [
    [to(0, r(0, 0.06)), to(r(0.8, 1), r(0, 0.06))],
    [to(r(0.4, 0.5), 0.02), to(r(0.38, 0.52), 1)],
  ]),
  letter('U', (r) => [[to(0, 0), to(0.02, 0.68), to(0.34, 1), to(0.68, 0.7), to(r(0.66, 0.78), 0)]]),
  letter('u', (r) => [
    [to(0, 0), to(0.04, 0.7), to(0.32, 0.98), to(0.62, 0.72), corner(0.68, 0), to(r(0.68, 0.76), 1)],
  ]),
  letter('V', (r) => {
    const half = r(0.26, 0.42);
    return [[to(0, 0), corner(half, 1), to(2 * half, 0)]];
  }),
  letter('W', (r) => {
    const width = r(0.9, 1.3);
    return [
      [
        to(0, 0),
        corner(width * 0.25, 1),
        corner(width * 0.5, r(0.1, 0.5)),
        corner(width * 0.75, 1),
        to(width, 0),
      ],
    ];
  }),
  letter('w', (r) => [
    [
      to(0, 0),
      to(0.14, 0.9),
      to(0.36, 0.9),
      corner(0.5, r(0.15, 0.4)),
      to(0.64, 0.92),
      to(0.9, 0.85),
      to(1, 0),
    ],
  ]),
  letter('X', (r) => {
    const width = r(0.5, 0.9);
    return [
      [to(0, 0), to(width, 1)],
      [to(width, 0), to(0, 1)],
    ];
  }),
];
