import type { Box } from '../image.js';

/** A connected piece of ink. */
export interface Component {
  /** Its number in the label map. */
  readonly label: number;
  readonly box: Box;
  /** Where its pixels are, as indices of the picture's. */
  readonly pixels: Uint32Array;
  readonly touchesBorder: boolean;
}

/**
 * Finds the 8-connected pieces of all pixels that are not 0, in reading order of their first pixels.
 *
 * @param values [height, width]
 * @returns the pieces, and [height, width] with each pixel's label, 0 for none.
 */
export function findComponents(
  values: Uint8Array,
  width: number,
  height: number,
): { components: Component[]; labels: Int32Array } {
  const labels = new Int32Array(width * height);
  const components: Component[] = [];
  // The pixels still to look round from, and behind them all that were found, piece by piece.
  const queue = new Uint32Array(countInk(values));
  let end = 0;
  for (let start = 0; start < values.length; start++) {
    if (values[start] === 0 || labels[start] !== 0) continue;
    const label = components.length + 1;
    const first = end;
    let [left, right, top, bottom] = [width, 0, height, 0];
    labels[start] = label;
    queue[end++] = start;
    for (let next = first; next < end; next++) {
      const at = queue[next]!;
      const x = at % width;
      const y = (at - x) / width;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
      const [fromX, toX] = [x > 0 ? x - 1 : x, x < width - 1 ? x + 1 : x];
      for (let ny = y > 0 ? y - 1 : y; ny <= y + 1 && ny < height; ny++) {
        for (let to = ny * width + fromX; to <= ny * width + toX; to++) {
          if (values[to] === 0 || labels[to] !== 0) continue;
          labels[to] = label;
          queue[end++] = to;
        }
      }
    }
    const box: Box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
    const touchesBorder = left === 0 || top === 0 || right === width - 1 || bottom === height - 1;
    components.push({ label, box, pixels: queue.subarray(first, end), touchesBorder });
  }
  return { components, labels };
}

function countInk(values: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) count++;
  return count;
}
