import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { writeDemoPage } from '../../../test/demo-page.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import type { DemoManifest } from '../../core/demo-manifest.js';
import { silentReporter } from '../reporter.js';
import { type ServeDemoOptions, serveDemo } from './serve-demo.js';

/** Serves a page while `visit` runs; gives what was noted. */
async function serve(
  options: Partial<ServeDemoOptions>,
  visit: (url: string) => Promise<void> = async () => {},
): Promise<string[]> {
  const page = join(await temporaryFolder(), 'page');
  await writeDemoPage(page);
  const notes: string[] = [];
  const controller = new AbortController();
  let visited = Promise.resolve();
  await serveDemo({
    page,
    host: '127.0.0.1',
    port: 0,
    open: false,
    isolate: false,
    reporter: { ...silentReporter, note: (line) => notes.push(line) },
    signal: controller.signal,
    onReady: (url) => {
      visited = visit(url).finally(() => controller.abort());
    },
    ...options,
  });
  await visited;
  return notes;
}

const models = async (url: string) =>
  ((await (await fetch(`${url}models.json`)).json()) as DemoManifest).models.map(({ name }) => name);

describe('the demo', () => {
  it('is served until the signal, with the model that comes along first in its menu', async () => {
    let address = '';
    const notes = await serve({ model: 'mnist_deep' }, async (url) => {
      address = url;
      expect(await models(url)).toEqual(['mnist_deep.onnx', 'mnist_cnn.onnx']);
    });
    expect(notes).toEqual([expect.stringMatching(/^model: .*mnist_deep\.onnx$/), 'Ctrl-C ends it']);
    await expect(fetch(address)).rejects.toThrow();
  });

  it('ends at once where the signal came before it was ready', async () => {
    const controller = new AbortController();
    const onReady = () => controller.abort();
    expect(await serve({ onReady, signal: controller.signal })).toContain('Ctrl-C ends it');
  });

  it("puts the user's own model first", async () => {
    const model = join(await temporaryFolder(), 'mine.onnx');
    await writeFile(model, tinyModel());
    await serve({ model }, async (url) =>
      expect(await models(url)).toEqual(['mine.onnx', 'mnist_cnn.onnx', 'mnist_deep.onnx']),
    );
  });

  it('tells the size alone of what is made when it is asked for', async () => {
    await serve({}, async (url) => {
      const body = await (await fetch(`${url}models.json`)).text();
      const { headers } = await fetch(`${url}models.json`, { method: 'HEAD' });
      expect(headers.get('content-length')).toBe(String(body.length));
    });
  });

  it.each([
    ['127.0.0.1', true, []],
    ['localhost', true, []],
    ['0.0.0.0', false, ['others in your network can open this page too: --host 0.0.0.0']],
    [
      '0.0.0.0',
      true,
      [
        'others in your network can open this page too: --host 0.0.0.0',
        'browsers heed --isolate on localhost and over HTTPS only',
      ],
    ],
  ])('on %s, isolated: %s, warns of whom it lets in', async (host, isolate, warnings) => {
    const notes = await serve({ host, isolate }, async (url) => {
      expect(url).toMatch(host === '127.0.0.1' ? /^http:\/\/127\.0\.0\.1:/ : /^http:\/\/localhost:/);
      expect((await fetch(url)).headers.get('cross-origin-embedder-policy')).toBe(
        isolate ? 'require-corp' : null,
      );
    });
    expect(notes.slice(1, -1)).toEqual(warnings);
  });
});

describe.skipIf(process.platform !== 'linux')('--open', () => {
  /** A folder that is the whole PATH. */
  async function onlyPath(): Promise<string> {
    const folder = await temporaryFolder();
    vi.stubEnv('PATH', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    return folder;
  }

  it("hands the address to the system's opener", async () => {
    const folder = await onlyPath();
    const opened = join(folder, 'opened');
    await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" > '${opened}'\n`);
    await chmod(join(folder, 'xdg-open'), 0o755);
    const notes = await serve({ open: true }, async (url) => {
      await expect.poll(() => readFile(opened, 'utf8').catch(() => '')).toBe(`${url}\n`);
    });
    expect(notes.join()).not.toContain('no browser');
  });

  it('says so where there is none', async () => {
    await onlyPath();
    expect(await serve({ open: true })).toContain('no browser could be started: open the address');
  });
});
