import { type Prediction, sureDigits } from '../../core/prediction.js';
import { drawText, shorten } from '../plots/page.js';
import { style } from '../plots/style.js';

/** The height of the line below the picture, in pixels. */
export function captionHeight(width: number): number {
  return Math.round(Math.min(48, Math.max(24, width * 0.04)));
}

/**
 * Draws what was read over a picture and on a line below it, as SVG of the picture's size and that line: a box a digit,
 * above it the digit and its probability. What is not sure is dashed, has a question mark and another colour.
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
    const dashes = sure[i] ? '' : ` stroke-dasharray="${3 * line} ${2 * line}"`;
    const tag = { x, bottom: y, width, size: clamp(h * 0.3, 15, 44), colour };
    return [
      `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="${colour}" stroke-width="${line}"${dashes}/>`,
      drawTag(sure[i] ? digit : `${digit}?`, `${Math.floor(probability * 100)}%`, tag),
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

/** A digit and, smaller, its probability in white on the box's colour; moved into the picture where they would leave it. */
function drawTag(
  digit: string,
  probability: string,
  place: { x: number; bottom: number; width: number; size: number; colour: string },
): string {
  const { bottom, width, size, colour } = place;
  const height = size * 1.2;
  const y = Math.max(0, bottom - height);
  const small = Math.max(10, size * 0.55);
  const before = (0.68 * [...digit].length + 0.3) * size;
  const wide = before + (0.62 * probability.length + 0.4) * small;
  const x = Math.max(0, Math.min(place.x, width - wide));
  const letters = { y: y + size * 0.96, weight: 600, fill: '#ffffff' } as const;
  return [
    `<rect x="${x}" y="${y}" width="${wide}" height="${height}" fill="${colour}" fill-opacity="0.85"/>`,
    drawText(digit, { ...letters, x: x + size * 0.15, size }),
    drawText(probability, { ...letters, x: x + before, size: small }),
  ].join('\n');
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
