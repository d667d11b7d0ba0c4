import { Bitmaps } from './bitmaps.js';
import { digitAt, drawFrames, type Found } from './draw-frames.js';
import { drawPicture } from './draw-picture.js';
import type { Sheet } from './history.js';
import type { Cursor } from './keyboard-pen.js';
import { drawStrokes, PEN_WIDTH, type Point, SHEET, type Stroke } from './strokes.js';

/** Shows a sheet on a canvas, sharp at every size and pixel density. */
export class SheetView {
  readonly #canvas: HTMLCanvasElement;
  readonly #decode: (file: Blob) => Promise<ImageBitmap>;
  readonly #bitmaps = new Bitmaps();
  #sheet: Sheet | undefined;
  #growing: Stroke | undefined;
  #found: Found | undefined;
  #cursor: Cursor | undefined;
  /** The picture that is being decoded once more. */
  #restoring: Blob | undefined;
  #frame = 0;
  // Kept, since asking for them between two strokes makes the browser lay out the page.
  #width = 0;
  #colours: { readonly ink: string; readonly accent: string } | undefined;

  /** @param decode makes the bitmap of a picture that is shown again */
  constructor(canvas: HTMLCanvasElement, decode: (file: Blob) => Promise<ImageBitmap>) {
    this.#canvas = canvas;
    this.#decode = decode;
    new ResizeObserver(() => {
      this.#width = canvas.clientWidth;
      this.#requestFrame();
    }).observe(canvas);
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', () => {
        this.#colours = undefined;
        this.#requestFrame();
      });
    }
    this.#watchDensity();
  }

  /** Takes the bitmap of a picture that will be shown. */
  keep(file: Blob, bitmap: ImageBitmap): void {
    this.#bitmaps.keep(file, bitmap);
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

  /** A window that is moved to another screen keeps its size. */
  #watchDensity(): void {
    const redraw = () => {
      this.#requestFrame();
      this.#watchDensity();
    };
    const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    density.addEventListener('change', redraw, { once: true });
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
    if (sheet?.kind === 'picture' && this.#isPicture) this.#drawPicture(context, sheet.file);
    else if (sheet?.kind === 'strokes') drawStrokes(context, sheet.strokes, ink);
    if (this.#growing) drawStrokes(context, [this.#growing], ink);
    if (this.#framed) drawFrames(context, this.#framed, { colour: accent, hasHalo: this.#isPicture });
    if (this.#cursor) drawCursor(context, this.#cursor, accent);
  }

  #drawPicture(context: CanvasRenderingContext2D, file: Blob): void {
    const bitmap = this.#bitmaps.get(file);
    if (bitmap) drawPicture(context, bitmap);
    else void this.#restore(file);
  }

  async #restore(file: Blob): Promise<void> {
    if (this.#restoring === file) return;
    this.#restoring = file;
    try {
      this.keep(file, await this.#decode(file));
      this.#restoring = undefined;
      this.#requestFrame();
    } catch {
      // The file has been removed since; who reads it says so.
    }
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
