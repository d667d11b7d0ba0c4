import type { Box } from '../../../src/core/image.js';
import { placePicture } from './draw-picture.js';
import { type Point, SHEET } from './strokes.js';

/** The digits that were found, their boxes in the pixels of a picture of the given size. */
export interface Found {
  readonly width: number;
  readonly height: number;
  readonly digits: readonly { readonly box: Box; readonly label: string; readonly isUnsure: boolean }[];
  /** The index of the digit that is looked at. */
  readonly chosen: number;
}

const LABEL = 18;
/** The width of a frame's light edge. */
const HALO = 1.5;
const HALO_COLOUR = 'rgb(255 255 255 / 85%)';
/** Room between ink and frame. */
const MARGIN = 3;

/**
 * Draws a frame around each digit and what it was read as; dashed where the reading is unsure.
 *
 * @param look.hasHalo whether frames have a light edge, which a dark picture needs
 */
export function drawFrames(
  context: CanvasRenderingContext2D,
  found: Found,
  { colour, hasHalo }: { colour: string; hasHalo: boolean },
): void {
  const { left, top, scale } = placePicture(found);
  context.lineJoin = 'round';
  context.font = `650 ${LABEL - 4}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const [i, { box, label, isUnsure }] of found.digits.entries()) {
    const x = left + box.x * scale - MARGIN;
    const y = top + box.y * scale - MARGIN;
    const [width, height] = [box.width * scale + 2 * MARGIN, box.height * scale + 2 * MARGIN];
    const line = i === found.chosen ? 3 : 1.5;
    if (hasHalo) {
      context.setLineDash([]);
      context.lineWidth = line + 2 * HALO;
      context.strokeStyle = HALO_COLOUR;
      context.strokeRect(x, y, width, height);
    }
    context.lineWidth = line;
    context.strokeStyle = colour;
    context.setLineDash(isUnsure ? [6, 5] : []);
    context.strokeRect(x, y, width, height);
    drawLabel(context, { label, x, y, colour });
  }
  context.setLineDash([]);
}

/** The index of the digit whose frame holds a place on the sheet; of several, that of the smallest. */
export function digitAt(found: Found, { x, y }: Point): number | undefined {
  const { left, top, scale } = placePicture(found);
  const [across, down] = [(x - left) / scale, (y - top) / scale];
  const margin = MARGIN / scale;
  const hits = found.digits
    .map(({ box }, index) => ({ box, index }))
    .filter(
      ({ box }) =>
        Math.abs(across - box.x - box.width / 2) <= box.width / 2 + margin &&
        Math.abs(down - box.y - box.height / 2) <= box.height / 2 + margin,
    )
    .sort((a, b) => a.box.width * a.box.height - b.box.width * b.box.height);
  return hits[0]?.index;
}

/** On the frame's top left corner, but never outside the sheet. */
function drawLabel(
  context: CanvasRenderingContext2D,
  { label, x, y, colour }: { label: string; x: number; y: number; colour: string },
): void {
  const width = Math.max(LABEL, context.measureText(label).width + 10);
  const left = Math.max(1, Math.min(SHEET.width - width - 1, x - 1));
  const top = Math.max(1, y - LABEL);
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(left, top, width, LABEL, 4);
  context.fill();
  // The page's own colour lies under the text: the sheet is transparent there.
  context.globalCompositeOperation = 'destination-out';
  context.fillText(label, left + width / 2, top + LABEL / 2 + 1);
  context.globalCompositeOperation = 'source-over';
}
