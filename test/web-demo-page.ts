import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import type { Box } from '../src/core/image.js';
import { serveFolder } from './browser.js';

export const fromRoot = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** A stroke on a square of side 1. */
export type Path = readonly (readonly [x: number, y: number])[];

export const SEVEN: Path = [
  [0.28, 0.22],
  [0.5, 0.21],
  [0.72, 0.22],
  [0.6, 0.48],
  [0.44, 0.8],
];
export const ONE: Path = [
  [0.53, 0.18],
  [0.51, 0.5],
  [0.49, 0.82],
];
export const THREE: Path = [
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

/** Where a path's square lies on the sheet: its centre from the sheet's, and its side, in heights of the sheet. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}
const MIDDLE: Place = { x: 0, y: 0, side: 1 };

/** What the page tells of each reading. */
export interface PageReading {
  readonly text: string;
  readonly status: string;
  /** The size of the picture that was read; boxes are in its pixels. */
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly pixels: readonly (readonly number[])[];
  readonly logits: readonly (readonly number[])[];
}

/** Builds the demo into a sub-folder of a new folder and serves it. */
export async function serveDemo(): Promise<{ url: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'web-demo-'));
  await build({
    configFile: fromRoot('web-demo/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: join(folder, 'some/where'), emptyOutDir: true },
  });
  const server = await serveFolder(folder);
  return {
    url: `${server.url}some/where/`,
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

export interface OpenOptions extends BrowserContextOptions {
  readonly route?: (page: Page) => Promise<unknown>;
  /** Whether the network should be there once the page is open; by default it should. */
  readonly loads?: boolean;
}

/** Opens the page in a context of its own; `errors` gathers what it writes to the console as errors. */
export async function openDemo(
  browser: Browser,
  url: string,
  { route, loads = true, ...context }: OpenOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const page = await (await browser.newContext({ reducedMotion: 'reduce', ...context })).newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.addInitScript(() => {
    const readings: PageReading[] = [];
    Object.assign(globalThis, { readings });
    document.addEventListener('mnist-onnx:reading', (event) => {
      const { prediction, seen, width, height } = (event as CustomEvent).detail;
      readings.push({
        text: prediction.text,
        status: prediction.status,
        width,
        height,
        boxes: prediction.digits.map(({ box }: { box: Box }) => box),
        pixels: seen.map((digit: { pixels: Uint8Array }) => [...digit.pixels]),
        logits: seen.map((digit: { logits: Float32Array }) => [...digit.logits]),
      });
    });
  });
  await route?.(page);
  await page.goto(url);
  if (loads) await page.getByText('Blank: draw a digit').first().waitFor();
  return { page, errors };
}

export async function placesOnSheet(
  page: Page,
  path: Path,
  place = MIDDLE,
): Promise<{ x: number; y: number }[]> {
  const { x, y, width, height } = (await page.locator('#sheet').boundingBox())!;
  return path.map(([u, v]) => ({
    x: x + width / 2 + (place.x + (u - 0.5) * place.side) * height,
    y: y + height / 2 + (place.y + (v - 0.5) * place.side) * height,
  }));
}

export async function drawByMouse(page: Page, path: Path, place = MIDDLE): Promise<void> {
  const places = await placesOnSheet(page, path, place);
  await page.mouse.move(places[0]!.x, places[0]!.y);
  await page.mouse.down();
  for (const { x, y } of places) await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.up();
}

/** A line downwards in the middle, by events of a pen, which no test tool has. */
export async function drawByPen(page: Page, pressure: number): Promise<void> {
  await page.locator('#sheet').evaluate((sheet, pressure) => {
    const { left, top, width, height } = sheet.getBoundingClientRect();
    const pen = {
      pointerId: 1,
      pointerType: 'pen',
      isPrimary: true,
      bubbles: true,
      cancelable: true,
      pressure,
    };
    const fire = (type: string, t: number) =>
      sheet.dispatchEvent(
        new PointerEvent(type, {
          ...pen,
          clientX: left + width / 2,
          clientY: top + (0.2 + 0.6 * t) * height,
        }),
      );
    // Only real pointers can be captured.
    sheet.setPointerCapture = () => {};
    fire('pointerdown', 0);
    for (let t = 0; t <= 1; t += 0.05) fire('pointermove', t);
    fire('pointerup', 1);
  }, pressure);
}

/** The sentence about the drawing as it is now; empty while a newer reading is on its way. */
export async function sentence(page: Page): Promise<string> {
  return (await page.locator('main:has(#bars[aria-busy="false"]) #sentence').textContent()) ?? '';
}

export const lastReading = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { readings: PageReading[] }).readings.at(-1));
