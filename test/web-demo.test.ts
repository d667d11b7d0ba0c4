import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { classify } from '../src/core/classify.js';
import type { DemoManifest } from '../src/core/demo-manifest.js';
import { maxAbsDifference } from '../src/core/metrics.js';
import { fromMetadata } from '../src/core/model-info.js';
import { readOnnx } from '../src/core/onnx/read.js';
import { findDigits, readSearches } from '../src/core/read/index.js';
import { loadImageFolder } from '../src/node/eval/image-folder.js';
import { decodeImage } from '../src/node/images/decode-image.js';
import { silentReporter } from '../src/node/reporter.js';
import { createNodeSession } from '../src/node/runtime/node-session.js';
import { texts } from '../web-demo/src/texts.js';
import { chromiumPath, launchBrowser } from './browser.js';
import {
  drawByMouse,
  drawByPen,
  fromRoot,
  lastReading,
  ONE,
  type OpenOptions,
  openDemo,
  type PageReading,
  placesOnSheet,
  SEVEN,
  sentence,
  serveDemo,
  THREE,
} from './web-demo-page.js';

const missing = !chromiumPath
  ? 'no Chromium: set CHROMIUM_PATH'
  : !existsSync(fromRoot('models/pretrained'))
    ? 'no shipped model'
    : '';

/** The model that the page begins with. */
async function firstModel(url: string): Promise<Uint8Array> {
  const { models } = (await (await fetch(`${url}models.json`)).json()) as DemoManifest;
  return new Uint8Array(await (await fetch(new URL(models[0]!.file, url))).arrayBuffer());
}

describe.skipIf(missing)(`the web demo${missing && ` (${missing})`}`, () => {
  let demo: Awaited<ReturnType<typeof serveDemo>>;
  let browser: Browser;
  /** One page for all tests that can begin on a cleared sheet: opening one takes a second. */
  let shared: Awaited<ReturnType<typeof openDemo>>;
  let page: Page;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([serveDemo(), launchBrowser()]);
    shared = await openDemo(browser, demo.url, { viewport: { width: 1280, height: 900 } });
    page = shared.page;
  });

  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  afterEach(async () => {
    expect(shared.errors).toEqual([]);
    await page.locator('#centring').check();
    await clearSheet();
  });

  async function clearSheet(): Promise<void> {
    if (await page.locator('#clear').isEnabled()) await page.locator('#clear').click();
    await says('Blank: draw a digit');
    await page.evaluate(() => {
      (globalThis as unknown as { readings: unknown[] }).readings.length = 0;
      scrollTo(0, 0);
    });
  }

  /** Opens a page of its own; the test fails if it writes an error to the console. */
  async function openPage(options: OpenOptions = {}): Promise<Page> {
    const own = await openDemo(browser, demo.url, options);
    onTestFinished(async () => {
      await own.page.context().close();
      if (options.loads !== false) expect(own.errors).toEqual([]);
    });
    return own.page;
  }

  const says = (text: string, on = page) => expect.poll(() => sentence(on)).toContain(text);

  async function nextReading(): Promise<PageReading> {
    await expect.poll(() => lastReading(page)).toBeDefined();
    return (await lastReading(page))!;
  }

  /** The file's bytes for the page, which has no files. */
  const bytesOf = async (path: string) => [...(await readFile(fromRoot(path)))];

  describe('drawing', () => {
    it.each([
      ['7', SEVEN],
      ['1', ONE],
      ['3', THREE],
    ])('reads a %s that is drawn by mouse', async (digit, path) => {
      await drawByMouse(page, path);
      await says(`This is a ${digit}`);
      expect(await page.locator('#bars .best .name').textContent()).toBe(digit);
    });

    it('reads several digits as a number, and shows the details of the one that is chosen', async () => {
      await drawByMouse(page, THREE, { x: -0.42, y: 0, side: 0.6 });
      await drawByMouse(page, SEVEN, { x: 0, y: 0, side: 0.6 });
      await drawByMouse(page, ONE, { x: 0.42, y: 0, side: 0.6 });
      await says('This reads 371');
      const reading = (await lastReading(page))!;
      const middles = reading.boxes.map(({ x, width }) => (x + width / 2) / reading.width);
      expect(middles.map((x) => Math.floor(3 * x))).toEqual([0, 1, 2]);
      await page.getByRole('button', { name: 'Digit 2, read as 7' }).click();
      expect(await page.locator('#bars .best .name').textContent()).toBe('7');
      expect(await page.locator('#bars-heading').textContent()).toBe('Probabilities of the 7, digit 2 of 3');
    });

    it('looks at a digit whose frame is tapped, and draws no dot there', async () => {
      await drawByMouse(page, THREE, { x: -0.42, y: 0, side: 0.6 });
      await drawByMouse(page, SEVEN, { x: 0, y: 0, side: 0.6 });
      await says('This reads 37');
      await drawByMouse(page, [[0.5, 0.5]], { x: -0.42, y: 0, side: 0.6 });
      await expect.poll(() => page.locator('#bars .best .name').textContent()).toBe('3');
      expect(await page.locator('#correct-question').textContent()).toBe('Wrong? The 3 was a');
      await page.getByRole('button', { name: 'Undo' }).click();
      await says('This is a 3');
    });

    it('asks for nothing anew when the pen is lifted', async () => {
      const own = await openPage();
      await own.evaluate(() => {
        const { postMessage } = Worker.prototype;
        Object.assign(globalThis, { asked: 0 });
        Worker.prototype.postMessage = function (...args: unknown[]) {
          (globalThis as unknown as { asked: number }).asked++;
          return Reflect.apply(postMessage, this, args);
        };
      });
      const asked = () => own.evaluate(() => (globalThis as unknown as { asked: number }).asked);
      const places = await placesOnSheet(own, ONE);
      await own.mouse.move(places[0]!.x, places[0]!.y);
      await own.mouse.down();
      for (const { x, y } of places) await own.mouse.move(x, y, { steps: 4 });
      await expect.poll(() => own.evaluate(() => document.querySelector('#bars')!.ariaBusy)).toBe('false');
      const before = await asked();
      await own.mouse.up();
      await says('This is a 1', own);
      expect(await asked()).toBe(before);
      expect(before).toBeGreaterThan(0);
    });

    it('reads a digit that is drawn by touch on a phone, and the page does not scroll', async () => {
      const phone = await openPage({ viewport: { width: 375, height: 560 }, hasTouch: true, isMobile: true });
      const client = await phone.context().newCDPSession(phone);
      const touch = (
        type: 'touchStart' | 'touchMove' | 'touchEnd',
        touchPoints: { x: number; y: number }[],
      ) => client.send('Input.dispatchTouchEvent', { type, touchPoints });
      const places = await placesOnSheet(phone, SEVEN);
      await touch('touchStart', places.slice(0, 1));
      for (const [i, to] of places.slice(1).entries()) {
        const from = places[i]!;
        for (const t of [0.25, 0.5, 0.75, 1]) {
          await touch('touchMove', [{ x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) }]);
        }
      }
      await touch('touchEnd', []);
      await says('This is a 7', phone);
      expect(await phone.evaluate(() => scrollY)).toBe(0);
    });

    it('draws under the pen when the page is scaled', async () => {
      const scaled = await openPage();
      await scaled.locator('#easel').evaluate((easel) => {
        easel.style.transform = 'scale(0.6, 0.8) translate(-20%, 10%)';
      });
      await drawByMouse(scaled, SEVEN);
      // So scaled, the sheet is square, and the stroke spans 0.28 to 0.72 and 0.21 to 0.8 of its 480 by 360; the pen is 22.
      const expected = [0.28 - 11 / 480, 0.21 - 11 / 360, 0.44 + 22 / 480, 0.59 + 22 / 360];
      const worstDistance = async () => {
        const reading = await lastReading(scaled);
        if (!reading) return 1;
        const { x, y, width, height } = reading.boxes[0]!;
        const found = [x / reading.width, y / reading.height, width / reading.width, height / reading.height];
        return maxAbsDifference(Float32Array.from(found), Float32Array.from(expected));
      };
      await expect.poll(worstDistance).toBeLessThan(0.015);
    });

    it('draws thicker where a pen presses harder', async () => {
      const widthOf = async (pressure: number) => {
        await drawByPen(page, pressure);
        await page.waitForFunction(() => {
          const [box] = (globalThis as unknown as { readings: PageReading[] }).readings.at(-1)?.boxes ?? [];
          return box && box.height > 3 * box.width;
        });
        const [box] = (await lastReading(page))!.boxes;
        await clearSheet();
        return box!.width;
      };
      expect(await widthOf(1)).toBeGreaterThan(1.4 * (await widthOf(0.1)));
    });

    it('draws by keyboard', async () => {
      await page.locator('#easel').focus();
      for (let i = 0; i < 8; i++) await page.keyboard.press('Shift+ArrowUp');
      await page.keyboard.press('Space');
      await expect
        .poll(() => page.getByRole('status').textContent())
        .toContain('Pen down, 50% from the left');
      for (let i = 0; i < 16; i++) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await says('This is a 1');
      expect(await page.locator('#undo').isEnabled()).toBe(true);
    });

    it('says that the sheet is blank after undo and after clear, and redo brings the digit back', async () => {
      await drawByMouse(page, ONE);
      await says('This is a 1');
      await page.getByRole('button', { name: 'Undo' }).click();
      await says('Blank');
      await page.getByRole('button', { name: 'Redo' }).click();
      await says('This is a 1');
      await page.getByRole('button', { name: 'Clear' }).click();
      await says('Blank');
      await page.keyboard.press('Control+z');
      await says('This is a 1');
      await page.keyboard.press('Control+z');
      await page.keyboard.press('Control+Shift+z');
      await says('This is a 1');
    });

    it('leaves the keyboard at the sheet when a button can do nothing more', async () => {
      await drawByMouse(page, ONE);
      await says('This is a 1');
      await page.getByRole('button', { name: 'Clear' }).focus();
      await page.keyboard.press('Enter');
      await says('Blank');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('easel');
    });

    it('shows a stroke that is being drawn whatever else changes', async () => {
      await drawByMouse(page, ONE);
      await says('This is a 1');
      const box = (await page.locator('#sheet').boundingBox())!;
      await page.mouse.move(box.x + 20, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + 60, box.y + 60, { steps: 4 });
      await page.keyboard.press('Control+z');
      expect(await page.locator('#draw-here').isHidden()).toBe(true);
      await page.mouse.up();
      await page.getByRole('button', { name: 'Undo' }).click();
      await says('Blank');
    });

    it('looks at the digit that was just drawn, wherever it stands', async () => {
      await drawByMouse(page, SEVEN, { x: 0.3, y: 0, side: 0.6 });
      await says('This is a 7');
      await drawByMouse(page, THREE, { x: -0.3, y: 0, side: 0.6 });
      await says('This reads 37');
      expect(await page.locator('#bars-heading').textContent()).toBe('Probabilities of the 3, digit 1 of 2');
    });

    it('keeps the stroke of the keyboard when the mouse draws, and undoes it while its pen is down', async () => {
      const own = await openPage();
      const keys = async (count: number) => {
        for (let i = 0; i < count; i++) await own.keyboard.press('ArrowDown');
      };
      await own.locator('#easel').focus();
      await own.keyboard.press('Space');
      await keys(16);
      await drawByMouse(own, SEVEN, { x: 0.4, y: 0, side: 0.5 });
      await expect.poll(() => own.locator('.choice').count()).toBe(2);
      await own.keyboard.press('Control+z');
      await says('This is a 1', own);
      await own.keyboard.press('Space');
      await keys(3);
      await own.keyboard.press('Control+z');
      await own.keyboard.press('Control+z');
      await says('Blank', own);
    });

    it('is no taller than the window of a phone that is held sideways', async () => {
      await page.setViewportSize({ width: 667, height: 375 });
      onTestFinished(() => page.setViewportSize({ width: 1280, height: 900 }));
      const { width, height } = (await page.locator('#sheet').boundingBox())!;
      expect(height).toBeLessThan(0.75 * 375);
      expect(width / height).toBeCloseTo(4 / 3, 1);
    });

    it('tells in high contrast what is chosen and whether the switch is on', async () => {
      await page.emulateMedia({ forcedColors: 'active' });
      onTestFinished(() => page.emulateMedia({ forcedColors: 'none' }));
      await drawByMouse(page, THREE, { x: -0.42, y: 0, side: 0.6 });
      await drawByMouse(page, SEVEN, { x: 0.2, y: 0, side: 0.6 });
      await says('This reads 37');
      const colour = (selector: string, property: string) =>
        page
          .locator(selector)
          .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
      expect(await colour('.choice >> nth=0', 'border-top-color')).not.toBe(
        await colour('.choice >> nth=1', 'border-top-color'),
      );
      expect(await colour('#sheet', 'accent-color')).not.toBe('auto');
      const on = await colour('#centring', 'background-color');
      await page.locator('#centring').uncheck();
      expect(await colour('#centring', 'background-color')).not.toBe(on);
    });

    it('draws a dot where the sheet is tapped', async () => {
      await drawByMouse(page, [[0.5, 0.5]]);
      const inkInTheMiddle = () =>
        page.locator('#sheet').evaluate((sheet: HTMLCanvasElement) => {
          const { data } = sheet.getContext('2d')!.getImageData(sheet.width / 2, sheet.height / 2, 1, 1);
          return data[3];
        });
      await expect.poll(inkInTheMiddle).toBe(255);
    });

    it('tells screen readers the result once the pen rests', async () => {
      await drawByMouse(page, ONE);
      await expect.poll(() => page.getByRole('status').textContent()).toContain('This is a 1');
    });
  });

  describe('pictures', () => {
    it('reads an uploaded picture pixel for pixel as the command line does, with the same logits', async () => {
      await page.setInputFiles('#file', fromRoot('images/digit-3.png'));
      const reading = await nextReading();
      const bytes = await firstModel(demo.url);
      const session = await createNodeSession(bytes, { device: 'cpu' });
      const info = fromMetadata(readOnnx(bytes).metadata)!;
      const image = await decodeImage(await readFile(fromRoot('images/digit-3.png')));
      const search = findDigits(image, { segment: 'auto' });
      const [expected] = await readSearches(session, info, [search], { topK: 1, minProbability: 0 });
      const { logits } = await classify(session, info, Uint8Array.from(reading.pixels[0]!));
      await session.release();
      expect(reading.text).toBe(expected!.prediction.text);
      expect(reading.pixels).toEqual(expected!.crops.map(({ pixels }) => [...pixels]));
      expect(maxAbsDifference(Float32Array.from(reading.logits[0]!), logits)).toBeLessThan(1e-4);
    });

    it('reads a picture that is dropped on the page', async () => {
      await page.evaluate(
        (bytes) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(bytes)], 'five.png', { type: 'image/png' }));
          document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
        },
        await bytesOf('images/digit-5.png'),
      );
      await says('This is a 5');
    });

    it('reads a picture that is pasted', async () => {
      await page.evaluate(
        (bytes) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(bytes)], 'image.webp', { type: 'image/webp' }));
          document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer }));
        },
        await bytesOf('images/digit-2.webp'),
      );
      await says('This is a 2');
    });

    it('reads a sample, and a stroke on it begins a new drawing', async () => {
      await page.getByRole('button', { name: texts.samples.chalk }).click();
      await says('This is a 7');
      await drawByMouse(page, ONE);
      await says('This is a 1');
      await page.getByRole('button', { name: 'Undo' }).click();
      await says('This is a 7');
    });

    it('keeps what came last when a picture takes its time', async () => {
      const own = await openPage();
      await own.evaluate(() => {
        const fetched = window.fetch;
        window.fetch = async (...given) => {
          window.fetch = fetched;
          await new Promise((resolve) => {
            Object.assign(window, { letCome: resolve });
          });
          const response = await fetched(...given);
          Object.assign(window, { hasCome: true });
          return response;
        };
      });
      await own.getByRole('button', { name: texts.samples.chalk }).click();
      await own.getByRole('button', { name: texts.samples.blue }).click();
      await says('This is a 3', own);
      await own.evaluate(() => (window as unknown as { letCome(): void }).letCome());
      await own.waitForFunction(() => 'hasCome' in window);
      await drawByMouse(own, ONE);
      await says('This is a 1', own);
      await own.getByRole('button', { name: 'Undo' }).click();
      await says('This is a 3', own);
    });

    it('reads a picture that was opened before the network came, once it is there', async () => {
      let letIn = () => {};
      const opened = new Promise<void>((resolve) => {
        letIn = resolve;
      });
      const route = (own: Page) =>
        own.context().route('**/*.onnx*', async (request) => {
          await opened;
          await request.continue();
        });
      const own = await openPage({ route, loads: false, serviceWorkers: 'block' });
      await own.getByRole('button', { name: texts.samples.chalk }).click();
      await expect.poll(() => own.locator('#clear').isEnabled()).toBe(true);
      expect(await own.locator('#sentence').textContent()).toBe(texts.loading);
      letIn();
      await says('This is a 7', own);
    });

    it('says so when a file is no picture, and keeps the drawing', async () => {
      await drawByMouse(page, ONE);
      await says('This is a 1');
      await page.setInputFiles('#file', {
        name: 'notes.png',
        mimeType: 'image/png',
        buffer: Buffer.from('no'),
      });
      const problem = page.getByRole('alert');
      await expect.poll(() => problem.textContent()).toContain('notes.png could not be read as a picture.');
      await says('This is a 1');
    });

    it('says that an empty file is empty', async () => {
      await page.setInputFiles('#file', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.alloc(0) });
      await expect.poll(() => page.getByRole('alert').textContent()).toContain('a.png is an empty file.');
    });

    /** Drops files, read from the repository or empty, on the page. */
    async function drop(on: Page, names: readonly string[]): Promise<void> {
      const files = await Promise.all(
        names.map(async (name) => ({ name, content: name.endsWith('.json') ? [] : await bytesOf(name) })),
      );
      await on.evaluate((given) => {
        const dataTransfer = new DataTransfer();
        for (const { name, content } of given) {
          const type = name.endsWith('.png') ? 'image/png' : '';
          dataTransfer.items.add(new File([Uint8Array.from(content)], name.split('/').at(-1)!, { type }));
        }
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      }, files);
    }

    it('reads one of several dropped pictures, and says so', async () => {
      await drop(page, ['images/digit-5.png', 'images/digit-3.png']);
      await says('This is a 5');
      const problem = page.getByRole('alert');
      await expect.poll(() => problem.textContent()).toContain('this is digit-5.png, one of 2 files');
    });

    it('reads a picture that is dropped with a .json file beside it', async () => {
      await drop(page, ['labels.json', 'images/digit-5.png']);
      await says('This is a 5');
    });

    it('keeps few pictures decoded, and shows earlier ones again', async () => {
      const own = await openPage();
      await own.evaluate(() => {
        Object.assign(globalThis, { open: 0 });
        const counts = globalThis as unknown as { open: number };
        const [create, close] = [window.createImageBitmap, ImageBitmap.prototype.close];
        window.createImageBitmap = async (...given: unknown[]) => {
          counts.open++;
          return Reflect.apply(create, window, given);
        };
        ImageBitmap.prototype.close = function () {
          counts.open--;
          Reflect.apply(close, this, []);
        };
      });
      const middle = () =>
        own.locator('#sheet').evaluate((sheet: HTMLCanvasElement) => {
          const { data } = sheet.getContext('2d')!.getImageData(sheet.width / 2, 20, 1, 1);
          return [...data];
        });
      await own.getByRole('button', { name: texts.samples.chalk }).click();
      await says('This is a 7', own);
      const first = await middle();
      for (const name of ['5', '3', '5', '3'])
        await drop(own, [`images/digit-${name}.png`]).then(() => says(`This is a ${name}`, own));
      expect(await own.evaluate(() => (globalThis as unknown as { open: number }).open)).toBeLessThan(4);
      for (let i = 0; i < 4; i++) await own.getByRole('button', { name: 'Undo' }).click();
      await says('This is a 7', own);
      await expect.poll(middle).toEqual(first);
    });

    it('brings the sheet into sight where a sample is chosen below it', async () => {
      const phone = await openPage({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
      const sample = phone.getByRole('button', { name: texts.samples.chalk });
      await sample.evaluate((button) => button.scrollIntoView({ block: 'start' }));
      await sample.tap();
      await says('This is a 7', phone);
      expect((await phone.locator('#sheet').boundingBox())!.y).toBeGreaterThanOrEqual(0);
    });

    it('says so when there is no camera, and leaves the keyboard at its button', async () => {
      const button = page.getByRole('button', { name: 'Camera' });
      await button.focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/camera/);
      expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    });

    it.each([
      ['NotFoundError', 'No camera was found.'],
      ['NotReadableError', 'another program may be using it'],
      ['NotAllowedError', 'Allow the camera in the address bar'],
    ])('says what %s of the camera means', async (name, sentence) => {
      await page.evaluate((given) => {
        navigator.mediaDevices.getUserMedia = async () => {
          throw new DOMException('', given);
        };
      }, name);
      await page.getByRole('button', { name: 'Camera' }).click();
      await expect.poll(() => page.getByRole('alert').textContent()).toContain(sentence);
    });

    it('says that the camera needs https where the page has none', async () => {
      const own = await openPage();
      await own.evaluate(() => {
        Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
        Object.defineProperty(globalThis, 'isSecureContext', { value: false });
      });
      await own.getByRole('button', { name: 'Camera' }).click();
      await expect.poll(() => own.getByRole('alert').textContent()).toContain('from https or from localhost');
    });

    it('takes a photo', async () => {
      await page.evaluate(() => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
        const context = canvas.getContext('2d')!;
        const draw = () => {
          context.fillStyle = '#eee';
          context.fillRect(0, 0, 320, 240);
          context.fillStyle = '#223';
          context.fillRect(150, 50, 18, 140);
        };
        // A stream has a picture once something has been drawn on its canvas.
        setInterval(draw, 50);
        navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();
      });
      await page.getByRole('button', { name: 'Camera' }).click();
      await page.waitForFunction(() => document.querySelector('video')!.videoWidth > 0);
      // The sheet lies behind the dialog.
      await page.keyboard.press('Control+z');
      expect(await page.locator('#redo').isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Take photo' }).click();
      await says('This is a 1');
      expect(await page.locator('video').evaluate((video: HTMLVideoElement) => video.srcObject)).toBeNull();
    });
  });

  describe('looking into the network', () => {
    it('shows what centring is good for', async () => {
      await drawByMouse(page, THREE, { x: -0.4, y: -0.2, side: 0.45 });
      await says('This is a 3');
      await page.locator('#centring').uncheck();
      const effect = page.locator('#centring-effect');
      await expect.poll(() => effect.textContent()).toMatch(/as it lies, reads as .* it reads as a 3/);
      expect((await lastReading(page))!.boxes[0]).toMatchObject({ x: 0, y: 0 });
      expect(await page.locator('#correct-labels button').first().isDisabled()).toBe(true);
    });

    it("shows the layers' maps and what decided, once they are in sight", async () => {
      await drawByMouse(page, THREE);
      await says('This is a 3');
      await page.locator('#layers').scrollIntoViewIfNeeded();
      await expect.poll(() => page.locator('#layers canvas').count()).toBeGreaterThan(16);
      await expect.poll(() => page.locator('#decision').textContent()).toContain('Ink that makes it a 3');
    });
  });

  describe('looking into the network while something changes', () => {
    const decision = (on: Page) => on.locator('#decision').textContent();

    it('tells what decided also when the page is scrolled meanwhile', async () => {
      const route = (own: Page) =>
        own.addInitScript(() => {
          const { postMessage } = Worker.prototype;
          Object.assign(globalThis, { asked: 0 });
          Worker.prototype.postMessage = function (...args: unknown[]) {
            const isSaliency = (args[0] as { type: string }).type === 'saliency';
            if (isSaliency) (globalThis as unknown as { asked: number }).asked++;
            return Reflect.apply(postMessage, this, args);
          };
        });
      const own = await openPage({ route, viewport: { width: 1280, height: 900 } });
      await drawByMouse(own, THREE);
      await says('This is a 3', own);
      await own.waitForFunction(() => (globalThis as unknown as { asked: number }).asked > 0);
      await own.mouse.wheel(0, 400);
      await expect.poll(() => decision(own)).toContain('Ink that makes it a 3');
    });

    it('no more shows what decided of the digit before', async () => {
      await drawByMouse(page, THREE);
      await says('This is a 3');
      await page.locator('#decision').scrollIntoViewIfNeeded();
      await expect.poll(() => decision(page)).toContain('a 3');
      await page.setViewportSize({ width: 1280, height: 300 });
      onTestFinished(() => page.setViewportSize({ width: 1280, height: 900 }));
      await page.evaluate(() => scrollTo(0, 0));
      await page.setInputFiles('#file', fromRoot('images/digit-5.png'));
      await says('This is a 5');
      expect(await decision(page)).toBe('––');
    });

    it('says that the maps are on their way while a digit is drawn', async () => {
      const own = await openPage({ viewport: { width: 1280, height: 300 } });
      await drawByMouse(own, ONE);
      await says('This is a 1', own);
      expect(await own.locator('#layers').textContent()).toBe('They are being worked out…');
    });
  });

  describe('corrections', () => {
    afterEach(() => page.evaluate(() => localStorage.clear()));

    const question = (on: Page) => on.locator('#correct-question').textContent();

    it('offers every label but the one that was read', async () => {
      await drawByMouse(page, ONE);
      await says('This is a 1');
      const offered = page.locator('#correct-labels button:enabled');
      expect(await offered.allTextContents()).toEqual([...'023456789']);
    });

    it('no more says that a correction is kept once it is removed, and the keyboard goes on from there', async () => {
      const own = await openPage();
      await drawByMouse(own, ONE);
      await says('This is a 1', own);
      const keep = async () => {
        await own.locator('#correct-labels').getByText('4').click();
        expect(await question(own)).toContain('Kept as a 4');
      };
      const focused = () => own.evaluate(() => document.activeElement?.id);
      await keep();
      await own.getByRole('button', { name: 'Remove a 4 that was read as 1' }).focus();
      await own.keyboard.press('Enter');
      expect(await question(own)).toBe('Wrong? It was a');
      expect(await focused()).toBe('corrections-heading');
      await keep();
      own.once('dialog', (dialog) => dialog.accept());
      await own.locator('#remove-corrections').focus();
      await own.keyboard.press('Enter');
      expect(await question(own)).toBe('Wrong? It was a');
      expect(await focused()).toBe('corrections-heading');
      await keep();
      const other = await own.context().newPage();
      await other.goto(demo.url);
      await other.locator('#corrections .remove').click();
      await expect.poll(() => question(own)).toBe('Wrong? It was a');
    });

    it('says so where what makes the zip is gone, as after an update', async () => {
      const route = (own: Page) =>
        own.context().route(/zip-corrections-/, (request) => request.fulfill({ status: 404 }));
      const own = await openDemo(browser, demo.url, { route, serviceWorkers: 'block' });
      onTestFinished(() => own.page.context().close());
      await drawByMouse(own.page, ONE);
      await says('This is a 1', own.page);
      await own.page.locator('#correct-labels').getByText('4').click();
      await own.page.getByRole('button', { name: texts.page.saveCorrections }).click();
      await expect
        .poll(() => own.page.getByRole('alert').textContent())
        .toMatch(/A part of this page could not be loaded: .*Load this page again\.$/);
    });

    it('keeps the digit with its label and saves a zip that eval --images takes', async () => {
      await drawByMouse(page, ONE);
      await says('This is a 1');
      await page.getByRole('group', { name: /Wrong/ }).getByRole('button', { name: '4' }).click();
      await expect.poll(() => page.locator('#correct-question').textContent()).toContain('Kept as a 4');
      const seen = (await lastReading(page))!.pixels[0]!;
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: texts.page.saveCorrections }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('mnist-corrections.zip');
      const folder = await mkdtemp(join(tmpdir(), 'corrections-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const zip = join(folder, download.suggestedFilename());
      await download.saveAs(zip);
      const classes = '0123456789'.split('');
      const { images } = await loadImageFolder({ folder: zip, classes, reporter: silentReporter });
      expect([...images.labels]).toEqual([4]);
      expect([...images.pixels]).toEqual(seen);
    });

    it('keeps one label a drawing, through a reload, and forgets it when it is removed', async () => {
      const own = await openPage();
      await drawByMouse(own, ONE);
      await says('This is a 1', own);
      for (const label of ['4', '7']) await own.locator('#correct-labels').getByText(label).click();
      await own.reload();
      await expect.poll(() => own.locator('#corrections li').allTextContents()).toEqual(['7 not 1×']);
      await own.getByRole('button', { name: 'Remove a 7 that was read as 1' }).click();
      expect(await own.locator('#corrections li').count()).toBe(0);
      expect(await own.getByRole('button', { name: texts.page.saveCorrections }).isDisabled()).toBe(true);
    });
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
      '**/*.onnx*',
      { status: 404 },
      /The network could not be loaded: http.*onnx.* answered with status 404/,
    ],
    [
      'a web page',
      '**/*.onnx*',
      { contentType: 'text/html', body: '<!doctype html>' },
      /The network could not be loaded: got a web page instead of the file at http.*onnx/,
    ],
    [
      'missing',
      '**/*.wasm*',
      { status: 404 },
      /runtime could not be loaded: http.*wasm.* answered with status 404/,
    ],
    [
      'a web page',
      '**/*.wasm*',
      { contentType: 'text/html', body: '<!doctype html>' },
      /runtime could not be loaded: got a web page instead of the file at http.*wasm/,
    ],
  ])('says so when a file is %s: %s', async (_, pattern, answer, expected) => {
    const route = (page: Page) => page.context().route(pattern, (request) => request.fulfill(answer));
    const own = await openPage({ route, loads: false, serviceWorkers: 'block' });
    await expect.poll(() => own.getByRole('alert').textContent()).toMatch(expected);
  });

  it('waits for nothing where the network did not come, and tries again when it is chosen', async () => {
    let isThere = false;
    const route = (own: Page) =>
      own.context().route('**/*.onnx*', (request) => (isThere ? request.continue() : request.abort()));
    const own = await openPage({ route, loads: false, serviceWorkers: 'block' });
    const problem = () => own.locator('#problem').textContent();
    await expect.poll(problem).toContain('cannot be reached');
    await drawByMouse(own, ONE);
    expect(await own.locator('#bars').evaluate((bars) => bars.ariaBusy)).toBe('false');
    const picture = { name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('x') };
    await own.setInputFiles('#file', picture);
    await expect.poll(problem).toContain('x.png could not be read');
    await drawByMouse(own, ONE);
    await expect.poll(problem).toContain('cannot be reached');
    isThere = true;
    await own.locator('#model-choice').selectOption({ index: 0 });
    await says('This is a 1', own);
    expect(await problem()).toBe('');
  });

  it('fits phones and desktops without scrolling sideways', async () => {
    await drawByMouse(page, ONE);
    await says('This is a 1');
    for (const width of [320, 375, 760, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(scrollWidth, `in ${width} pixels`).toBeLessThanOrEqual(width);
    }
  });

  it.each([
    ['light', 1280],
    ['dark', 320],
  ] as const)('has no accessibility violation that axe finds, %s, in %d pixels', async (scheme, width) => {
    const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    await drawByMouse(page, ONE);
    await says('This is a 1');
    await page.evaluate(await readFile(axe, 'utf8'));
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const found = (await axe.run({ runOnly: tags })).violations;
      return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(violations).toEqual([]);
  });
});

describe('the sentence about a reading', () => {
  const box = { x: 0, y: 0, width: 1, height: 1 };
  const digit = (names: string, probability = 0.6) => {
    const topK = [...names].map((name, i) => ({ digit: name, probability: i === 0 ? probability : 0.1 }));
    return { ...topK[0]!, topK, evidence: 9, box };
  };
  it.each([
    ['ok', '8', [digit('83')], 'This is an 8, 60.0% sure'],
    ['unsure', '?', [digit('49')], 'Not sure: perhaps a 4 or a 9'],
    ['unsure', '?', [digit('49', 0.9)], 'Not sure: hardly a digit, nearest to a 4'],
    ['ok', '18', [digit('17'), digit('83')], 'This reads 18'],
    ['ok', '1\n8', [digit('17'), digit('83')], 'This reads 1 / 8'],
    ['unsure', '1?', [digit('17'), digit('83')], 'Not sure about all digits: 1?'],
    ['ok', 'A', [digit('A')], 'This is A, 60.0% sure'],
    ['unsure', '?', [digit('AB')], 'Not sure: perhaps A or B'],
    ['blank', '', [], 'Blank: no digit found'],
  ] as const)('%s %s', (status, text, digits, expected) => {
    expect(texts.sentence({ file: '', text, status, digits, error: null })).toBe(expected);
  });
});
