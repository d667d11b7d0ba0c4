import { expect, test } from 'vitest';
import type { Candidate, LineCandidates } from './candidates.js';
import { chooseCandidates } from './choose.js';

const blob = (x: number, width: number) => ({
  pixels: new Uint32Array(10),
  contrast: 200,
  box: { x, y: 0, width, height: 40 },
});

/** Two atoms side by side: each alone, or both as one. */
function line({ cut, gap = 0 }: { cut?: number; gap?: number }): LineCandidates {
  const whole = { blob: blob(0, 40 + gap * 40), weight: 2, gap };
  const candidates: Candidate[] = [
    { start: 0, end: 1, blob: blob(0, 20), weight: 1, gap: 0 },
    { start: 1, end: 2, blob: blob(20 + gap * 40, 20), weight: 1, gap: 0 },
    { start: 0, end: 2, ...whole },
  ];
  const atoms = [
    { blob: blob(0, 20), weight: 1, cut: undefined, pieceWidth: 1.2 },
    { blob: blob(20 + gap * 40, 20), weight: 1, cut, pieceWidth: 1.2 },
  ];
  return { digitHeight: 40, atoms, candidates };
}

const chosen = (of: LineCandidates, confidences: number[]) =>
  chooseCandidates(of, (i) => confidences[i]!).candidates.map(({ start, end }) => [start, end]);

test('parts that the classifier knows better than the whole are digits of their own', () => {
  expect(chosen(line({ cut: 1 }), [0.95, 0.95, 0.2])).toEqual([
    [0, 1],
    [1, 2],
  ]);
});

test('a whole that it knows better than its parts is one digit, whatever the number of parts', () => {
  expect(chosen(line({}), [0.95, 0.4, 0.9])).toEqual([[0, 2]]);
});

test('where it knows both, ink is not cut, nor is paper bridged', () => {
  expect(chosen(line({ cut: 1 }), [0.97, 0.97, 0.97])).toEqual([[0, 2]]);
  expect(chosen(line({ gap: 0.2 }), [0.97, 0.97, 0.97])).toHaveLength(2);
});
