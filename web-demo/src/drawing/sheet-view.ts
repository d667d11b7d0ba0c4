import type { Box } from '../../../src/core/image.js';
import type { Sheet } from './history.js';
import { drawStrokes, SHEET_SIDE, type Stroke } from './strokes.js';

/** The digits that were found, in the pixels of a picture of the given size. */
export interface Found {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
}

/** Shows a sheet on a canvas, sharp at every size and pixel density. */
export class SheetView {
  readonly #canvas: HTMLCanvasElement;
  #sheet: Sheet | undefined;
  #growing: Stroke | undefined;
  #found: Found | undefined;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    new ResizeObserver(() => this.#requestFrame()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#requestFrame());
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

  /** Many pointer events come between two frames; one drawing serves them all. */
  #requestFrame(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const canvas = this.#canvas;
    const side = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
    if (canvas.width !== side) {
      canvas.width = side;
      canvas.height = side;
    }
    const context = canvas.getContext('2d')!;
    context.setTransform(side / SHEET_SIDE, 0, 0, side / SHEET_SIDE, 0, 0);
    context.clearRect(0, 0, SHEET_SIDE, SHEET_SIDE);
    const { color, accentColor } = getComputedStyle(canvas);
    const sheet = this.#sheet;
    const isPicture = sheet?.kind === 'picture' && !this.#growing;
    if (isPicture) drawPicture(context, sheet.bitmap);
    else if (sheet?.kind === 'strokes') drawStrokes(context, sheet.strokes, color);
    if (this.#growing) drawStrokes(context, [this.#growing], color);
    // A frame around the one digit of a drawing would tell nothing.
    if (this.#found && (isPicture || this.#found.boxes.length > 1))
      drawFrames(context, this.#found, accentColor);
  }
}

type Size = { readonly width: number; readonly height: number };

/** Where a picture lies on the sheet: whole, and in the middle. */
function placePicture({ width, height }: Size): { left: number; top: number; scale: number } {
  const scale = SHEET_SIDE / Math.max(width, height);
  return { left: (SHEET_SIDE - width * scale) / 2, top: (SHEET_SIDE - height * scale) / 2, scale };
}

function drawPicture(context: CanvasRenderingContext2D, bitmap: ImageBitmap): void {
  const { left, top, scale } = placePicture(bitmap);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  // Both black and white ink on a transparent ground stay visible.
  context.fillStyle = '#8a8d98';
  context.fillRect(left, top, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, left, top, width, height);
}

function drawFrames(context: CanvasRenderingContext2D, found: Found, colour: string): void {
  const { left, top, scale } = placePicture(found);
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = colour;
  for (const { x, y, width, height } of found.boxes) {
    context.strokeRect(left + x * scale, top + y * scale, width * scale, height * scale);
  }
}
