import { findDigits } from '../../../src/core/read/index.js';
import { PEN_WIDTH, SHEET } from '../drawing/strokes.js';
import { rasterize, STROKES_GROUND } from './rasterize.js';

/** Has the browser compile what a stroke takes before the network, while that is still on its way. */
export async function warmUp(): Promise<void> {
  const stroke = [0.2, 0.5, 0.8].map((t) => ({ x: SHEET.width * t, y: SHEET.height * t, width: PEN_WIDTH }));
  const image = await rasterize({ kind: 'strokes', strokes: [stroke] });
  findDigits(image, { segment: 'auto', ground: STROKES_GROUND });
}
