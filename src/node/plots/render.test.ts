import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { escapeXml } from './render.js';

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40" font-family="Inter">
<rect width="300" height="40" fill="#fff"/><text x="10" y="27" font-size="20">Accuracy 99.2% ≠ · × …</text></svg>`;

/** Renders in a process of its own: fontconfig is set up once a process. */
async function renderWith(env: Record<string, string>): Promise<Buffer> {
  const script = `import { renderPng } from '${join(import.meta.dirname, '../../../dist/node/plots/render.js')}';
    process.stdout.write(Buffer.from(await renderPng(${JSON.stringify(SVG)})).toString('base64'));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...env },
    maxBuffer: 1e8,
  });
  return sharp(Buffer.from(stdout, 'base64')).greyscale().raw().toBuffer();
}

const inkOf = (pixels: Buffer) => pixels.reduce((sum, v) => sum + (v < 128 ? 1 : 0), 0);

describe('text is drawn with the font of our own', () => {
  let usual: Buffer;
  beforeAll(async () => {
    usual = await renderWith({ FONTCONFIG_FILE: '' });
  });

  test('on a machine without any font', async () => {
    const folder = await temporaryFolder();
    const none = join(folder, 'none.conf');
    await writeFile(
      none,
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><cachedir>${folder}</cachedir></fontconfig>`,
    );
    const without = await renderWith({ FONTCONFIG_FILE: none });
    expect(inkOf(without)).toBeGreaterThan(500);
    expect(without.equals(usual)).toBe(true);
  });

  test('where the configuration of fonts is missing', async () => {
    expect((await renderWith({ FONTCONFIG_FILE: '/no/such/fonts.conf' })).equals(usual)).toBe(true);
  });
});

test('text cannot become markup', () => {
  expect(escapeXml(`<image href="x" onload='y'>&`)).toBe(
    '&#60;image href=&#34;x&#34; onload=&#39;y&#39;&#62;&#38;',
  );
});

test('characters that XML forbids do not spoil the picture', async () => {
  const svg = SVG.replace('Accuracy', escapeXml('\u0000\u001b[31m\ud800 name\ufffe'));
  await expect(sharp(Buffer.from(svg)).png().toBuffer()).resolves.toBeDefined();
});
