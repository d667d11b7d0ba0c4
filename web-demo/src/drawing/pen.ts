import { type Point, SHEET_SIDE, type Stroke } from './strokes.js';

/**
 * Makes strokes of mouse, pen and finger. `onMove` gets the stroke as it grows, `onEnd` the whole one.
 */
export function watchPen(
  canvas: HTMLCanvasElement,
  { onMove, onEnd }: { onMove: (stroke: Stroke) => void; onEnd: (stroke: Stroke) => void },
): void {
  let pointer: number | undefined;
  let points: Point[] = [];

  canvas.addEventListener('pointerdown', (event) => {
    // A second finger and the other mouse buttons draw nothing.
    if (pointer !== undefined || !event.isPrimary || event.button !== 0) return;
    // Keeps the text around from being selected, and older phones from scrolling.
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    pointer = event.pointerId;
    points = [placeOf(event, canvas)];
    onMove(points);
  });

  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pointer) return;
    // Pens report several places between two frames.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) points.push(placeOf(each, canvas));
    onMove(points);
  });

  const end = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    pointer = undefined;
    onEnd(points);
  };
  canvas.addEventListener('pointerup', end);
  canvas.addEventListener('pointercancel', end);
  canvas.addEventListener('lostpointercapture', end);
  canvas.addEventListener('contextmenu', (event) => {
    if (pointer !== undefined) event.preventDefault();
  });
}

/** From the window's pixels to sheet units, whatever size the style sheet or a zoom gives the canvas. */
function placeOf(event: PointerEvent, canvas: HTMLCanvasElement): Point {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return {
    x: ((event.clientX - left) / width) * SHEET_SIDE,
    y: ((event.clientY - top) / height) * SHEET_SIDE,
  };
}
