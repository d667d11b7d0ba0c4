import { SHEET } from './strokes.js';

type Size = { readonly width: number; readonly height: number };

/** Where a picture lies on the sheet: whole, and in the middle. */
export function placePicture({ width, height }: Size): { left: number; top: number; scale: number } {
  const scale = Math.min(SHEET.width / width, SHEET.height / height);
  return { left: (SHEET.width - width * scale) / 2, top: (SHEET.height - height * scale) / 2, scale };
}

export function drawPicture(context: CanvasRenderingContext2D, bitmap: ImageBitmap): void {
  const { left, top, scale } = placePicture(bitmap);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  // Both black and white ink on a transparent ground stay visible.
  context.fillStyle = '#8a8d98';
  context.fillRect(left, top, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, left, top, width, height);
}
