import type { GrayImage } from '../src/core/image.js';

/**
 * A drawn 7 without scale: a bar and a slanted stem, as a function of the place in the unit square, which
 * makes the same drawing at any size, place and pen.
 */
export function drawSeven(options: {
  width: number;
  height: number;
  /** The glyph's box in pixels. */
  box: { x: number; y: number; width: number; height: number };
  /** The pen's width in pixels. */
  pen: number;
  ink?: number;
  paper?: (x: number, y: number) => number;
}): GrayImage {
  const { width, height, box, pen, ink = 0, paper = () => 255 } = options;
  const data = new Uint8Array(width * height);
  const r = pen / 2;
  const corners = [
    [box.x + r, box.y + r],
    [box.x + box.width - r, box.y + r],
    [box.x + box.width * 0.3, box.y + box.height - r],
  ] as const;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const distance = Math.min(
        distanceToSegment(x + 0.5, y + 0.5, corners[0], corners[1]),
        distanceToSegment(x + 0.5, y + 0.5, corners[1], corners[2]),
      );
      const cover = Math.max(0, Math.min(1, r - distance + 0.5));
      const ground = paper(x, y);
      data[y * width + x] = Math.round(ground + (ink - ground) * cover);
    }
  }
  return { width, height, data };
}

type Point = readonly [number, number];

function distanceToSegment(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** A picture of typed rows: `.` is 0, `#` 255, and a digit so many times 25. */
export function typed(...rows: readonly string[]): GrayImage {
  const data = Uint8Array.from(rows.join(''), (letter) =>
    letter === '.' ? 0 : letter === '#' ? 255 : 25 * Number(letter),
  );
  return { width: rows[0]!.length, height: rows.length, data };
}
