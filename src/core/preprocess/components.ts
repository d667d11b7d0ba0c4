import type { Box } from '../image.js';

/** A connected piece of ink. */
export interface Component {
  readonly box: Box;
  /** Where its pixels are, as indices of the picture's. */
  readonly pixels: Uint32Array;
  readonly touchesBorder: boolean;
}

/**
 * Finds the 8-connected pieces of all pixels that are not 0, in reading order of their first pixels.
 *
 * @param values [height, width]
 */
export function findComponents(values: Uint8Array, width: number, height: number): Component[] {
  /** What is not found yet. */
  const left = new Uint8Array(Math.ceil(values.length / WORD) * WORD);
  left.set(values);
  const words = new Uint32Array(left.buffer);
  const components: Component[] = [];
  // The pixels still to look round from, and behind them all that were found, piece by piece.
  const queue = new Uint32Array(countInk(left, words));
  let end = 0;
  for (let start = nextInk(left, words, 0); start < left.length; start = nextInk(left, words, start + 1)) {
    const first = end;
    let [minX, maxX, minY, maxY] = [width, 0, height, 0];
    left[start] = 0;
    queue[end++] = start;
    for (let next = first; next < end; next++) {
      const at = queue[next]!;
      const x = at % width;
      const y = (at - x) / width;
      if (x < minX) minX = x;
      if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      if (y > maxY) maxY = y;
      const [fromX, toX] = [x > 0 ? x - 1 : x, x < width - 1 ? x + 1 : x];
      for (let ny = y > 0 ? y - 1 : y; ny <= y + 1 && ny < height; ny++) {
        for (let to = ny * width + fromX; to <= ny * width + toX; to++) {
          if (left[to] === 0) continue;
          left[to] = 0;
          queue[end++] = to;
        }
      }
    }
    const box: Box = { x: minX, y: minY, width: maxX - minX + 1, height: maxY - minY + 1 };
    const touchesBorder = minX === 0 || minY === 0 || maxX === width - 1 || maxY === height - 1;
    components.push({ box, pixels: queue.subarray(first, end), touchesBorder });
  }
  return components;
}

// Most of a picture is paper, which is passed over a word at a time.

/** Bytes of a word. */
const WORD = 4;

/** The first place from `start` on that is not 0; the length where there is none. */
function nextInk(values: Uint8Array, words: Uint32Array, start: number): number {
  let at = start;
  while (at < values.length && values[at] === 0) {
    at++;
    if (at % WORD === 0) while (at < values.length && words[at / WORD] === 0) at += WORD;
  }
  return at;
}

function countInk(values: Uint8Array, words: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 0) continue;
    for (let at = i * WORD; at < (i + 1) * WORD; at++) if (values[at] !== 0) count++;
  }
  return count;
}
