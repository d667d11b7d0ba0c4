/** A place on the sheet, in units of the sheet from its top left, and the pen's width there. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** The pen's path from down to up. */
export type Stroke = readonly Point[];

/** Wide enough for a number; the answer below it stays in sight on a phone. */
export const SHEET = { width: 480, height: 360 } as const;
/** A digit that fills the sheet, and each of several, then has strokes about as thick as MNIST's. */
export const PEN_WIDTH = 22;
/** The length of the straight pieces that a stroke of changing width is made of. */
const PIECE = 4;

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Draws strokes in sheet units, smoothed; the same code draws the screen and the picture that is read. */
export function drawStrokes(context: Context, strokes: readonly Stroke[], ink: string): void {
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = ink;
  for (const stroke of strokes) {
    const [first] = stroke;
    if (!first) continue;
    const isEven = stroke.every(({ width }) => width === first.width);
    if (isEven) drawEven(context, stroke, first);
    else for (const curve of curvesOf(stroke)) drawTapered(context, curve);
  }
}

interface Curve {
  readonly from: Point;
  readonly control: Point;
  readonly to: Point;
}

/** Curves through the middles of the segments: no corners where the pen's samples lie. */
function* curvesOf(stroke: Stroke): Generator<Curve> {
  let from = stroke[0]!;
  for (let i = 1; i < stroke.length - 1; i++) {
    const to = between(stroke[i]!, stroke[i + 1]!, 0.5);
    yield { from, control: stroke[i]!, to };
    from = to;
  }
  const last = stroke.at(-1)!;
  yield { from, control: between(from, last, 0.5), to: last };
}

function drawEven(context: Context, stroke: Stroke, first: Point): void {
  context.lineWidth = first.width;
  context.beginPath();
  context.moveTo(first.x, first.y);
  for (const { control, to } of curvesOf(stroke)) context.quadraticCurveTo(control.x, control.y, to.x, to.y);
  const last = stroke.at(-1)!;
  // Browsers may leave out a line without length, which is what a tap is.
  context.lineTo(last.x + 0.01, last.y);
  context.stroke();
}

function drawTapered(context: Context, { from, control, to }: Curve): void {
  const length =
    Math.hypot(control.x - from.x, control.y - from.y) + Math.hypot(to.x - control.x, to.y - control.y);
  const pieces = Math.max(1, Math.ceil(length / PIECE));
  let start = from;
  for (let i = 1; i <= pieces; i++) {
    const t = i / pieces;
    const end = between(between(from, control, t), between(control, to, t), t);
    context.lineWidth = (start.width + end.width) / 2;
    context.beginPath();
    context.moveTo(start.x, start.y);
    context.lineTo(end.x + 0.01, end.y);
    context.stroke();
    start = end;
  }
}

function between(a: Point, b: Point, t: number): Point {
  const mix = (from: number, to: number) => from + t * (to - from);
  return { x: mix(a.x, b.x), y: mix(a.y, b.y), width: mix(a.width, b.width) };
}
