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
  const left = values.slice();
  const components: Component[] = [];
  // The pixels still to look round from, and behind them all that were found, piece by piece.
  const queue = new Uint32Array(countInk(values));
  let end = 0;
  for (let start = 0; start < values.length; start++) {
    if (left[start] === 0) continue;
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

function countInk(values: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) count++;
  return count;
}
