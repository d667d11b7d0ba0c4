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
/** A box's other two sides stand within this share of the picture's longer side of its first two's ends. */
const END = 0.03;
/** Lines further apart than so many times the thickest are two. */
const BOX = 4;
/** What is higher than so many times the lines' usual thickness is a stroke that runs along one. */
const USUAL = 1.5;
/** Lines are followed from cell to cell of so many pixels, a pixel up or down at most (11 degrees). */
const CELL = 5;
/** What a cell without a line costs, in cells with one, after the first: strokes and other lines cross it. */
const GAP = 2;
/** Of a cell's columns, so many must show the line. */
const COVER = 0.6;

/** How a picture is walked: along the lines that are looked for, and across them. */
interface Axes {
  readonly along: number;
  readonly alongStep: number;
  readonly across: number;
  readonly acrossStep: number;
  /** Whole cells along the picture. */
  readonly cells: number;
}

/** Of a line, a pixel along and across the picture. */
interface Place {
  readonly column: number;
  readonly row: number;
}

/** What lines of one direction show of a box that they may be two sides of, in pixels. */
interface Sides {
  /** Where the lines begin and end, along themselves. */
  readonly ends: readonly [first: number, last: number];
  /** How far apart the outer ones are at both of these; about their thickness where there is but one. */
  readonly apart: number;
}

/** Takes the lines of ruled and squared paper out of the ink, and boxes round it; strokes that cross them stay. */
export function eraseRuling(ink: InkDensity): InkDensity {
  const { width, height, limit } = ink;
  const density = ink.density.slice();
  const isInk = exceeds(density, limit);
  const rows = { along: width, alongStep: 1, across: height, acrossStep: width };
  const columns = { along: height, alongStep: width, across: width, acrossStep: 1 };
  const erase = (axes: Omit<Axes, 'cells'>, crossing?: Sides) =>
    eraseLines(isInk, density, { ...axes, cells: Math.floor(axes.along / CELL) }, crossing);
  const lines = erase(rows);
  const uprights = erase(columns, lines);
  if (uprights && !lines) erase(rows, uprights);
  return { ...ink, density };
}

// Loops over all pixels stand alone: within a long function V8 may run them as plain code for good.

/** 1 where a value exceeds its limit, without a jump that would depend on the picture. */
function exceeds(values: Uint8Array, limits: Uint8Array): Uint8Array {
  const result = new Uint8Array(values.length);
  for (let i = 0; i < result.length; i++) result[i] = (limits[i]! - values[i]!) >>> 31;
  return result;
}

/** Turns each cell's number of columns that show a line into whether it has one: 1 or 0. */
function markCovered(columns: Uint8Array): void {
  const least = Math.ceil(COVER * CELL);
  for (let i = 0; i < columns.length; i++) columns[i] = (least - 1 - columns[i]!) >>> 31;
}

/**
 * Takes out the long thin lines of one direction.
 *
 * @param crossing the lines of the other direction, which may be two sides of a box
 * @returns where they end; `undefined` where there are none
 */
function eraseLines(isInk: Uint8Array, density: Uint8Array, axes: Axes, crossing?: Sides): Sides | undefined {
  const { along, alongStep, across, acrossStep, cells } = axes;
  const thickest = Math.min(MAX_THICKNESS * along, Math.max(THIN_PIXELS, THIN * Math.max(along, across)));
  const { runs, hasLine } = findThinRuns(isInk, axes, thickest);
  const isBox = crossing !== undefined && crossing.apart > BOX * thickest;
  const side = isBox ? (ALONE * crossing.apart) / CELL : Number.POSITIVE_INFINITY;
  if (countCells(hasLine, axes) < Math.min(ALONE * cells, among(axes), side)) return undefined;
  const lengths = followLines(hasLine, cells, across);
  const shortest = shortestLine(lengths, axes);
  const near = END * Math.max(along, across);
  const isSide = (row: number) => isBox && crossing.ends.some((end) => Math.abs(row - end) <= near);
  const places: Place[] = [];
  for (let i = 0; i < hasLine.length; i++) {
    if (!hasLine[i] || lengths[i]! < (isSide(i % across) ? Math.min(side, shortest) : shortest)) continue;
    const first = Math.floor(i / across) * CELL;
    for (let column = first; column < first + CELL; column++) places.push({ row: i % across, column });
  }
  const heights = places.map(({ row, column }) => runs[row * acrossStep + column * alongStep]!);
  const usual = median(heights.filter((height) => height > 0));
  for (const place of places) {
    for (const at of runThrough(place, runs, axes, USUAL * usual + 1)) {
      isInk[at] = 0;
      density[at] = 0;
    }
  }
  return places.length === 0 ? undefined : sidesOf(places, near);
}

/** @param near how far the lines' ends may be out of line */
function sidesOf(places: readonly Place[], near: number): Sides {
  const range = (values: readonly number[]) =>
    values.reduce(([least, most], v) => [Math.min(least, v), Math.max(most, v)] as const, [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ] as const);
  const ends = range(places.map(({ column }) => column));
  const apart = ends.map((end) => {
    const [first, last] = range(
      places.filter(({ column }) => Math.abs(column - end) <= near).map(({ row }) => row),
    );
    return last - first;
  });
  return { ends, apart: Math.min(...apart) };
}

/** In how many cells along the picture there is a line anywhere. */
function countCells(hasLine: Uint8Array, { cells, across }: Axes): number {
  let count = 0;
  for (let cell = 0; cell < cells; cell++)
    if (hasLine.subarray(cell * across, (cell + 1) * across).includes(1)) count++;
  return count;
}

/** How many cells make a line where there are several. */
function among({ along, across }: Axes): number {
  return (AMONG * Math.max(along, across)) / CELL;
}

/** How many cells make a line here: fewer where there are several lines as long. */
function shortestLine(lengths: Float32Array, axes: Axes): number {
  const { along, across, cells } = axes;
  const together = (TOGETHER * Math.max(along, across)) / CELL;
  const alone = ALONE * cells;
  let most = 0;
  for (const share of [0.25, 0.5, 0.75]) {
    const start = Math.floor(share * cells) * across;
    let lines = 0;
    for (let k = 1; k < across; k++) {
      if (lengths[start + k]! >= together && lengths[start + k - 1]! < together) lines++;
    }
    most = Math.max(most, lines);
  }
  return most >= SEVERAL ? Math.min(alone, among(axes)) : alone;
}

/** The pixels of the runs that pass within a pixel of a place, if they are no higher than `highest`. */
function runThrough({ row, column }: Place, runs: Uint8Array, axes: Axes, highest: number): number[] {
  const found: number[] = [];
  const indexOf = (at: number) => at * axes.acrossStep + column * axes.alongStep;
  for (let from = Math.max(0, row - 1); from <= row + 1 && from < axes.across; from++) {
    const height = runs[indexOf(from)]!;
    if (height === 0 || height > highest) continue;
    for (let up = from; up >= 0 && runs[indexOf(up)]; up--) found.push(indexOf(up));
    for (let down = from + 1; down < axes.across && runs[indexOf(down)]; down++) found.push(indexOf(down));
  }
  return found;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/**
 * Finds where the ink is no higher than `thickest` across the line.
 *
 * @returns `runs`: by pixel, how high, else 0; `hasLine` [cells, across]: 1 where a line passes, within a pixel up or down
 */
function findThinRuns(
  isInk: Uint8Array,
  { along, alongStep, across, acrossStep, cells }: Axes,
  thickest: number,
): { runs: Uint8Array; hasLine: Uint8Array } {
  const runs = new Uint8Array(isInk.length);
  const hasLine = new Uint8Array(cells * across);
  /** By column, the first row that no run has covered. */
  const free = new Int32Array(along);
  const close = (column: number, start: number, end: number) => {
    if (end - start > thickest) return;
    for (let k = start; k < end; k++) runs[k * acrossStep + column * alongStep] = end - start;
    const cell = Math.floor(column / CELL);
    const last = Math.min(across - 1, end);
    for (let k = Math.max(start - 1, free[column]!); k <= last && cell < cells; k++)
      hasLine[cell * across + k]! += 1;
    free[column] = last + 1;
  };
  if (acrossStep === 1) findRunsInRows(isInk, across, close);
  else findRunsInColumns(isInk, along, across, close);
  markCovered(hasLine);
  return { runs, hasLine };
}

/** Told of a run of ink: its line, its first pixel there, and the first one after it. */
type OnRun = (line: number, start: number, end: number) => void;

// Both go through the picture as it lies in memory, and pass over paper as fast as they can: there is most of it.

function findRunsInRows(isInk: Uint8Array, width: number, onRun: OnRun): void {
  for (let at = isInk.indexOf(1); at >= 0; at = isInk.indexOf(1, at)) {
    const row = Math.floor(at / width);
    const start = at - row * width;
    let end = start + 1;
    while (end < width && isInk[row * width + end] === 1) end++;
    at = row * width + end;
    onRun(row, start, end);
  }
}

function findRunsInColumns(isInk: Uint8Array, width: number, rows: number, onRun: OnRun): void {
  const starts = new Int32Array(width).fill(-1);
  for (let y = 0; y <= rows; y++) {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const isOpen = starts[x]! >= 0;
      if (isOpen === (y < rows && isInk[at] === 1)) continue;
      if (isOpen) onRun(x, starts[x]!, y);
      starts[x] = isOpen ? -1 : y;
    }
  }
}

/** The number of cells, less the gaps, of the longest line through each cell. */
function followLines(hasLine: Uint8Array, cells: number, across: number): Float32Array {
  const forward = new Float32Array(hasLine.length);
  const backward = new Float32Array(hasLine.length);
  for (let cell = 0; cell < cells; cell++) extend(forward, hasLine, cell, cell - 1);
  for (let cell = cells - 1; cell >= 0; cell--) extend(backward, hasLine, cell, cell + 1);
  for (let i = 0; i < forward.length; i++) forward[i]! += backward[i]! - hasLine[i]!;
  return forward;

  function extend(scores: Float32Array, isLine: Uint8Array, cell: number, from: number): void {
    for (let k = 0; k < across; k++) {
      let best = 0;
      let wasLine = 0;
      if (from >= 0 && from < cells) {
        for (let near = Math.max(0, k - 1); near <= Math.min(across - 1, k + 1); near++) {
          if (scores[from * across + near]! <= best) continue;
          best = scores[from * across + near]!;
          wasLine = isLine[from * across + near]!;
        }
      }
      const at = cell * across + k;
      if (isLine[at]) scores[at] = best + 1;
      else scores[at] = wasLine ? best : Math.max(0, best - GAP);
    }
  }
}
