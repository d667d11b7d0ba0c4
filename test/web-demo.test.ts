import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { classify } from '../src/core/classify.js';
import type { Box } from '../src/core/image.js';
import { maxAbsDifference } from '../src/core/metrics.js';
import { fromMetadata } from '../src/core/model-info.js';
import { readOnnx } from '../src/core/onnx/read.js';
import { prepareDigits } from '../src/core/preprocess/prepare.js';
import { decodeImage } from '../src/node/images/decode-image.js';
import { createNodeSession } from '../src/node/runtime/node-session.js';
import { texts } from '../web-demo/src/texts.js';
import { chromiumPath, launchBrowser, serveFolder } from './browser.js';

const fromRoot = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const MODEL = fromRoot('models/pretrained/mnist_cnn.onnx');
const missing = !chromiumPath
  ? 'no Chromium: set CHROMIUM_PATH'
  : !existsSync(MODEL)
    ? 'no shipped model'
    : '';

type Path = readonly (readonly [x: number, y: number])[];

/** Strokes on a square of side 1. */
const SEVEN: Path = [
  [0.28, 0.22],
  [0.5, 0.21],
  [0.72, 0.22],
  [0.6, 0.48],
  [0.44, 0.8],
];
const ONE: Path = [
  [0.53, 0.18],
  [0.51, 0.5],
  [0.49, 0.82],
];
const THREE: Path = [
  [0.3, 0.26],
  [0.42, 0.18],
  [0.58, 0.2],
  [0.66, 0.32],
  [0.58, 0.44],
  [0.45, 0.49],
  [0.6, 0.53],
  [0.69, 0.67],
  [0.6, 0.8],
  [0.42, 0.83],
  [0.3, 0.74],
];

/** What the page tells of each reading; typed arrays come as objects of numbers. */
interface PageReading {
  text: string;
  status: string;
  box: Box;
  pixels: number[][];
  logits: number[][];
}

describe.skipIf(missing)(`the web demo${missing && ` (${missing})`}`, () => {
  let folder: string;
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'web-demo-'));
    await build({
      configFile: fromRoot('web-demo/vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: join(folder, 'some/where'), emptyOutDir: true },
    });
    server = await serveFolder(folder);
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  /** Opens the page; the test fails if it writes an error to the console. */
  async function openPage(
    options: BrowserContextOptions & { route?: (page: Page) => Promise<unknown>; loads?: boolean } = {},
  ): Promise<Page> {
    const { route, loads = true, ...context } = options;
    const page = await (await browser.newContext(context)).newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    onTestFinished(async () => {
      await page.context().close();
      if (loads) expect(errors).toEqual([]);
    });
    await page.addInitScript(() => {
      const readings: PageReading[] = [];
      Object.assign(globalThis, { readings });
      document.addEventListener('mnist-onnx:reading', (event) => {
        const { prediction, seen } = (event as CustomEvent).detail;
        readings.push({
          text: prediction.text,
          status: prediction.status,
          box: prediction.digits[0]?.box,
          pixels: seen.map((digit: { pixels: Uint8Array }) => [...digit.pixels]),
          logits: seen.map((digit: { logits: Float32Array }) => [...digit.logits]),
        });
      });
    });
    await route?.(page);
    await page.goto(`${server.url}some/where/`);
    if (loads) await page.getByText('Blank: draw a digit').first().waitFor();
    return page;
  }

  async function placesOnSheet(page: Page, path: Path): Promise<{ x: number; y: number }[]> {
    const { x, y, width, height } = (await page.locator('#sheet').boundingBox())!;
    return path.map(([u, v]) => ({ x: x + u * width, y: y + v * height }));
  }

  async function drawByMouse(page: Page, path: Path): Promise<void> {
    const places = await placesOnSheet(page, path);
    await page.mouse.move(places[0]!.x, places[0]!.y);
    await page.mouse.down();
    for (const { x, y } of places) await page.mouse.move(x, y, { steps: 4 });
    await page.mouse.up();
  }

  const sentence = (page: Page) => page.locator('#sentence');
  const lastReading = (page: Page) =>
    page.evaluate(() => (globalThis as unknown as { readings: PageReading[] }).readings.at(-1)!);

  async function upload(page: Page, file: string): Promise<PageReading> {
    await page.setInputFiles('#file', fromRoot(file));
    await page.waitForFunction(() => (globalThis as unknown as { readings: unknown[] }).readings.length > 0);
    return lastReading(page);
  }

  it.each([
    ['7', SEVEN],
    ['1', ONE],
    ['3', THREE],
  ])('reads a %s that is drawn by mouse', async (digit, path) => {
    const page = await openPage();
    await drawByMouse(page, path);
    await expect.poll(() => sentence(page).textContent()).toContain(`This is a ${digit}`);
    expect(await page.locator('#bars .best .name').textContent()).toBe(digit);
  });

  it('reads a digit that is drawn by touch on a phone, and the page does not scroll', async () => {
    const page = await openPage({ viewport: { width: 375, height: 560 }, hasTouch: true, isMobile: true });
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
      client.send('Input.dispatchTouchEvent', { type, touchPoints });
    const places = await placesOnSheet(page, SEVEN);
    await touch('touchStart', places.slice(0, 1));
    for (const [i, to] of places.slice(1).entries()) {
      const from = places[i]!;
      for (const t of [0.25, 0.5, 0.75, 1]) {
        await touch('touchMove', [{ x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) }]);
      }
    }
    await touch('touchEnd', []);
    await expect.poll(() => sentence(page).textContent()).toContain('This is a 7');
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  it('draws under the pen when the page is scaled', async () => {
    const page = await openPage();
    await page.addStyleTag({ content: '.sheet { transform: scale(0.6, 0.8) translate(-20%, 10%) }' });
    await drawByMouse(page, SEVEN);
    // The stroke goes from 0.28 to 0.72 and 0.21 to 0.8 of a sheet of 400, and the pen is 26 wide.
    const expected = [99, 71, 202, 262];
    const worstDistance = async () => {
      const { x, y, width, height } = (await lastReading(page)).box;
      return Math.max(...[x, y, width, height].map((value, i) => Math.abs(value - expected[i]!)));
    };
    await expect.poll(worstDistance).toBeLessThan(6);
  });

  it('says that the sheet is blank after undo and after clear, and redo brings the digit back', async () => {
    const page = await openPage();
    await drawByMouse(page, ONE);
    await expect.poll(() => sentence(page).textContent()).toContain('This is a 1');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => sentence(page).textContent()).toContain('Blank');
    await page.getByRole('button', { name: 'Redo' }).click();
    await expect.poll(() => sentence(page).textContent()).toContain('This is a 1');
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => sentence(page).textContent()).toContain('Blank');
    await page.keyboard.press('Control+z');
    await expect.poll(() => sentence(page).textContent()).toContain('This is a 1');
  });

  it('tells screen readers the result once the pen rests', async () => {
    const page = await openPage();
    await drawByMouse(page, ONE);
    await expect
      .poll(() => page.getByRole('status').textContent(), { timeout: 5000 })
      .toContain('This is a 1');
  });

  it('prepares an uploaded picture pixel for pixel as the command line does', async () => {
    const page = await openPage();
    const reading = await upload(page, 'images/digit-3.png');
    expect(reading.text).toBe('3');
    const prepared = prepareDigits(await decodeImage(await readFile(fromRoot('images/digit-3.png'))));
    expect(reading.pixels).toEqual(prepared.map(({ pixels }) => [...pixels]));
  });

  it('reads a picture that is dropped on the page', async () => {
    const page = await openPage();
    const base64 = await readFile(fromRoot('images/digit-5.png'), 'base64');
    await page.evaluate((data) => {
      const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], 'five.png', { type: 'image/png' }));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
    }, base64);
    await expect.poll(() => sentence(page).textContent()).toContain('This is a 5');
  });

  it('reads a picture that is pasted', async () => {
    const page = await openPage();
    const base64 = await readFile(fromRoot('images/digit-2.webp'), 'base64');
    await page.evaluate((data) => {
      const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], 'image.webp', { type: 'image/webp' }));
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer }));
    }, base64);
    await expect.poll(() => sentence(page).textContent()).toContain('This is a 2');
  });

  it('gives the logits of onnxruntime-node', async () => {
    const page = await openPage();
    const reading = await upload(page, 'images/mnist-form-5.png');
    const bytes = await readFile(MODEL);
    const session = await createNodeSession(bytes, { device: 'cpu' });
    const info = fromMetadata(readOnnx(bytes).metadata)!;
    const { logits } = await classify(session, info, Uint8Array.from(reading.pixels[0]!));
    await session.release();
    expect(maxAbsDifference(Float32Array.from(reading.logits[0]!), logits)).toBeLessThan(1e-4);
  });

  it('says so when a file is no picture, and keeps the drawing', async () => {
    const page = await openPage();
    await drawByMouse(page, ONE);
    await expect.poll(() => sentence(page).textContent()).toContain('This is a 1');
    await page.setInputFiles('#file', {
      name: 'notes.png',
      mimeType: 'image/png',
      buffer: Buffer.from('no'),
    });
    const problem = page.getByRole('alert');
    await expect.poll(() => problem.textContent()).toContain('notes.png could not be read as a picture.');
    expect(await sentence(page).textContent()).toContain('This is a 1');
  });

  it('reads a tap as ink', async () => {
    const page = await openPage();
    await drawByMouse(page, [[0.5, 0.5]]);
    await page.waitForFunction(() => (globalThis as unknown as { readings: unknown[] }).readings.length > 0);
    expect((await lastReading(page)).status).not.toBe('blank');
  });

  it.each([
    [
      'missing',
      '**/worker-*.js',
      { status: 404 },
      /The part of the page that runs the network could not be started/,
    ],
    [
      'missing',
      '**/*.onnx',
      { status: 404 },
      /The network could not be loaded: http.*onnx answered with status 404/,
    ],
    [
      'a web page',
      '**/*.onnx',
      { contentType: 'text/html', body: '<!doctype html>' },
      /The network could not be loaded: got a web page instead of the file at http.*onnx/,
    ],
    [
      'missing',
      '**/*.wasm',
      { status: 404 },
      /runtime could not be loaded: http.*wasm answered with status 404/,
    ],
    [
      'a web page',
      '**/*.wasm',
      { contentType: 'text/html', body: '<!doctype html>' },
      /runtime could not be loaded: got a web page instead of the file at http.*wasm/,
    ],
  ])('says so when a file is %s: %s', async (_, pattern, answer, expected) => {
    const route = (page: Page) => page.context().route(pattern, (request) => request.fulfill(answer));
    const page = await openPage({ route, loads: false });
    await expect.poll(() => page.getByRole('alert').textContent(), { timeout: 20_000 }).toMatch(expected);
  });

  it('fits phones and desktops without scrolling sideways', async () => {
    const page = await openPage();
    await drawByMouse(page, ONE);
    await expect.poll(() => sentence(page).textContent()).toContain('This is a 1');
    for (const width of [320, 375, 760, 1280]) {
      await page.setViewportSize({ width, height: 700 });
      const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(scrollWidth, `in ${width} pixels`).toBeLessThanOrEqual(width);
    }
  });
});

describe('the sentence about a reading', () => {
  const box = { x: 0, y: 0, width: 1, height: 1 };
  const digit = (...names: string[]) => {
    const topK = names.map((name, i) => ({ digit: name, probability: i === 0 ? 0.6 : 0.3 }));
    return { ...topK[0]!, topK, box };
  };
  it.each([
    ['ok', '8', [digit('8', '3')], 'This is an 8, 60.0% sure'],
    ['unsure', '?', [digit('4', '9')], 'Not sure: perhaps a 4 or a 9'],
    ['ok', '18', [digit('1', '7'), digit('8', '3')], 'This reads 18'],
    ['unsure', '1?', [digit('1', '7'), digit('8', '3')], 'Not sure about all digits: 1?'],
    ['blank', '', [], 'Blank: no digit found'],
  ] as const)('%s %s', (status, text, digits, expected) => {
    expect(texts.sentence({ file: '', text, status, digits, error: null })).toBe(expected);
  });
});
