import type { Box } from '../image.js';

/** Paper wider than so many digits' heights parts two numbers... */
const APART = 1;
/** ...or half as much, where it is so many times wider than the line's usual gaps. */
const WIDER = 2.2;

/** Parts a line's digits into numbers by the paper between them; returns their indices. */
export function groupNumbers(boxes: readonly Box[], digitHeight: number): number[][] {
  const gaps = boxes.slice(1).map((box, i) => box.x - (boxes[i]!.x + boxes[i]!.width));
  const sorted = [...gaps].sort((a, b) => a - b);
  const usual = Math.max(0.05 * digitHeight, sorted[sorted.length >> 2] ?? 0);
  const numbers: number[][] = [];
  for (let i = 0; i < boxes.length; i++) {
    const gap = gaps[i - 1] ?? 0;
    const parts = gap > APART * digitHeight || (gap > 0.5 * APART * digitHeight && gap > WIDER * usual);
    if (i === 0 || parts) numbers.push([i]);
    else numbers.at(-1)!.push(i);
  }
  return numbers;
}
