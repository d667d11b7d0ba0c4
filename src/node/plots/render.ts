import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sha256Of } from '../hash.js';
import { PIXEL_RATIO } from './style.js';

/**
 * Renders SVG to PNG with the font that comes with the package, so that text appears on machines without any.
 *
 * @param svg its width and height are in units of 1 / `PIXEL_RATIO` pixels.
 */
export async function renderPng(svg: string): Promise<Uint8Array> {
  useOwnFont();
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svg), { density: 72 * PIXEL_RATIO })
    .flatten({ background: '#ffffff' })
    .png({ compressionLevel: 9, palette: true, quality: 100, effort: 7 })
    .toBuffer();
}

let fontReady = false;

/**
 * Points fontconfig, which sharp's SVG renderer asks for fonts, to ours; what was configured before, or the
 * system's fonts, stand behind it for the letters that ours lacks. To be called in the main thread, whose
 * environment the renderer sees, before anything is rendered.
 */
export function useOwnFont(): void {
  if (fontReady) return;
  fontReady = true;
  const before = process.env.FONTCONFIG_FILE || '/etc/fonts/fonts.conf';
  const fonts = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/inter/package.json'));
  const folder = join(tmpdir(), `mnist-onnx-fonts-${process.getuid?.() ?? 'user'}`);
  mkdirSync(folder, { recursive: true });
  const configuration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${escapeXml(join(fonts, '400Regular'))}</dir>
  <dir>${escapeXml(join(fonts, '600SemiBold'))}</dir>
  <include ignore_missing="yes">${escapeXml(before)}</include>
  <cachedir>${escapeXml(join(folder, 'cache'))}</cachedir>
</fontconfig>
`;
  const digest = sha256Of(configuration).slice(0, 12);
  const file = join(folder, `fonts-${digest}.conf`);
  // Written aside: another process may be reading it.
  writeFileSync(`${file}.${process.pid}`, configuration);
  renameSync(`${file}.${process.pid}`, file);
  process.env.FONTCONFIG_FILE = file;
}

/** Text as it may stand in SVG, in an attribute too. */
export function escapeXml(text: string): string {
  return replaceForbidden(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** What XML forbids, even escaped (control characters, halves of a pair), becomes the replacement character. */
export function replaceForbidden(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, '\ufffd');
}
