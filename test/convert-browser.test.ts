import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactsFromJson, convertArtifacts } from '../src/core/convert/index.js';
import { encodeModel } from '../src/node/train/model-files.js';
import { chromiumPath, launchBrowser, serveFolder } from './browser.ts';
import { randomizeWeights } from './convert/parity.ts';

const NAME = `conversion in the browser${chromiumPath ? '' : ' (skipped: no Chromium; set CHROMIUM_PATH)'}`;
const CSP = "default-src 'self'; img-src data:; object-src 'none'";

describe.skipIf(!chromiumPath)(NAME, () => {
  let folder: string;
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const files = () => ['model.json', 'weights.bin'].map((name) => join(folder, name));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convert-page-'));
    const site = join(folder, 'site');
    await build({
      configFile: false,
      root: join(import.meta.dirname, 'convert-page'),
      logLevel: 'error',
      build: { outDir: site, emptyOutDir: true },
    });
    await writeCnn();
    server = await serveFolder(site, { 'content-security-policy': CSP });
    browser = await launchBrowser();
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(server.url))
        complaints.push(`asked ${request.url()}`);
    });
    await page.goto(server.url);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true });
  });

  async function writeCnn(): Promise<void> {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [12, 12, 1], filters: 4, kernelSize: 3, padding: 'same' }),
        tf.layers.batchNormalization(),
        tf.layers.reLU(),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 5, activation: 'softmax' }),
      ],
    });
    randomizeWeights(model, 3);
    const { modelJson, weights } = await encodeModel(tf as never, model);
    await writeFile(files()[0]!, modelJson);
    await writeFile(files()[1]!, weights);
  }

  it('gives the bytes that Node gives, under a policy without eval and without asking other hosts', async () => {
    await page.locator('input').setInputFiles(files());
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('output a').click()]);
    const inBrowser = await readFile(await download.path());

    const [json, weights] = await Promise.all(files().map((path) => readFile(path)));
    const { bytes } = convertArtifacts(artifactsFromJson(JSON.parse(json!.toString()), weights!));
    expect(Buffer.compare(inBrowser, bytes)).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('says what is wrong with a damaged model', async () => {
    const [json] = files();
    const weights = { name: 'weights.bin', mimeType: '', buffer: Buffer.from('short') };
    const model = { name: 'model.json', mimeType: '', buffer: await readFile(json!) };
    await page.locator('input').setInputFiles([model, weights]);
    await page.locator('output', { hasText: "the model's weights are damaged" }).waitFor();
  });
});
