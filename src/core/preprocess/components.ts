import type { Box } from '../image.js';

/** A connected piece of ink. */
export interface Component {
  /** Its number in the label map. */
  readonly label: number;
  readonly box: Box;
  /** Pixels. */
  readonly area: number;
  /** The strongest ink in it. */
  readonly peak: number;
  readonly touchesBorder: boolean;
}

/**
 * Finds the 8-connected pieces of all pixels of at least `threshold`, in reading order of their first pixels.
 *
 * @param values [height, width]
 * @returns the pieces, and [height, width] with each pixel's label, 0 for none.
 */
export function findComponents(
  values: Uint8Array,
  width: number,
  height: number,
  threshold: number,
): { components: Component[]; labels: Int32Array } {
  const labels = new Int32Array(width * height);
  const components: Component[] = [];
  const stack: number[] = [];
  for (let start = 0; start < values.length; start++) {
    if (values[start]! < threshold || labels[start] !== 0) continue;
    const label = components.length + 1;
    let [left, right, top, bottom, area, peak] = [width, 0, height, 0, 0, 0];
    labels[start] = label;
    stack.push(start);
    while (stack.length > 0) {
      const at = stack.pop()!;
      const x = at % width;
      const y = (at - x) / width;
      area++;
      if (values[at]! > peak) peak = values[at]!;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (values[next]! < threshold || labels[next] !== 0) continue;
          labels[next] = label;
          stack.push(next);
        }
      }
    }
    const box: Box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
    const touchesBorder = left === 0 || top === 0 || right === width - 1 || bottom === height - 1;
    components.push({ label, box, area, peak, touchesBorder });
  }
  return { components, labels };
}
