import { PEN_WIDTH, type Point, SHEET, type Stroke } from './strokes.js';

export interface PenEvents {
  /** Gets the stroke as it grows. */
  readonly onMove: (stroke: Stroke) => void;
  /** Gets the whole stroke. */
  readonly onEnd: (stroke: Stroke) => void;
}

interface PointerEvents extends PenEvents {
  /** What a tap there does instead of drawing a dot, if anything. */
  readonly targetAt: (place: Point) => (() => void) | undefined;
}

/** Places nearer to the last than this only tremble; in sheet units. */
const MIN_DISTANCE = 1.5;
/** A finger that moves no further than this taps. */
const TAP_REACH = 8;
/** How much of a change of pressure each sample takes over: sensors jump. */
const PRESSURE_GAIN = 0.35;

/**
 * Makes strokes of mouse, pen and finger.
 *
 * @returns `lift`, which ends the stroke that is being drawn
 */
export function watchPen(
  canvas: HTMLCanvasElement,
  { onMove, onEnd, targetAt }: PointerEvents,
): { lift(): void } {
  let pointer: number | undefined;
  let points: Point[] = [];
  /** What lies under the pointer, until it has moved. */
  let target: (() => void) | undefined;

  canvas.addEventListener('pointerdown', (event) => {
    // A second finger and the other mouse buttons draw nothing.
    if (pointer !== undefined || !event.isPrimary || event.button !== 0) return;
    // Keeps the text around from being selected, and older phones from scrolling.
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    pointer = event.pointerId;
    points = [placeOf(event, canvas.getBoundingClientRect())];
    target = targetAt(points[0]!);
    if (!target) onMove(points);
  });

  canvas.addEventListener('pointermove', (event) => {
    if (pointer === undefined && event.pointerType === 'mouse') {
      const isOnTarget = targetAt(placeOf(event, canvas.getBoundingClientRect())) !== undefined;
      canvas.classList.toggle('on-target', isOnTarget);
    }
    if (event.pointerId !== pointer) return;
    // Pens report several places between two frames.
    const events = event.getCoalescedEvents?.() ?? [];
    const before = points.length;
    const sheet = canvas.getBoundingClientRect();
    for (const each of events.length > 0 ? events : [event]) add(points, placeOf(each, sheet));
    if (points.length === before || (target && isTap(points))) return;
    target = undefined;
    onMove(points);
  });

  const end = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    pointer = undefined;
    if (!target) onEnd(points);
    else if (event.type === 'pointerup') target();
  };
  canvas.addEventListener('pointerup', end);
  canvas.addEventListener('pointercancel', end);
  canvas.addEventListener('lostpointercapture', end);
  canvas.addEventListener('contextmenu', (event) => {
    if (pointer !== undefined) event.preventDefault();
  });
  return {
    lift() {
      if (pointer === undefined || target) return;
      pointer = undefined;
      onEnd(points);
    },
  };
}

function isTap([first, ...others]: readonly Point[]): boolean {
  return others.every(({ x, y }) => Math.hypot(x - first!.x, y - first!.y) <= TAP_REACH);
}

function add(points: Point[], { x, y, width }: Point): void {
  const last = points.at(-1)!;
  if (Math.hypot(x - last.x, y - last.y) < MIN_DISTANCE) return;
  points.push({ x, y, width: last.width + PRESSURE_GAIN * (width - last.width) });
}

/** From the window's pixels to sheet units, whatever size the style sheet or a zoom gives the canvas. */
function placeOf(event: PointerEvent, { left, top, width, height }: DOMRect): Point {
  return {
    x: ((event.clientX - left) / width) * SHEET.width,
    y: ((event.clientY - top) / height) * SHEET.height,
    width: PEN_WIDTH * (event.pointerType === 'pen' ? thickness(event.pressure) : 1),
  };
}

/** The usual pressure of 0.5 draws as a mouse does; pens without a sensor report just that. Fingers' is no measure. */
function thickness(pressure: number): number {
  return 0.6 + 0.8 * pressure;
}
