import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { whyMissing } from '../../../test/why-missing.js';
import { MNIST_PREPROCESSING } from '../../core/model-info.js';
import { RuntimeMissing } from '../runtime/runtime-missing.js';
import type { BrowserAnswer, BrowserProvider } from './protocol.js';
import { type BrowserOptions, runInBrowser } from './run-in-browser.js';

const info = { classes: ['left', 'middle', 'right'], preprocessing: MNIST_PREPROCESSING };

/**
 * A program in a browser's place: at its first start it gives the first answer, at the next one the second, as our
 * page would, or ends, or loses its page; what it was started with it writes beside itself.
 */
async function standIn(...answers: (Partial<BrowserAnswer> | 'ends' | 'loses its page')[]) {
  const folder = await temporaryFolder();
  const [browser, log] = [join(folder, 'browser'), join(folder, 'log')];
  const script = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const url = process.argv.at(-1);
appendFileSync(${JSON.stringify(log)}, JSON.stringify(process.argv.slice(2)) + '\\n');
const starts = readFileSync(${JSON.stringify(log)}, 'utf8').trim().split('\\n').length;
const given = ${JSON.stringify(answers)}[starts - 1];
if (given === 'ends') {
  console.error('no such GPU');
  process.exit(3);
}
const answer = { runtime: 'ort', browser: 'Stand-in/1', ...given };
const post = (name, body) => fetch(url + name, { method: 'POST', body });
const look = async (path) => (await fetch(new URL(path, url))).status;
const page = new AbortController();
(async () => {
  setInterval(() => {}, 1000);
  await fetch(url + 'presence', { signal: page.signal });
  if (given === 'loses its page') return page.abort();
  const statuses = [await look('.'), await look('job'), await look('other'), await look('/job'), await look('dist%5c..%5cpackage.json')];
  await post('logits', Float32Array.of(...statuses));
  await post('answer', JSON.stringify(answer));
})();
`;
  await writeFile(browser, script, { mode: 0o755 });
  const starts = async () =>
    (await readFile(log, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as string[]);
  return { browser, starts };
}

const run = (browser: string | undefined, provider: BrowserProvider, options: Partial<BrowserOptions> = {}) =>
  runInBrowser({
    browser,
    job: { provider, threads: 1, info, task: { kind: 'classify', softwareLimit: 1 } },
    model: new Uint8Array(0),
    pixels: new Uint8Array(0),
    timeoutMs: 60_000,
    ...options,
  });

describe.skipIf(process.platform === 'win32')('a browser', () => {
  const missing = (reason: string) => ({ problem: { reason, isMissing: true } });

  it('is served its job under an address that nobody else knows, and nothing else', async () => {
    const { browser } = await standIn({});
    const { logits, description } = await run(browser, 'wasm');
    expect(description).toBe('ort on WASM, in Stand-in/1');
    expect([...logits!]).toEqual([200, 200, 404, 404, 404]);
  });

  it('without a GPU of its own is started again on a program that takes its place', async () => {
    const adapter = { name: 'google swiftshader', isSoftware: true };
    const { browser, starts } = await standIn(missing('the browser has no WebGPU adapter'), { adapter });
    const { description } = await run(browser, 'webgpu');
    expect(description).toBe('ort on WebGPU (google swiftshader), in Stand-in/1');
    const [first, second] = await starts();
    expect(first).toContain('--enable-features=Vulkan');
    expect(second).toContain('--use-webgpu-adapter=swiftshader');
  });

  it('that has no GPU at all is missing, with the last reason', async () => {
    const { browser } = await standIn(missing('no adapter'), missing('this model requires f16'));
    expect(await whyMissing(run(browser, 'webgpu'))).toBe('this model requires f16');
  });

  it('whose page fails is a failure, and not tried again', async () => {
    const { browser, starts } = await standIn({ problem: { reason: 'out of memory', isMissing: false } });
    const error = await run(browser, 'webgpu').catch((error: unknown) => error);
    expect(error).toEqual(new Error('out of memory'));
    expect(error).not.toBeInstanceOf(RuntimeMissing);
    expect(await starts()).toHaveLength(1);
  });

  it('that ends on its own GPU is started again on a program', async () => {
    const adapter = { name: 'google swiftshader', isSoftware: true };
    const { browser, starts } = await standIn('ends', { adapter });
    expect((await run(browser, 'webgpu')).description).toMatch('swiftshader');
    expect(await starts()).toHaveLength(2);
  });

  it('that ends on both is a failure, with both reasons', async () => {
    const ended = 'the browser ended without an answer: status 3 (no such GPU)';
    for (const [second, reason] of [
      [missing('no adapter'), 'no adapter'],
      ['loses its page', 'the page ended without an answer'],
    ] as const) {
      const { browser } = await standIn('ends', second);
      await expect(run(browser, 'webgpu')).rejects.toMatchObject({
        name: 'UserError',
        message: `${ended}; then ${reason}`,
      });
    }
  });

  it('whose page is gone is not waited for', async () => {
    const { browser, starts } = await standIn('loses its page');
    await expect(run(browser, 'wasm')).rejects.toMatchObject({
      name: 'UserError',
      message: 'the page ended without an answer',
    });
    expect(await starts()).toHaveLength(1);
  });

  it('is ended by the signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const { browser } = await standIn({});
    await expect(run(browser, 'wasm', { signal })).rejects.toThrow('enough');
  });

  it('that is nowhere is missing, with what to do', async () => {
    vi.stubEnv('PATH', await temporaryFolder());
    vi.stubEnv('CHROMIUM_PATH', undefined);
    try {
      expect(await whyMissing(run(undefined, 'wasm'))).toBe(
        'no Chromium, Chrome or Edge was found (name one with --browser)',
      );
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
