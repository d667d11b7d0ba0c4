import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactsFromJson, convertArtifacts } from '../src/core/convert/index.js';
import { encodeModel } from '../src/node/train/model-files.js';
import { pageTexts } from '../web-demo/build/page-texts.js';
import { chromiumPath, launchBrowser, serveFolder } from './browser.ts';
import { randomizeWeights } from './convert/parity.ts';

const NAME = `conversion in the browser${chromiumPath ? '' : ' (skipped: no Chromium; set CHROMIUM_PATH)'}`;
const CSP = "default-src 'self'; object-src 'none'";
const root = join(import.meta.dirname, '../web-demo');

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
      root,
      logLevel: 'error',
      plugins: [pageTexts()],
      build: { outDir: site, emptyOutDir: true, rolldownOptions: { input: join(root, 'convert.html') } },
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
    await page.goto(`${server.url}convert.html`);
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
    const { modelJson, weights } = await encodeModel(model);
    await writeFile(files()[0]!, modelJson);
    await writeFile(files()[1]!, weights);
  }

  /** Drops files onto the page, as from a folder. */
  async function drop(paths: readonly string[]): Promise<void> {
    const files = await Promise.all(
      paths.map(async (path) => ({ name: basename(path), content: [...(await readFile(path))] })),
    );
    const dataTransfer = await page.evaluateHandle((given) => {
      const transfer = new DataTransfer();
      for (const { name, content } of given) transfer.items.add(new File([Uint8Array.from(content)], name));
      return transfer;
    }, files);
    await page.dispatchEvent('#drop-here', 'drop', { dataTransfer });
  }

  it.each([
    ['chosen', () => page.locator('input').setInputFiles(files())],
    ['dropped', () => drop(files())],
  ])(
    'makes of %s files the bytes that Node makes, without eval and without asking other hosts',
    async (_, give) => {
      await page.reload();
      await give();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('a', { hasText: 'Save model.onnx' }).click(),
      ]);
      const inBrowser = await readFile(await download.path());

      const [json, weights] = await Promise.all(files().map((path) => readFile(path)));
      const { bytes } = convertArtifacts(artifactsFromJson(JSON.parse(json!.toString()), weights!));
      expect(Buffer.compare(inBrowser, bytes)).toBe(0);
      expect(complaints).toEqual([]);
    },
  );

  it('says what is missing, and what is wrong with a damaged model', async () => {
    const says = (text: string | RegExp) => page.locator('#result.problem', { hasText: text }).waitFor();
    const [json] = files() as [string, string];
    await page.locator('input').setInputFiles(json);
    await says('weights.bin is missing: model.json names it');
    const weights = { name: 'weights.bin', mimeType: '', buffer: Buffer.from('short') };
    await page.locator('input').setInputFiles(weights);
    await says('the model.json is missing');
    const model = { name: 'model.json', mimeType: '', buffer: await readFile(json) };
    await page.locator('input').setInputFiles([model, weights]);
    await says("the model's weights are damaged");
    await page.locator('input').setInputFiles([{ ...model, buffer: Buffer.from('{') }, weights]);
    await says('model.json is not JSON');
    const keras = { name: 'mine.h5', mimeType: '', buffer: Buffer.from('HDF') };
    await page.locator('input').setInputFiles([keras]);
    await says("mine.h5 is a file of Python's Keras");
  });

  it('names the file after the .json, and keeps the result where nothing was chosen or text was dropped', async () => {
    const [json, weights] = await Promise.all(files().map((path) => readFile(path)));
    const file = (name: string, buffer: Buffer) => ({ name, mimeType: '', buffer });
    await page.locator('input').setInputFiles([file('my-net.json', json!), file('weights.bin', weights!)]);
    const link = page.locator('#result a');
    await expect.poll(() => link.getAttribute('download')).toBe('my-net.onnx');
    await page.locator('input').setInputFiles([]);
    await drop([]);
    // What goes wrong says so at once.
    await page.waitForTimeout(100);
    expect(await link.textContent()).toBe('Save my-net.onnx');
  });

  it('shows the files that were chosen last, however long the first take', async () => {
    const [json, weights] = await Promise.all(files().map((path) => readFile(path)));
    await page.reload();
    await page.evaluate(() => {
      const { text } = File.prototype;
      File.prototype.text = async function () {
        const content = await Reflect.apply(text, this, []);
        if (this.name === 'slow.json') {
          await new Promise((resolve) => {
            Object.assign(globalThis, { letCome: resolve });
          });
        }
        return content;
      };
    });
    const choose = (name: string) =>
      page.locator('input').setInputFiles([
        { name, mimeType: '', buffer: json! },
        { name: 'weights.bin', mimeType: '', buffer: weights! },
      ]);
    await choose('slow.json');
    await page.waitForFunction(() => 'letCome' in globalThis);
    await choose('fast.json');
    const link = page.locator('#result a');
    await expect.poll(() => link.textContent()).toBe('Save fast.onnx');
    await page.evaluate(() => (globalThis as unknown as { letCome(): void }).letCome());
    await page.waitForTimeout(300);
    expect(await link.textContent()).toBe('Save fast.onnx');
  });

  it('finds the model among other .json files', async () => {
    const [json, weights] = await Promise.all(files().map((path) => readFile(path)));
    const file = (name: string, buffer: Buffer) => ({ name, mimeType: '', buffer });
    for (const name of ['model.json', 'mine.json']) {
      await page.reload();
      const others = [file('metadata.json', Buffer.from('{"labels": []}')), file(name, json!)];
      await page.locator('input').setInputFiles([...others, file('weights.bin', weights!)]);
      await page.locator('#result:not(.problem)', { hasText: '.onnx' }).waitFor();
    }
  });
});
