/** A place on the sheet, in units of the sheet: 0 to `SHEET_SIDE` from the top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The pen's path from down to up. */
export type Stroke = readonly Point[];

export const SHEET_SIDE = 400;
/** A digit that fills the sheet then has strokes about as thick as MNIST's. */
const PEN_WIDTH = 26;

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Draws strokes in sheet units, smoothed; the same code draws the screen and the picture that is read. */
export function drawStrokes(context: Context, strokes: readonly Stroke[], ink: string): void {
  context.lineWidth = PEN_WIDTH;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = ink;
  for (const stroke of strokes) {
    context.beginPath();
    tracePath(context, stroke);
    context.stroke();
  }
}

/** Curves through the middles of the segments: no corners where the pen's samples lie. */
function tracePath(context: Context, stroke: Stroke): void {
  const first = stroke[0];
  const last = stroke.at(-1);
  if (!first || !last) return;
  context.moveTo(first.x, first.y);
  for (let i = 1; i < stroke.length - 1; i++) {
    const [here, next] = [stroke[i]!, stroke[i + 1]!];
    context.quadraticCurveTo(here.x, here.y, (here.x + next.x) / 2, (here.y + next.y) / 2);
  }
  // Not quite on the same place: browsers may leave out a line without length, which is what a tap is.
  context.lineTo(last.x + 0.01, last.y);
}
