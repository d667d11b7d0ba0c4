import { UserError } from '../../../src/core/errors.js';
import type { GrayImage } from '../../../src/core/image.js';
import { grayFromPixels } from '../../../src/core/preprocess/to-gray.js';
import { drawStrokes, SHEET, type Stroke } from '../drawing/strokes.js';
import { texts } from '../texts.js';
import type { Source } from './protocol.js';

/** Phones' canvases hold no more. */
const MAX_PIXELS = 16e6;

/** The grey value round strokes. */
export const STROKES_GROUND = 255;

/** Many times finer than 28x28 still, and quick to search. */
const STROKE_SCALE = 0.5;

/**
 * The source as a grey picture: strokes as black ink on white, of one size whatever the screen's.
 *
 * @throws UserError if a picture cannot be decoded.
 */
export async function rasterize(source: Source): Promise<GrayImage> {
  if (source.kind === 'picture') return decodePicture(source.file, source.name);
  return rasterizeStrokes(source.strokes);
}

/** Kept: a new canvas for each stroke costs more than the stroke. */
let sheet: OffscreenCanvasRenderingContext2D | undefined;

function rasterizeStrokes(strokes: readonly Stroke[]): GrayImage {
  sheet ??= createContext(SHEET.width * STROKE_SCALE, SHEET.height * STROKE_SCALE);
  const { width, height } = sheet.canvas;
  sheet.setTransform(STROKE_SCALE, 0, 0, STROKE_SCALE, 0, 0);
  sheet.fillStyle = `rgb(${STROKES_GROUND} ${STROKES_GROUND} ${STROKES_GROUND})`;
  sheet.fillRect(0, 0, SHEET.width, SHEET.height);
  drawStrokes(sheet, strokes, '#000');
  const { data } = sheet.getImageData(0, 0, width, height);
  // Black on white, opaque: every channel is the grey.
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) grey[i] = data[4 * i]!;
  return { width, height, data: grey };
}

async function decodePicture(file: Blob, name: string): Promise<GrayImage> {
  let bitmap: ImageBitmap;
  try {
    // The file's own values, as the command line reads them.
    bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  } catch (cause) {
    throw new UserError(texts.errors.unreadable(name), { hint: texts.errors.unreadableHint, cause });
  }
  const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (bitmap.width * bitmap.height)));
  const [width, height] = [Math.ceil(bitmap.width * scale), Math.ceil(bitmap.height * scale)];
  const context = createContext(width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return toGray(context);
}

function createContext(width: number, height: number): OffscreenCanvasRenderingContext2D {
  return new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
}

function toGray(context: OffscreenCanvasRenderingContext2D): GrayImage {
  const { width, height } = context.canvas;
  const { data } = context.getImageData(0, 0, width, height);
  return grayFromPixels({ width, height, channels: 4, data });
}
