import { digitAt, drawFrames, type Found } from './draw-frames.js';
import { drawPicture } from './draw-picture.js';
import type { Sheet } from './history.js';
import type { Cursor } from './keyboard-pen.js';
import { drawStrokes, PEN_WIDTH, type Point, SHEET, type Stroke } from './strokes.js';

/** Shows a sheet on a canvas, sharp at every size and pixel density. */
export class SheetView {
  readonly #canvas: HTMLCanvasElement;
  #sheet: Sheet | undefined;
  #growing: Stroke | undefined;
  #found: Found | undefined;
  #cursor: Cursor | undefined;
  #frame = 0;
  // Kept, since asking for them between two strokes makes the browser lay out the page.
  #width = 0;
  #colours: { readonly ink: string; readonly accent: string } | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    new ResizeObserver(() => {
      this.#width = canvas.clientWidth;
      this.#requestFrame();
    }).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#colours = undefined;
      this.#requestFrame();
    });
  }

  show(sheet: Sheet, growing?: Stroke): void {
    if (sheet !== this.#sheet || growing) this.#found = undefined;
    this.#sheet = sheet;
    this.#growing = growing;
    this.#requestFrame();
  }

  showFound(found: Found): void {
    this.#found = found;
    this.#requestFrame();
  }

  showCursor(cursor: Cursor | undefined): void {
    this.#cursor = cursor;
    this.#requestFrame();
  }

  /** The index of the digit whose frame is shown there. */
  digitAt(place: Point): number | undefined {
    return this.#framed && digitAt(this.#framed, place);
  }

  get #isPicture(): boolean {
    return this.#sheet?.kind === 'picture' && !this.#growing;
  }

  /** A frame around the one digit of a drawing would tell nothing. */
  get #framed(): Found | undefined {
    return this.#isPicture || (this.#found?.digits.length ?? 0) > 1 ? this.#found : undefined;
  }

  /** Many pointer events come between two frames; one drawing serves them all. */
  #requestFrame(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const canvas = this.#canvas;
    const scale = Math.max(1, this.#width * devicePixelRatio) / SHEET.width;
    const [width, height] = [Math.round(SHEET.width * scale), Math.round(SHEET.height * scale)];
    if (canvas.width !== width) Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d')!;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, SHEET.width, SHEET.height);
    this.#colours ??= coloursOf(canvas);
    const { ink, accent } = this.#colours;
    const sheet = this.#sheet;
    if (sheet?.kind === 'picture' && this.#isPicture) drawPicture(context, sheet.bitmap);
    else if (sheet?.kind === 'strokes') drawStrokes(context, sheet.strokes, ink);
    if (this.#growing) drawStrokes(context, [this.#growing], ink);
    if (this.#framed) drawFrames(context, this.#framed, accent);
    if (this.#cursor) drawCursor(context, this.#cursor, accent);
  }
}

/** The style sheet's colours for the sheet. */
function coloursOf(canvas: HTMLCanvasElement): { ink: string; accent: string } {
  const { color, accentColor } = getComputedStyle(canvas);
  return { ink: color, accent: accentColor };
}

function drawCursor(context: CanvasRenderingContext2D, { x, y, isDown }: Cursor, colour: string): void {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(x, y, PEN_WIDTH / 2 + 4, 0, 2 * Math.PI);
  context.stroke();
  context.beginPath();
  context.arc(x, y, isDown ? PEN_WIDTH / 2 - 2 : 2.5, 0, 2 * Math.PI);
  context.fill();
}
