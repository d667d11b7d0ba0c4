import { escapeXml } from './render.js';
import { style } from './style.js';

/** The width of pictures, in units: about that of a README. */
export const PAGE_WIDTH = 830;

export interface Page {
  readonly title: string;
  /** Data set, model and figure. */
  readonly caption: string;
  readonly width?: number;
  /** Of the body alone, which starts at y = 0 below the title. */
  readonly bodyHeight: number;
  /** SVG elements. */
  readonly body: string;
}

const TOP = 52;
const BOTTOM = 36;

/** A picture in the one style: a title, the body, a caption. */
export function drawPage({ title, caption, width = PAGE_WIDTH, bodyHeight, body }: Page): string {
  const height = TOP + bodyHeight + BOTTOM;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${style.font}" fill="${style.text}">
<rect width="${width}" height="${height}" fill="${style.background}"/>
${drawText(title, { x: width / 2, y: 32, size: 17, weight: 600, anchor: 'middle' })}
<g transform="translate(0 ${TOP})">
${body}
</g>
${drawText(shorten(caption, width - 24, 12), { x: width / 2, y: height - 14, size: 12, anchor: 'middle', fill: style.muted })}
</svg>`;
}

export interface TextPlace {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly weight?: 400 | 600;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly fill?: string;
}

/** A line of text; any text may be given. */
export function drawText(text: string, { x, y, size, weight, anchor, fill }: TextPlace): string {
  const attributes = [
    `x="${x}" y="${y}" font-size="${size}"`,
    weight === 600 ? 'font-weight="600"' : '',
    anchor && anchor !== 'start' ? `text-anchor="${anchor}"` : '',
    fill ? `fill="${fill}"` : '',
  ];
  return `<text ${attributes.filter(Boolean).join(' ')}>${escapeXml(text)}</text>`;
}

/** A text cut to about a width: most letters are narrower than 0.58 of their size. */
export function shorten(text: string, width: number, size: number): string {
  const most = Math.max(1, Math.floor(width / (0.58 * size)));
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}

/** A check mark or a cross of about 10 units, drawn, so that it needs no font. */
export function drawMark(isRight: boolean, x: number, y: number): string {
  const path = isRight ? 'M0 5.5 L3.5 9 L10 1.5' : 'M1 1 L9 9 M9 1 L1 9';
  return `<path d="${path}" transform="translate(${x} ${y})" fill="none" stroke="${isRight ? style.right : style.wrong}" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>`;
}
