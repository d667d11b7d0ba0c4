import type { Knot, Stroke } from './stroke.js';

/** The line of a stroke as points so near to each other that straight pieces between them look smooth. */
export interface Trace {
  readonly x: number[];
  readonly y: number[];
  /** Half the pen's width at each point. */
  readonly radius: number[];
}

/**
 * Follows a stroke with a centripetal Catmull-Rom curve (it neither loops nor overshoots where knots stand
 * unevenly) that breaks at the corners.
 *
 * @param steps The points from one knot to the next.
 */
export function traceStroke(stroke: Stroke, steps: number): Trace {
  const trace: Trace = { x: [stroke[0]!.x], y: [stroke[0]!.y], radius: [] };
  for (let i = 1; i < stroke.length; i++) {
    const start = stroke[i - 1]!;
    const end = stroke[i]!;
    const before = start.corner ? undefined : stroke[i - 2];
    const after = end.corner ? undefined : stroke[i + 1];
    traceSpan(trace, [before, start, end, after], steps);
  }
  return trace;
}

type Span = readonly [before: Knot | undefined, start: Knot, end: Knot, after: Knot | undefined];

function traceSpan(trace: Trace, [before, start, end, after]: Span, steps: number): void {
  const time = knotTime(start, end);
  const timeBefore = before ? knotTime(before, start) : 0;
  const timeAfter = after ? knotTime(end, after) : 0;
  const chordX = end.x - start.x;
  const chordY = end.y - start.y;
  let leaveX = chordX;
  let leaveY = chordY;
  let arriveX = chordX;
  let arriveY = chordY;
  if (before) {
    leaveX = tangent(before.x, start.x, end.x, timeBefore, time);
    leaveY = tangent(before.y, start.y, end.y, timeBefore, time);
  }
  if (after) {
    // The curve read backwards leaves `end` as it arrives there.
    arriveX = -tangent(after.x, end.x, start.x, timeAfter, time);
    arriveY = -tangent(after.y, end.y, start.y, timeAfter, time);
  }
  for (let step = 1; step <= steps; step++) {
    const t = step / steps;
    const toEnd = t * t * (3 - 2 * t);
    const leave = t * (1 - t) * (1 - t);
    const arrive = t * t * (t - 1);
    trace.x.push(start.x + chordX * toEnd + leaveX * leave + arriveX * arrive);
    trace.y.push(start.y + chordY * toEnd + leaveY * leave + arriveY * arrive);
  }
}

/** The centripetal measure: the square root of the distance, and never 0. */
function knotTime(a: Knot, b: Knot): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  return Math.sqrt(Math.sqrt(dx * dx + dy * dy)) + 1e-6;
}

/** One coordinate of the tangent at `b`, for a span of unit length that `time` stands for. */
function tangent(a: number, b: number, c: number, timeBefore: number, time: number): number {
  return time * ((b - a) / timeBefore - (c - a) / (timeBefore + time) + (c - b) / time);
}
