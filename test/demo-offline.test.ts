import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { basename, extname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { DemoManifest } from '../src/core/demo-manifest.js';
import { answerRequest } from '../src/node/demo/answer-request.js';
import { demoFiles } from '../src/node/demo/demo-files.js';
import { listFiles } from '../src/node/demo/file-table.js';
import { precompress } from '../src/node/demo/precompress.js';
import { startServer } from '../src/node/demo/start-server.js';
import { writeFileAtomic } from '../src/node/files.js';
import { chromiumPath, launchBrowser, serveFolder } from './browser.js';
import { buildSite, compareInPage, waitUntilKept } from './demo-site.js';
import { fromRoot, lastReading, openDemo } from './web-demo-page.js';

const NAME = `the demo's page without a network${chromiumPath ? '' : ' (skipped: no Chromium; set CHROMIUM_PATH)'}`;

/** 3 MB; onnxruntime's WebAssembly alone has 2.3. */
const MAX_WIRE_BYTES = 3e6;
/** What the build keeps free for the model, over the wire. */
const MAX_FIRST_MODEL_BYTES = 450_000;

describe.skipIf(!chromiumPath)(NAME, () => {
  let site: Awaited<ReturnType<typeof buildSite>>;
  let browser: Browser;

  beforeAll(async () => {
    site = await buildSite();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await site?.remove();
  });

  it('comes again, reads and compares once its server, any plain one below any path, is gone', async () => {
    const server = await serveFolder(site.folder);
    const { page, errors } = await openDemo(browser, `${server.url}some/where/`);
    onTestFinished(() => page.context().close());
    await waitUntilKept(page);
    await server.close();
    await page.reload();
    await page.getByText('Blank: draw a digit').first().waitFor();
    await page.setInputFiles('#file', fromRoot('images/digit-5.png'));
    await expect.poll(async () => (await lastReading(page))?.text).toBe('5');
    expect(await compareInPage(page)).toMatchObject({ count: 100, differingLabels: 0 });
    const folder = fromRoot('models/pretrained/mnist_cnn');
    await page.setInputFiles('#model-files', [`${folder}/model.json`, `${folder}/weights.bin`]);
    await expect.poll(() => page.locator('#model').textContent()).toContain('model.onnx');
    expect(errors).toEqual([]);
    await page.goto(new URL('convert.html', page.url()).href);
    expect(await page.title()).toContain('TensorFlow.js to ONNX');
  });

  it('shows an update at once, and an old page that is still open finds its own files', async () => {
    const server = await serveFolder(site.folder);
    onTestFinished(() => server.close());
    const url = `${server.url}some/where/`;
    const { page: old } = await openDemo(browser, url);
    onTestFinished(() => old.context().close());
    await waitUntilKept(old);
    await old.waitForFunction(() => navigator.serviceWorker.controller);
    const updated = old.evaluate(
      () =>
        new Promise<void>((resolve) => {
          navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true });
        }),
    );
    await rename(site.page, `${site.page}-old`);
    onTestFinished(async () => {
      await rm(site.page, { recursive: true });
      await rename(`${site.page}-old`, site.page);
    });
    await copyRenamed(`${site.page}-old`, site.page);
    const fresh = await old.context().newPage();
    await fresh.goto(url);
    expect(await fresh.locator('meta[name=edition]').getAttribute('content')).toBe('2');
    await fresh.getByText('Blank: draw a digit').first().waitFor();
    await updated;
    // Code that the old page has not loaded yet, and that is gone from the server.
    const folder = fromRoot('models/pretrained/mnist_cnn');
    await old.setInputFiles('#model-files', [`${folder}/model.json`, `${folder}/weights.bin`]);
    await expect.poll(() => old.locator('#model').textContent()).toContain('model.onnx');
  });

  it('is forgotten where mnist-onnx demo serves another page at the same address', async () => {
    const kept = await startServer({ files: await listFiles(site.page), port: 0 });
    const { page } = await openDemo(browser, kept.url);
    onTestFinished(() => page.context().close());
    await waitUntilKept(page);
    await kept.close();
    const files = await demoFiles({ folder: site.page });
    const server = await startServer({ files, port: Number(new URL(kept.url).port) });
    onTestFinished(() => server.close());
    await page.reload();
    await expect
      .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length))
      .toBe(0);
    await expect.poll(() => page.evaluate(async () => await caches.keys())).toEqual([]);
  });

  it('comes from the cache where its server is being mended', async () => {
    let status = 200;
    const lists: string[] = [];
    const files = await listFiles(site.page);
    const server = createServer((request, response) => {
      if (status === 200) return answerRequest(request, response, { files, headers: {}, hosts: undefined });
      if (request.url!.endsWith('models.json')) lists.push(request.url!);
      response.writeHead(status).end('mended');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const { page } = await openDemo(browser, `http://127.0.0.1:${port}/`);
    onTestFinished(() => page.context().close());
    await waitUntilKept(page);
    await page.waitForFunction(() => navigator.serviceWorker.controller);
    status = 503;
    await page.reload();
    await page.getByText('Blank: draw a digit').first().waitFor();
    // The list that belongs to the page comes from there too, without a wait.
    expect(lists).toEqual([]);
  });

  it('takes at most 3 MB over the wire with brotli, all that is kept for later included', async () => {
    await precompress(site.page, { only: (address) => !address.includes('asyncify') });
    const files = await listFiles(site.page);
    const sockets = new Set<Socket>();
    const server = createServer((request, response) =>
      answerRequest(request, response, { files, headers: {}, hosts: undefined }),
    ).on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { page } = await openDemo(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await waitUntilKept(page);
    await page.context().close();
    server.closeAllConnections();
    server.close();
    const bytes = [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
    const { models }: DemoManifest = JSON.parse(await readFile(join(site.page, 'models.json'), 'utf8'));
    const model = await readFile(join(site.page, `${models[0]!.file.split('?')[0]}.br`));
    console.log(`first visit: ${bytes} bytes, of them ${model.length} for ${models[0]!.name}`);
    expect(bytes - model.length).toBeLessThan(MAX_WIRE_BYTES - MAX_FIRST_MODEL_BYTES);
    if (model.length <= MAX_FIRST_MODEL_BYTES) expect(bytes).toBeLessThan(MAX_WIRE_BYTES);
  });
});

/** Copies a built page as a later build would be: every file with a hash has another name, and the page says so. */
async function copyRenamed(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hashed = files.filter((file) => file.includes('/assets/')).map((file) => basename(file));
  const names = new RegExp(hashed.map((name) => name.replace(/[.]/g, '\\.')).join('|'), 'g');
  const renamed = (text: string) => text.replace(names, 'new-$&');
  for (const file of files) {
    const target = join(to, renamed(file.slice(from.length)));
    if (!['.html', '.js', '.css'].includes(extname(file)))
      await writeFileAtomic(target, await readFile(file));
    else {
      const text = renamed(await readFile(file, 'utf8'))
        .replace('<head>', '<head><meta name="edition" content="2">')
        .replace(/"[0-9a-f]{12}"/, '"000000000002"');
      await writeFileAtomic(target, text);
    }
  }
}
