import { texts } from '../texts.js';
import type { PenEvents } from './pen.js';
import { PEN_WIDTH, type Point, SHEET } from './strokes.js';

/** The drawing cursor of the keyboard. */
export interface Cursor {
  readonly x: number;
  readonly y: number;
  readonly isDown: boolean;
}

interface KeyboardPenEvents extends PenEvents {
  /** `undefined` where the sheet is left. */
  readonly onCursor: (cursor: Cursor | undefined) => void;
  /** Called with what a screen reader should say. */
  readonly onSay: (sentence: string) => void;
}

const STEP = 12;
const SMALL_STEP = 3;
const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * Makes strokes by keyboard: arrows move the cursor, space puts the pen down and lifts it.
 *
 * @returns `lift`, which ends the stroke that is being drawn
 */
export function watchKeyboardPen(sheet: HTMLElement, events: KeyboardPenEvents): { lift(): void } {
  const held = new Set<string>();
  let place: Point = { x: SHEET.width / 2, y: SHEET.height / 4, width: PEN_WIDTH };
  let stroke: Point[] | undefined;

  sheet.tabIndex = 0;

  const showCursor = () => events.onCursor({ x: place.x, y: place.y, isDown: stroke !== undefined });

  const lower = () => {
    stroke = [place];
    events.onMove(stroke);
    events.onSay(texts.penDown(place.x / SHEET.width, place.y / SHEET.height));
  };

  const lift = () => {
    if (!stroke) return;
    const whole = stroke;
    stroke = undefined;
    events.onEnd(whole);
    events.onSay(texts.penUp);
  };

  const move = (step: number) => {
    // Two arrows held together draw a slope.
    const sum = (axis: 0 | 1) => [...held].reduce((total, key) => total + DIRECTIONS[key]![axis], 0);
    place = {
      ...place,
      x: Math.max(0, Math.min(SHEET.width, place.x + step * sum(0))),
      y: Math.max(0, Math.min(SHEET.height, place.y + step * sum(1))),
    };
    if (!stroke) return;
    stroke.push(place);
    events.onMove(stroke);
  };

  sheet.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in DIRECTIONS) {
      held.add(event.key);
      move(event.shiftKey ? SMALL_STEP : STEP);
    } else if (event.key === ' ' || event.key === 'Enter') {
      if (!event.repeat) stroke ? lift() : lower();
    } else if (event.key === 'Escape' && stroke) {
      lift();
    } else {
      return;
    }
    event.preventDefault();
    showCursor();
  });
  sheet.addEventListener('keyup', ({ key }) => held.delete(key));
  sheet.addEventListener('focus', () => {
    if (sheet.matches(':focus-visible')) showCursor();
  });
  sheet.addEventListener('blur', () => {
    held.clear();
    lift();
    events.onCursor(undefined);
  });
  return {
    lift() {
      if (!stroke) return;
      lift();
      showCursor();
    },
  };
}
