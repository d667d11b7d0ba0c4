import { type Prediction, sureDigits } from '../../core/prediction.js';
import { drawText, shorten } from '../plots/page.js';
import { style } from '../plots/style.js';

/** The height of the line below the picture, in pixels. */
export function captionHeight(width: number): number {
  return Math.round(Math.min(48, Math.max(24, width * 0.04)));
}

/**
 * Draws what was read over a picture and on a line below it, as SVG of the picture's size and that line: a box a digit,
 * above it the digit, below it the probability. What is not sure is dashed, has a question mark and another colour.
 *
 * @param size the picture's pixels as it is drawn, and their number per pixel of the boxes
 */
export function drawReading(
  prediction: Prediction,
  size: { readonly width: number; readonly height: number; readonly scaleX: number; readonly scaleY: number },
): string {
  const { width, height } = size;
  const caption = captionHeight(width);
  const sure = sureDigits(prediction);
  const line = Math.max(2, Math.round(Math.max(width, height) / 500));
  const digits = prediction.digits.map(({ digit, probability, box }, i) => {
    const [x, y] = [box.x * size.scaleX, box.y * size.scaleY];
    const [w, h] = [box.width * size.scaleX, box.height * size.scaleY];
    const colour = sure[i] ? style.right : style.wrong;
    const large = clamp(h * 0.3, 15, 44);
    const small = clamp(w * 0.3, 11, large * 0.6);
    const dashes = sure[i] ? '' : ` stroke-dasharray="${3 * line} ${2 * line}"`;
    return [
      `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="${colour}" stroke-width="${line}"${dashes}/>`,
      drawTag(sure[i] ? digit : `${digit}?`, { x, y: y - large * 1.25, size: large, colour, height }),
      drawTag(`${Math.floor(probability * 100)}%`, { x, y: y + h, size: small, colour, height }),
    ].join('\n');
  });
  const { text, status } = prediction;
  const letters = caption * 0.55;
  const summary = shorten(`${status}: ${text.replaceAll('\n', ' / ')}`, width - letters, letters);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + caption}" font-family="${style.font}">
${digits.join('\n')}
<rect x="0" y="${height}" width="${width}" height="${caption}" fill="${style.background}"/>
${drawText(status === 'blank' ? 'blank' : summary, { x: letters / 2, y: height + caption * 0.7, size: letters, weight: 600, fill: style.text })}
</svg>`;
}

/** White letters on a ground of the box's colour, moved into the picture where they would leave it. */
function drawTag(
  text: string,
  place: { x: number; y: number; size: number; colour: string; height: number },
): string {
  const { x, size, colour, height } = place;
  const tall = size * 1.25;
  const wide = (0.64 * text.length + 0.3) * size;
  const y = clamp(place.y, 0, height - tall);
  const letters = drawText(text, { x: x + size * 0.15, y: y + size, size, weight: 600, fill: '#ffffff' });
  return `<rect x="${x}" y="${y}" width="${wide}" height="${tall}" fill="${colour}" fill-opacity="0.85"/>${letters}`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
