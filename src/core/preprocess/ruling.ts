import type { InkDensity } from './ink-density.js';

/** A lone line runs through this share of the picture... */
const ALONE = 0.88;
/** ...while so many lines together need only this share of the picture's longer side. */
const SEVERAL = 4;
const TOGETHER = 0.4;
/** Where there are several, what is left of one between strokes that hide it is a line from this share on. */
const AMONG = 0.2;
/** A line is thinner than this share of its length... */
const MAX_THICKNESS = 0.035;
/** ...and than this share of the picture's longer side, or so many pixels. */
const THIN = 0.008;
const THIN_PIXELS = 5;
/** What is higher than so many times the lines' usual thickness is a stroke that runs along one. */
const USUAL = 1.5;
/** Lines are followed from cell to cell of so many pixels, a pixel up or down at most (11 degrees). */
const CELL = 5;
/** What a cell without a line costs, in cells with one, after the first: strokes and other lines cross it. */
const GAP = 2;
/** Of a cell's columns, so many must show the line. */
const COVER = 0.6;

/** Takes the lines of ruled and squared paper out of the ink; strokes that cross them stay. */
export function eraseRuling(ink: InkDensity): InkDensity {
  const withoutRows = eraseRows(ink);
  return transposeInk(eraseRows(transposeInk(withoutRows)));
}

/** Takes out the long thin lines that run across. */
function eraseRows(ink: InkDensity): InkDensity {
  const { width, height, density, limit } = ink;
  const lines = new Uint8Array(density.length);
  const cells = Math.floor(width / CELL);
  const thickest = Math.min(MAX_THICKNESS * width, Math.max(THIN_PIXELS, THIN * Math.max(width, height)));
  const runs = thinRuns(density, limit, width, height, thickest);
  const hasLine = coverCells(runs, width, height, cells);
  const lengths = followLines(hasLine, cells, height);
  const shortest = shortestLine(lengths, { width, height, cells });
  const places: number[] = [];
  for (let cell = 0; cell < cells; cell++) {
    for (let y = 0; y < height; y++) {
      if (!hasLine[cell * height + y] || lengths[cell * height + y]! < shortest) continue;
      for (let x = cell * CELL; x < (cell + 1) * CELL; x++) places.push(y * width + x);
    }
  }
  const usual = median(places.map((at) => runs[at]!).filter((length) => length > 0));
  for (const at of places) eraseRun(lines, runs, at, width, USUAL * usual + 1);
  return { ...ink, density: density.map((v, i) => (lines[i] ? 0 : v)) };
}

/** How many cells make a line here: fewer where there are several lines as long. */
function shortestLine(
  lengths: Float32Array,
  { width, height, cells }: { width: number; height: number; cells: number },
): number {
  const together = (TOGETHER * Math.max(width, height)) / CELL;
  const alone = ALONE * cells;
  let most = 0;
  for (const share of [0.25, 0.5, 0.75]) {
    const start = Math.floor(share * cells) * height;
    let lines = 0;
    for (let y = 1; y < height; y++) {
      if (lengths[start + y]! >= together && lengths[start + y - 1]! < together) lines++;
    }
    most = Math.max(most, lines);
  }
  return most >= SEVERAL ? Math.min(alone, (AMONG * Math.max(width, height)) / CELL) : alone;
}

/** Marks the whole of the run that passes within a pixel of a place, if it is no higher than `highest`. */
function eraseRun(lines: Uint8Array, runs: Uint8Array, at: number, width: number, highest: number): void {
  for (const from of [at - width, at, at + width]) {
    if (!runs[from] || runs[from]! > highest) continue;
    for (let up = from; up >= 0 && runs[up]; up -= width) lines[up] = 1;
    for (let down = from; runs[down]; down += width) lines[down] = 1;
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** [height, width]: how many pixels high the ink is, 0 where it is higher than `thickest`. */
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
      if (y - starts[x]! <= thickest)
        for (let k = starts[x]!; k < y; k++) thin[k * width + x] = y - starts[x]!;
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
      let wasLine = 0;
      if (from >= 0 && from < cells) {
        for (let k = Math.max(0, y - 1); k <= Math.min(height - 1, y + 1); k++) {
          if (scores[from * height + k]! <= best) continue;
          best = scores[from * height + k]!;
          wasLine = hasLine[from * height + k]!;
        }
      }
      const at = cell * height + y;
      if (hasLine[at]) scores[at] = best + 1;
      else scores[at] = wasLine ? best : Math.max(0, best - GAP);
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
