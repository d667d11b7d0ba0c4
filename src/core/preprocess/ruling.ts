import type { InkDensity } from './ink-density.js';

/** A line must run through this share of the picture. */
const MIN_LENGTH = 0.55;
/** A line is thinner than this share of its length... */
const MAX_THICKNESS = 0.035;
/** ...and than this share of the picture's longer side, or so many pixels. */
const THIN = 0.008;
const THIN_PIXELS = 5;
/** Lines are followed from cell to cell of so many pixels, a pixel up or down at most (11 degrees). */
const CELL = 5;
/** What a cell without a line costs, in cells with one: digits cross lines. */
const GAP = 2;
/** Of a cell's columns, so many must show the line. */
const COVER = 0.6;

/** Takes the lines of ruled and squared paper out of the ink; strokes that cross them stay. */
export function eraseRuling(ink: InkDensity): InkDensity {
  const across = horizontalLines(ink);
  const down = transpose(horizontalLines(transposeInk(ink)), ink.height, ink.width);
  const density = ink.density.map((v, i) => (across[i] || down[i] ? 0 : v));
  return { ...ink, density };
}

/** [height, width]: 1 for the pixels of long thin lines that run across. */
function horizontalLines({ width, height, density, limit }: InkDensity): Uint8Array {
  const lines = new Uint8Array(density.length);
  const cells = Math.floor(width / CELL);
  const thickest = Math.min(MAX_THICKNESS * width, Math.max(THIN_PIXELS, THIN * Math.max(width, height)));
  const runs = thinRuns(density, limit, width, height, thickest);
  const hasLine = coverCells(runs, width, height, cells);
  const lengths = followLines(hasLine, cells, height);
  for (let cell = 0; cell < cells; cell++) {
    for (let y = 0; y < height; y++) {
      const at = cell * height + y;
      if (!hasLine[at] || lengths[at]! < MIN_LENGTH * cells) continue;
      for (let x = cell * CELL; x < (cell + 1) * CELL; x++) eraseRun(lines, runs, x, y, width, height);
    }
  }
  return lines;
}

/** Marks the whole of the thin run that passes within a pixel of (x, y). */
function eraseRun(
  lines: Uint8Array,
  runs: Uint8Array,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  for (let from = Math.max(0, y - 1); from <= Math.min(height - 1, y + 1); from++) {
    for (let up = from; up >= 0 && runs[up * width + x]; up--) lines[up * width + x] = 1;
    for (let down = from; down < height && runs[down * width + x]; down++) lines[down * width + x] = 1;
  }
}

/** [height, width]: 1 where ink is at most `thickest` pixels high. */
function thinRuns(
  density: Uint8Array,
  limit: Uint8Array,
  width: number,
  height: number,
  thickest: number,
): Uint8Array {
  const thin = new Uint8Array(density.length);
  const starts = new Int32Array(width).fill(-1);
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const isInk = y < height && density[at]! > limit[at]!;
      if (isInk && starts[x] === -1) starts[x] = y;
      if (isInk || starts[x] === -1) continue;
      if (y - starts[x]! <= thickest) for (let k = starts[x]!; k < y; k++) thin[k * width + x] = 1;
      starts[x] = -1;
    }
  }
  return thin;
}

/** [cells, height]: 1 where a line passes, within a pixel up or down. */
function coverCells(thin: Uint8Array, width: number, height: number, cells: number): Uint8Array {
  const counts = new Uint8Array(cells * height);
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width;
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < cells * CELL; x++) {
      if (thin[above + x] || thin[y * width + x] || thin[below + x]) {
        counts[Math.floor(x / CELL) * height + y]! += 1;
      }
    }
  }
  return counts.map((count) => Number(count >= COVER * CELL));
}

/** The number of cells, less the gaps, of the longest line through each cell. */
function followLines(hasLine: Uint8Array, cells: number, height: number): Float32Array {
  const forward = new Float32Array(hasLine.length);
  const backward = new Float32Array(hasLine.length);
  const extend = (scores: Float32Array, cell: number, from: number) => {
    for (let y = 0; y < height; y++) {
      let best = 0;
      if (from >= 0 && from < cells) {
        for (let k = Math.max(0, y - 1); k <= Math.min(height - 1, y + 1); k++) {
          best = Math.max(best, scores[from * height + k]!);
        }
      }
      const at = cell * height + y;
      scores[at] = Math.max(0, best + (hasLine[at] ? 1 : -GAP));
    }
  };
  for (let cell = 0; cell < cells; cell++) extend(forward, cell, cell - 1);
  for (let cell = cells - 1; cell >= 0; cell--) extend(backward, cell, cell + 1);
  return forward.map((length, i) => length + backward[i]! - hasLine[i]!);
}

function transposeInk({ width, height, density, limit }: InkDensity): InkDensity {
  return {
    width: height,
    height: width,
    density: transpose(density, width, height),
    limit: transpose(limit, width, height),
  };
}

/** [height, width] to [width, height]. */
function transpose(values: Uint8Array, width: number, height: number): Uint8Array {
  const result = new Uint8Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) result[x * height + y] = values[y * width + x]!;
  }
  return result;
}
