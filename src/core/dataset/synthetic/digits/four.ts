import { corner, to } from '../stroke.js';
import type { Style } from './style.js';

export const FOUR: readonly Style[] = [
  {
    name: 'open',
    weight: 40,
    strokes: (r) => {
      const bar = r(0.4, 0.62);
      const stem = r(0.36, 0.56);
      return [
        [
          to(r(0.02, 0.2), r(-0.06, 0.16)),
          corner(r(-0.04, 0.08), bar),
          to(stem + r(-0.02, 0.26), bar + r(-0.1, 0.04)),
        ],
        [to(stem + r(-0.02, 0.12), r(0, 0.24)), to(stem + r(-0.06, 0.04), 1)],
      ];
    },
  },
  {
    name: 'open, rounded',
    weight: 26,
    strokes: (r) => {
      const bar = r(0.42, 0.6);
      const stem = r(0.38, 0.58);
      return [
        [
          to(r(-0.04, 0.14), r(-0.04, 0.14)),
          to(r(-0.03, 0.04), bar * 0.66),
          to(r(0.08, 0.16), bar),
          to(stem, bar + r(-0.16, 0.02)),
        ],
        [
          to(stem + r(-0.02, 0.12), r(-0.04, 0.2)),
          to(stem + r(-0.03, 0.03), bar),
          to(stem + r(-0.1, 0.06), 1),
        ],
      ];
    },
  },
  {
    name: 'closed',
    weight: 14,
    strokes: (r) => {
      const bar = r(0.48, 0.72);
      const stem = r(0.3, 0.46);
      return [
        [
          to(stem + r(-0.06, 0.04), r(0, 0.06)),
          corner(r(-0.06, 0.06), bar),
          to(stem + r(0.04, 0.32), bar + r(-0.06, 0.04)),
        ],
        [to(stem, r(-0.02, 0.06)), to(stem + r(-0.06, 0.06), 1)],
      ];
    },
  },
  {
    name: 'one stroke',
    weight: 16,
    strokes: (r) => {
      const bar = r(0.36, 0.56);
      const stem = r(0.36, 0.54);
      return [
        [
          to(r(0.02, 0.18), r(-0.02, 0.12)),
          to(r(-0.02, 0.06), bar * 0.85),
          corner(r(0.02, 0.1), bar),
          to(stem * 0.7, bar - r(0, 0.1)),
          corner(stem + r(0, 0.1), r(-0.02, 0.2)),
          to(stem + r(-0.06, 0.02), 1),
        ],
      ];
    },
  },
  {
    name: 'closed, one stroke',
    weight: 6,
    strokes: (r) => {
      const bar = r(0.4, 0.6);
      const stem = r(0.36, 0.5);
      return [
        [
          to(stem + r(-0.04, 0.04), r(0, 0.08)),
          to(r(0, 0.1), bar * 0.8),
          corner(r(-0.02, 0.06), bar),
          to(stem * 0.8, bar - r(-0.03, 0.08)),
          corner(stem + r(0, 0.08), r(0, 0.14)),
          to(stem + r(-0.06, 0.04), 1),
        ],
      ];
    },
  },
  {
    name: 'crossing',
    weight: 8,
    strokes: (r) => {
      const bar = r(0.42, 0.58);
      return [
        [
          to(r(0.06, 0.2), r(-0.05, 0.15)),
          corner(r(-0.04, 0.06), bar),
          to(r(0.55, 0.8), bar + r(-0.16, 0.02)),
        ],
        [to(r(0.32, 0.44), r(0.2, 0.36)), to(r(0.26, 0.4), 1)],
      ];
    },
  },
];
