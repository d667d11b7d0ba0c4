import { type Between, cosineOfTurns, sineOfTurns } from '../chance.js';
import type { Style } from '../digits/style.js';
import { arc, corner, type Knot, type Stroke, to } from '../stroke.js';

const sign = (name: string, weight: number, strokes: Style['strokes']): Style => ({ name, weight, strokes });

const dot = (x: number, y: number): Stroke => [to(x - 0.01, y), to(x + 0.01, y)];

/** Scribbles, and signs that stand between digits or on forms. A slash is none: it is how many write a 1. */
export const SIGNS: readonly Style[] = [
  sign('scribble', 10, (r) => [scribble(r, Math.floor(r(4, 11)))]),
  sign('two scribbles', 4, (r) => [scribble(r, Math.floor(r(3, 6))), scribble(r, Math.floor(r(3, 6)))]),
  sign('wandering line', 40, (r) => [wander(r, Math.floor(r(18, 45)))]),
  sign('loops', 4, (r) => {
    const [count, width, lean] = [Math.floor(r(2, 6)), r(0.2, 0.45), r(-0.2, 0.2)];
    return [
      Array.from({ length: count * 8 }, (_, i) => {
        const y = 0.5 + 0.5 * cosineOfTurns(i / 8);
        return to((width * i) / 8 + lean * y + width * 0.9 * sineOfTurns(i / 8), y);
      }),
    ];
  }),
  sign('zigzag', 3, (r) => {
    const turns = Math.floor(r(3, 8));
    return [
      Array.from({ length: turns }, (_, i) => corner(i * r(0.14, 0.24), i % 2 ? r(0, 0.25) : r(0.75, 1))),
    ];
  }),
  sign('lines across', 2, (r) => [
    [to(0, r(0, 0.1)), to(1, r(0, 0.1))],
    [to(0, r(0.4, 0.6)), to(1, r(0.4, 0.6))],
    [to(0, r(0.9, 1)), to(1, r(0.9, 1))],
  ]),
  sign('dash', 4, (r) => [[to(0, 0.5), to(1, r(0.42, 0.58))]]),
  sign('dot', 3, () => [dot(0, 0)]),
  sign('dots', 2, (r) => [dot(0, r(0, 0.2)), dot(r(0.3, 0.7), r(0.4, 0.6)), dot(r(0, 1), r(0.8, 1))]),
  sign('equals', 3, (r) => [
    [to(0, 0.3), to(r(0.7, 0.9), 0.3)],
    [to(0, r(0.6, 0.75)), to(r(0.7, 0.9), r(0.6, 0.75))],
  ]),
  sign('plus', 3, (r) => {
    const [x, y] = [r(0.35, 0.6), r(0.4, 0.6)];
    return [
      [to(0, y), to(r(0.85, 1), y)],
      [to(x, 0), to(x, 1)],
    ];
  }),
  sign('double slash', 2, (r) => {
    const lean = r(0.1, 0.4);
    const gap = r(0.25, 0.5);
    return [
      [to(lean, 0), to(0, 1)],
      [to(lean + gap, 0), to(gap, 1)],
    ];
  }),
  sign('tick', 3, (r) => [[to(0, r(0.5, 0.7)), corner(r(0.2, 0.35), 1), to(r(0.8, 1.1), 0)]]),
  sign('star', 2, () => [
    [to(0, 0.2), to(0.9, 0.8)],
    [to(0, 0.8), to(0.9, 0.2)],
    [to(0.45, 0), to(0.45, 1)],
  ]),
  sign('hash', 2, (r) => [
    [to(r(0.25, 0.4), 0), to(0.25, 1)],
    [to(r(0.65, 0.8), 0), to(0.62, 1)],
    [to(0, r(0.28, 0.36)), to(1, 0.32)],
    [to(0, r(0.62, 0.72)), to(1, 0.66)],
  ]),
  sign('arrow', 2, (r) => {
    const y = r(0.4, 0.6);
    return [
      [to(0, y), to(1.2, y)],
      [to(0.85, y - 0.3), corner(1.2, y), to(0.85, y + 0.3)],
    ];
  }),
  sign('percent', 2, (r) => [
    arc({ x: 0.15, y: 0.2, radiusX: 0.14, radiusY: 0.16, from: 0, to: 1 }),
    arc({ x: 0.75, y: 0.8, radiusX: 0.14, radiusY: 0.16, from: 0, to: 1 }),
    [to(r(0.75, 0.9), 0), to(r(0.05, 0.2), 1)],
  ]),
  sign('box', 3, (r) => {
    const width = r(0.6, 1.4);
    return [[corner(0, 0), corner(width, 0), corner(width, 1), corner(0, 1), corner(0, 0)]];
  }),
  sign('half box', 2, (r) => [[corner(0, r(0.6, 1)), corner(0, 0), corner(r(0.8, 1.2), 0)]]),
  sign('three sides', 4, (r) => {
    const [width, y] = [r(0.6, 1.3), r(0, 1) < 0.5 ? 0 : 1];
    return [
      [corner(0, r(0.3, 0.7)), corner(0, y), corner(width, y), corner(width + r(-0.1, 0.1), r(0.2, 0.8))],
    ];
  }),
  sign('crossed circle', 2, (r) => [
    arc({ x: 0.5, y: 0.5, radiusX: 0.5, radiusY: 0.5, from: 0, to: 1 }),
    [to(r(0, 0.2), r(0.1, 0.3)), to(r(0.8, 1), r(0.7, 0.9))],
    [to(r(0.8, 1), r(0.1, 0.3)), to(r(0, 0.2), r(0.7, 0.9))],
  ]),
  sign('spiral', 2, (r) => [
    arc({ x: 0.5, y: 0.5, radiusX: 0.5, radiusY: 0.5, from: r(0, 1), to: r(2.6, 3.4), growth: -0.85 }),
  ]),
  sign('wave', 2, (r) => {
    const height = r(0.2, 0.5);
    return [Array.from({ length: 7 }, (_, i) => to(i * 0.25, i % 2 ? 0 : height))];
  }),
  sign('question mark', 2, (r) => [
    [to(0, r(0.1, 0.25)), to(0.3, 0), to(0.56, r(0.2, 0.3)), to(0.3, 0.48), to(0.28, 0.72)],
    dot(0.28, 0.98),
  ]),
  sign('brackets', 2, (r) => [
    [to(0.2, 0), to(r(-0.05, 0.05), 0.5), to(0.2, 1)],
    [to(0.55, 0), to(r(0.7, 0.8), 0.5), to(0.55, 1)],
  ]),
];

/** A line through points that follow each other at random. */
function scribble(r: Between, count: number): Knot[] {
  return Array.from({ length: count }, () => (r(0, 1) < 0.3 ? corner : to)(r(0, 1), r(0, 1)));
}

/** A line that turns as it likes and stays near where it began. */
function wander(r: Between, count: number): Knot[] {
  let [x, y, angle, turn] = [0.5, 0.5, r(0, 1), 0];
  return Array.from({ length: count }, () => {
    turn = 0.5 * turn + r(-0.15, 0.15);
    angle += turn;
    x += 0.12 * cosineOfTurns(angle) + 0.07 * (0.5 - x);
    y += 0.12 * sineOfTurns(angle) + 0.07 * (0.5 - y);
    return (r(0, 1) < 0.15 ? corner : to)(x, y);
  });
}
