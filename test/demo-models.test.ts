import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { demoFiles } from '../src/node/demo/demo-files.js';
import { type RunningServer, startServer } from '../src/node/demo/start-server.js';
import { chromiumPath, launchBrowser } from './browser.js';
import { buildSite, compareInPage } from './demo-site.js';
import { tinyModel } from './tiny-model.js';
import { drawByMouse, fromRoot, ONE, type OpenOptions, openDemo } from './web-demo-page.js';

const NAME = `the demo's models and runtimes${chromiumPath ? '' : ' (skipped: no Chromium; set CHROMIUM_PATH)'}`;

const file = (name: string, content: Uint8Array | string) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

describe.skipIf(!chromiumPath)(NAME, () => {
  let site: Awaited<ReturnType<typeof buildSite>>;
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    site = await buildSite();
    server = await startServer({ files: await demoFiles({ folder: site.page }), port: 0 });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await site?.remove();
  });

  /** Opens the page as `mnist-onnx demo` serves it; the test fails if it writes an error to the console. */
  async function open({
    url = server.url,
    fails = false,
    ...options
  }: OpenOptions & { url?: string; fails?: boolean } = {}): Promise<Page> {
    const { page, errors } = await openDemo(browser, url, options);
    onTestFinished(async () => {
      await page.context().close();
      // Of a file that is missing the browser itself writes a line.
      if (!fails && options.loads !== false) expect(errors).toEqual([]);
    });
    return page;
  }

  const menu = (page: Page) => page.locator('#model-choice option:checked');
  const alert = (page: Page, panel: string) => page.locator(`${panel} [role=alert]`);
  const give = (page: Page, ...files: ReturnType<typeof file>[]) => page.setInputFiles('#model-files', files);

  it('runs a model of the user, with its classes', async () => {
    const page = await open();
    await give(page, file('mine.onnx', tinyModel()));
    await expect.poll(() => menu(page).textContent()).toMatch(/^mine\.onnx .* yours$/);
    expect(await page.locator('#bars .name').allTextContents()).toEqual(['left', 'middle', 'right']);
    await drawByMouse(page, ONE);
    await expect.poll(() => page.locator('#sentence').textContent()).toContain('middle');
    expect(await page.locator('#parity-run').isDisabled()).toBe(true);
    // And back to the one that was there before.
    await page.locator('#model-choice').selectOption({ index: 0 });
    await expect.poll(() => page.locator('#bars .name').count()).toBe(10);
    await expect.poll(() => page.locator('#sentence').textContent()).toContain('This is a 1');
  });

  it('numbers the classes of a model without metadata', async () => {
    const page = await open();
    await give(page, file('plain.onnx', tinyModel({ classes: null, count: 12 })));
    await expect.poll(() => menu(page).textContent()).toMatch(/^plain\.onnx · [\d.]+ kB · yours$/);
    const names = await page.locator('#bars .name').allTextContents();
    expect(names).toEqual(Array.from({ length: 12 }, (_, i) => String(i)));
    await drawByMouse(page, ONE);
    await expect.poll(() => page.locator('#sentence').textContent()).toContain('This is a 1');
  });

  it('keeps many classes and long names inside their card, with the best in sight', async () => {
    const classes = Array.from({ length: 47 }, (_, i) => `${'a long name '.repeat(4)}${(i + 45) % 47}`);
    const page = await open({ viewport: { width: 1280, height: 900 } });
    await give(page, file('many.onnx', tinyModel({ classes: classes.reverse(), count: 47 })));
    await expect.poll(() => page.locator('#bars li').count()).toBe(47);
    await page.locator('#sheet').scrollIntoViewIfNeeded();
    await drawByMouse(page, ONE);
    await expect.poll(() => page.locator('#sentence').textContent()).toContain('a long name');
    const box = async (selector: string) => (await page.locator(selector).boundingBox())!;
    const bars = await box('#bars');
    const best = await box('#bars .best');
    expect(best.y).toBeGreaterThanOrEqual(bars.y);
    expect(bars.y + bars.height).toBeGreaterThanOrEqual(best.y + best.height);
    expect(await page.locator('#bars').evaluate((list) => getComputedStyle(list).overflowY)).toBe('auto');
    const isCut = await page.locator('#sentence').evaluate((p) => p.scrollHeight > p.clientHeight);
    expect(isCut).toBe(false);
    const command = await page.locator('#train-command').textContent();
    expect(command).not.toContain('--init');
  });

  it('lists a file that is opened again once', async () => {
    const page = await open();
    const count = await page.locator('#model-choice option').count();
    for (const classes of [
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ]) {
      await give(page, file('mine.onnx', tinyModel({ classes })));
      await expect.poll(() => page.locator('#bars .name').allTextContents()).toEqual(classes);
    }
    expect(await page.locator('#model-choice option').count()).toBe(count + 1);
    await page.locator('#model-choice').selectOption({ index: 0 });
    await expect.poll(() => page.locator('#bars .name').count()).toBe(10);
    await page.locator('#model-choice').selectOption({ index: count });
    await expect.poll(() => page.locator('#bars .name').allTextContents()).toEqual(['d', 'e', 'f']);
  });

  it('no more says that a model did not run once a network has been loaded since', async () => {
    const page = await open();
    await give(page, file('text.onnx', 'hello'));
    await expect.poll(() => alert(page, '#models').textContent()).toContain('text.onnx');
    await page.getByLabel('WebGPU').click();
    await expect.poll(() => alert(page, '#models').count()).toBe(0);
  });

  it('runs a model whose batch dimension has no name', async () => {
    const page = await open();
    await give(page, file('nameless.onnx', tinyModel({ input: ['', 1, 28, 28] })));
    await expect.poll(() => menu(page).textContent()).toMatch(/^nameless\.onnx .* yours$/);
    await drawByMouse(page, ONE);
    await expect.poll(() => page.locator('#sentence').textContent()).toContain('middle');
  });

  it('takes a model that is dropped anywhere on the page', async () => {
    const page = await open();
    const bytes = [...tinyModel()];
    await page.evaluate((content) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([Uint8Array.from(content)], 'dropped.onnx'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, bytes);
    await expect.poll(() => menu(page).textContent()).toContain('dropped.onnx');
  });

  it('converts a TensorFlow.js model, which then reads as its ONNX file does', async () => {
    const page = await open();
    const folder = fromRoot('models/pretrained/mnist_cnn');
    await page.setInputFiles('#model-files', [`${folder}/model.json`, `${folder}/weights.bin`]);
    await expect.poll(() => menu(page).textContent()).toContain('model.onnx');
    await drawByMouse(page, ONE);
    await expect.poll(() => page.locator('#sentence').textContent()).toContain('This is a 1');
  });

  it('says why a model does not run, and keeps the last', async () => {
    const page = await open();
    const before = await menu(page).textContent();
    const expectRefusal = async (message: RegExp, name: string, content: Uint8Array | string) => {
      await give(page, file(name, content));
      await expect.poll(() => alert(page, '#models').textContent()).toMatch(message);
      expect(await menu(page).textContent()).toBe(before);
    };
    await expectRefusal(
      /takes "input" float32 \[N, 3, 32, 32\], not one float32 or uint8 input \[N, 1, 28, 28\]/,
      'of-other-pictures.onnx',
      tinyModel({ input: ['N', 3, 32, 32] }),
    );
    await expectRefusal(
      /gives "logits" float32 \[N, 3\], not \[N, 2\]/,
      'of-other-classes.onnx',
      tinyModel({ classes: ['a', 'b'] }),
    );
    await expectRefusal(/text\.onnx is no ONNX model, or a damaged one/, 'text.onnx', 'hello');
    await expectRefusal(/empty\.onnx is an empty file/, 'empty.onnx', '');
    const withoutWeights = '{"weightsManifest":[{"paths":["w.bin"],"weights":[]}]}';
    await expectRefusal(/w\.bin is missing/, 'model.json', withoutWeights);
    await expectRefusal(/neither an \.onnx file nor a model\.json/, 'weights.bin', 'x');
    await page.locator('#sheet').scrollIntoViewIfNeeded();
    await drawByMouse(page, ONE);
    await expect.poll(() => page.locator('#sentence').textContent()).toContain('This is a 1');
  });

  it('shows hostile names of files and classes as text', async () => {
    const page = await open();
    const html = '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>';
    const classes = [html, `"><svg onload=globalThis.hacked=1>`, '\u202Egpj.exe'];
    await give(page, file(`${html}.onnx`, tinyModel({ classes })));
    await expect.poll(() => page.locator('#model').textContent()).toContain(html);
    await drawByMouse(page, ONE);
    await expect.poll(() => page.locator('#sentence').textContent()).toContain(classes[1]!);
    await give(page, file(`${html}.onnx`, 'none'));
    await expect.poll(() => alert(page, '#models').textContent()).toContain(html);
    const injected = 'img[src="x"], main script, svg[onload], [onerror]';
    expect(await page.locator(injected).count()).toBe(0);
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
  });

  it.each([
    [
      'missing',
      { status: 404 },
      /^The list of networks could not be loaded: http.*models\.json answered with status 404/,
    ],
    [
      'a web page',
      { contentType: 'text/html', body: '<!doctype html>' },
      /got a web page instead of the file at http.*models\.json/,
    ],
    [
      'damaged',
      { contentType: 'application/json', body: '[' },
      /could not be read: http.*models\.json is damaged/,
    ],
  ])(
    'says so where the list of networks is %s, and still runs a model of the user',
    async (_, answer, message) => {
      const route = (page: Page) => page.route('**/models.json', (request) => request.fulfill(answer));
      const page = await open({ route, loads: false });
      await expect.poll(() => page.locator('#problem').textContent()).toMatch(message);
      await give(page, file('mine.onnx', tinyModel()));
      await expect.poll(() => menu(page).textContent()).toContain('mine.onnx');
      expect(await page.locator('#model-choice').isEnabled()).toBe(true);
    },
  );

  it("starts with the command line's model, and compares it with onnxruntime-node", async () => {
    const files = await demoFiles({ folder: site.page, model: fromRoot('models/pretrained/mnist_cnn.onnx') });
    const own = await startServer({ files, port: 0 });
    onTestFinished(() => own.close());
    const page = await open({ url: own.url });
    expect(await page.locator('#model-choice option').count()).toBeGreaterThan(1);
    const { count, maxDifference, differingLabels } = await compareInPage(page);
    expect([count, differingLabels]).toEqual([100, 0]);
    expect(maxDifference).toBeLessThan(1e-4);
  });

  it("gives onnxruntime-node's logits and labels for the bundled digits, with every shipped network", async () => {
    const page = await open();
    const names = await page.locator('#model-choice option').allTextContents();
    for (const [index, name] of names.entries()) {
      await page.locator('#model-choice').selectOption({ index });
      await expect.poll(() => page.locator('#model').textContent()).toContain(name.split(' ')[0]);
      const { count, maxDifference, differingLabels } = await compareInPage(page);
      expect(count).toBe(100);
      // Rounding to eight bits makes a step of the last bit's difference.
      if (!name.includes('int8')) expect(maxDifference, name).toBeLessThan(1e-4);
      expect(differingLabels, name).toBe(0);
    }
    await expect.poll(() => page.locator('#warm-time').textContent()).toMatch(/^[\d.]+ ms$/);
    expect(await page.locator('#load-time').textContent()).toMatch(/^[\d.]+ ms$/);
    expect(await page.locator('#first-run-time').textContent()).toMatch(/^[\d.]+ ms$/);
  });

  it('says so where another network, or what one is compared with, is missing, and keeps the last', async () => {
    const page = await open({
      route: async (p) => {
        await p.context().route('**/models/mnist_cnn.onnx*', (request) => request.fulfill({ status: 404 }));
        await p.context().route('**/parity/*.bin', (request) => request.fulfill({ status: 500 }));
      },
      fails: true,
    });
    const before = await menu(page).textContent();
    const names = await page.locator('#model-choice option').allTextContents();
    const index = names.findIndex((name) => name.startsWith('mnist_cnn.onnx'));
    await page.locator('#model-choice').selectOption({ index });
    await expect
      .poll(() => alert(page, '#models').textContent())
      .toMatch(/The network could not be loaded: http.*mnist_cnn\.onnx\S* answered with status 404/);
    expect(await menu(page).textContent()).toBe(before);
    await page.locator('#parity-run').click();
    await expect
      .poll(() => alert(page, '#parity').textContent())
      .toMatch(/digits-.*\.bin answered with status 500/);
  });

  it('says so where a part of its code is gone, as after an update', async () => {
    const route = (page: Page) =>
      page.context().route(/(convert-files|webgpu-session)-/, (request) => request.fulfill({ status: 404 }));
    const page = await open({ route, fails: true });
    await give(page, file('model.json', '{}'));
    await expect
      .poll(() => alert(page, '#models').textContent())
      .toMatch(/A part of this page could not be loaded: .*Load this page again\.$/);
    await page.getByLabel('WebGPU').click();
    await expect
      .poll(() => page.locator('#runtime-note').textContent())
      .toMatch(/^Runs on WASM instead\. A part of this page could not be loaded/);
  });

  it.each([
    [
      'needs https',
      /^Runs on WASM instead\. Browsers give WebGPU only to pages from https or from localhost\.$/,
    ],
    ['has none', /^Runs on WASM instead\. This browser has no WebGPU\.$/],
    [
      'has no graphics processor',
      /^Runs on WASM instead\. This browser has WebGPU, but no graphics processor for it\.$/,
    ],
  ])('falls back to WASM where WebGPU is chosen and the browser %s', async (kind, note) => {
    const code = (property: string) =>
      `Object.defineProperty(WorkerNavigator.prototype, 'gpu', ${property});`;
    const hasNone = kind !== 'has no graphics processor';
    const safety = `Object.defineProperty(self, 'isSecureContext', { value: ${kind !== 'needs https'} });`;
    const prefix =
      safety + code(hasNone ? '{ value: undefined }' : '{ value: { requestAdapter: async () => null } }');
    const asked: string[] = [];
    const page = await open({
      route: async (p) => {
        p.context().on('request', (request) => asked.push(request.url()));
        await p.context().route('**/worker-*.js', async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, body: prefix + (await response.text()) });
        });
      },
    });
    await page.getByLabel('WebGPU').click();
    await expect.poll(() => page.locator('#runtime-note').textContent()).toMatch(note);
    expect(await page.getByLabel('WASM').isChecked()).toBe(true);
    expect(asked.filter((url) => url.includes('asyncify'))).toEqual([]);
    await page.locator('#sheet').scrollIntoViewIfNeeded();
    await drawByMouse(page, ONE);
    await expect.poll(() => page.locator('#sentence').textContent()).toContain('This is a 1');
  });

  it('runs on WebGPU, whose files it loads only then, with the same answers', async ({ skip }) => {
    // A graphics processor made of software, which Chromium brings along.
    const gpuBrowser = await launchBrowser(['enable-unsafe-webgpu', 'use-webgpu-adapter=swiftshader']);
    onTestFinished(() => gpuBrowser.close());
    const { page, errors } = await openDemo(gpuBrowser, server.url);
    const hasAdapter = await page.evaluate(async () => {
      const { gpu } = navigator as unknown as { gpu?: { requestAdapter(): Promise<unknown> } };
      return Boolean(await gpu?.requestAdapter());
    });
    if (!hasAdapter) skip('this Chromium has no WebGPU');
    const index = (await page.locator('#model-choice option').count()) - 1;
    await page.locator('#model-choice').selectOption({ index });
    const asked: string[] = [];
    page.context().on('request', (request) => asked.push(request.url()));
    await page.getByLabel('WebGPU').click();
    await expect
      .poll(() => page.locator('#runtime-note').textContent(), { timeout: 100_000 })
      .toMatch(/^onnxruntime-web [\d.]+ WebGPU$/);
    expect(asked.some((url) => url.includes('asyncify'))).toBe(true);
    const { maxDifference, differingLabels } = await compareInPage(page);
    expect(differingLabels).toBe(0);
    expect(maxDifference).toBeLessThan(1e-4);
    expect(errors).toEqual([]);
  });

  it('runs WASM on several threads where the page is isolated', async () => {
    const isolated = await startServer({
      files: await demoFiles({ folder: site.page }),
      port: 0,
      isIsolated: true,
    });
    onTestFinished(() => isolated.close());
    const page = await open({ url: isolated.url });
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    if (cores > 1) expect(await page.locator('#runtime-note').textContent()).toMatch(/[2-4] threads$/);
    expect((await compareInPage(page)).maxDifference).toBeLessThan(1e-4);
  });

  it('carries its security policy itself, for servers that send none, and nothing inline', async () => {
    const html = await readFile(`${site.page}/index.html`, 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|\sstyle=/);
    const page = await open();
    const policy = page.locator('meta[http-equiv="Content-Security-Policy"]');
    expect(await policy.getAttribute('content')).toContain("script-src 'self' 'wasm-unsafe-eval';");
  });
});
