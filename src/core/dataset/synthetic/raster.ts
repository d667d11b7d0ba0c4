import type { Box } from '../../image.js';
import type { Trace } from './trace.js';

/** A sheet that ink only darkens: `ink[y * width + x]`, 0 bare to 1 covered. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly ink: Float32Array;
  /** The pixels over which an edge fades. */
  readonly edge: number;
}

/** The smallest rectangle that holds the traces with the pen's width. */
function inkBounds(traces: readonly Trace[]): Box {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const { x, y, radius } of traces) {
    for (let i = 0; i < x.length; i++) {
      const r = radius[i]!;
      left = Math.min(left, x[i]! - r);
      right = Math.max(right, x[i]! + r);
      top = Math.min(top, y[i]! - r);
      bottom = Math.max(bottom, y[i]! + r);
    }
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Scales traces evenly so that they fill `box` in one direction and stand in its middle in the other. */
export function fitTraces(traces: readonly Trace[], box: Box): void {
  const bounds = inkBounds(traces);
  const scale = Math.min(box.width / bounds.width, box.height / bounds.height);
  const shiftX = box.x + (box.width - bounds.width * scale) / 2 - bounds.x * scale;
  const shiftY = box.y + (box.height - bounds.height * scale) / 2 - bounds.y * scale;
  for (const { x, y, radius } of traces) {
    for (let i = 0; i < x.length; i++) {
      x[i] = x[i]! * scale + shiftX;
      y[i] = y[i]! * scale + shiftY;
      radius[i] = radius[i]! * scale;
    }
  }
}

/** Inks a trace in pixel units: round pieces of changing width, with a soft edge. */
export function inkTrace(canvas: Canvas, { x, y, radius }: Trace): void {
  for (let i = 1; i < x.length; i++) {
    inkPiece(canvas, x[i - 1]!, y[i - 1]!, radius[i - 1]!, x[i]!, y[i]!, radius[i]!);
  }
}

function inkPiece(
  { width, height, ink, edge }: Canvas,
  startX: number,
  startY: number,
  startRadius: number,
  endX: number,
  endY: number,
  endRadius: number,
): void {
  const reach = Math.max(startRadius, endRadius) + edge / 2;
  const left = Math.max(0, Math.floor(Math.min(startX, endX) - reach));
  const right = Math.min(width - 1, Math.floor(Math.max(startX, endX) + reach));
  const top = Math.max(0, Math.floor(Math.min(startY, endY) - reach));
  const bottom = Math.min(height - 1, Math.floor(Math.max(startY, endY) + reach));
  const dx = endX - startX;
  const dy = endY - startY;
  const perLength = 1 / (dx * dx + dy * dy + 1e-12);
  for (let row = top; row <= bottom; row++) {
    const fromY = row + 0.5 - startY;
    for (let column = left; column <= right; column++) {
      const fromX = column + 0.5 - startX;
      const along = (fromX * dx + fromY * dy) * perLength;
      const t = along < 0 ? 0 : Math.min(along, 1);
      const offX = fromX - dx * t;
      const offY = fromY - dy * t;
      const inside = startRadius + (endRadius - startRadius) * t + edge / 2;
      const squared = offX * offX + offY * offY;
      if (squared >= inside * inside) continue;
      const cover = (inside - Math.sqrt(squared)) / edge;
      const at = row * width + column;
      if (cover > ink[at]!) ink[at] = Math.min(cover, 1);
    }
  }
}
