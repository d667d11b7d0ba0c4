import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chromiumPath } from '../../../test/browser.js';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { classify } from '../../core/classify.js';
import { maxAbsDifference } from '../../core/metrics.js';
import { MNIST_PREPROCESSING } from '../../core/model-info.js';
import { createNodeSession } from '../runtime/index.js';
import { findBrowser } from './find-browser.js';
import type { BrowserJob } from './protocol.js';
import { runInBrowser } from './run-in-browser.js';

const info = { classes: ['left', 'middle', 'right'], preprocessing: MNIST_PREPROCESSING };
const { pixels } = tinyDataset().test;
const run = (task: BrowserJob['task'], { browser = chromiumPath, timeoutMs = 60_000 } = {}) =>
  runInBrowser({
    browser,
    job: { provider: 'wasm', threads: 1, info, task },
    model: tinyModel(),
    pixels,
    timeoutMs,
  });

const skip = chromiumPath ? '' : ' (skipped: no Chromium; set CHROMIUM_PATH)';

it.skipIf(skip)(`a browser gives the logits of onnxruntime-node${skip}`, async () => {
  const { logits, description } = await run({ kind: 'classify', softwareLimit: 1 });
  expect(description).toMatch(/^onnxruntime-web \d.* on WASM, in Chrome\/\d/);
  const session = await createNodeSession(tinyModel(), { device: 'cpu' });
  const expected = await classify(session, info, pixels);
  await session.release();
  expect(logits).toHaveLength(expected.logits.length);
  expect(maxAbsDifference(logits!, expected.logits)).toBeLessThan(1e-5);
});

it.skipIf(skip)(`a browser measures speed and memory${skip}`, async () => {
  const { speed } = await run({ kind: 'measure', options: { batchSizes: [2], durationMs: 20 } });
  expect(speed!.batches).toEqual([{ batchSize: 2, imagesPerSecond: expect.any(Number) }]);
  expect(speed!.coldStartMs).toBeGreaterThan(speed!.firstRunMs);
  expect(speed!.memoryBytes).toBeGreaterThan(1e5);
});

it.skipIf(skip || process.platform === 'win32')(
  `a page that crashes under way is not waited for, though the browser goes on${skip}`,
  async () => {
    const folder = await temporaryFolder();
    const [browser, pidFile] = [join(folder, 'browser'), join(folder, 'pid')];
    const script = `#!/bin/sh\necho $$ > '${pidFile}'\nexec '${chromiumPath}' "$@"\n`;
    await writeFile(browser, script, { mode: 0o755 });
    const task = { kind: 'measure', options: { batchSizes: [], durationMs: 60_000 } } as const;
    const job: BrowserJob = { provider: 'wasm', threads: 1, info, task };
    // The page asks for its job when it is there.
    const toJSON = () => {
      killRenderers(Number(readFileSync(pidFile, 'utf8')));
      return job;
    };
    const options = { browser, model: tinyModel(), pixels, timeoutMs: 60_000 };
    await expect(runInBrowser({ ...options, job: { ...job, toJSON } as BrowserJob })).rejects.toMatchObject({
      message: 'the page ended without an answer',
    });
  },
);

/** Ends the processes that compute the pages of a browser, which leads a process group. */
function killRenderers(browserPid: number): void {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,pgid=,args='], { encoding: 'utf8' });
  for (const line of stdout.split('\n')) {
    const [pid, group] = line.trim().split(/\s+/).map(Number);
    if (group === browserPid && line.includes('--type=renderer')) process.kill(pid!, 'SIGKILL');
  }
}

it('a browser that ends, or does not start, is said in a sentence', async () => {
  const task = { kind: 'classify', softwareLimit: 1 } as const;
  const ends = run(task, { browser: process.execPath });
  await expect(ends).rejects.toMatchObject({
    name: 'UserError',
    message: /^the browser ended without an answer/,
  });
  const file = join(await temporaryFolder(), 'text');
  await writeFile(file, 'no program');
  await expect(run(task, { browser: file })).rejects.toMatchObject({
    message: expect.stringContaining('EACCES'),
  });
});

it.skipIf(process.platform === 'win32')('a browser that never answers is ended', async () => {
  const file = join(await temporaryFolder(), 'browser');
  await writeFile(file, '#!/bin/sh\nsleep 1000\n', { mode: 0o755 });
  const silent = run({ kind: 'classify', softwareLimit: 1 }, { browser: file, timeoutMs: 100 });
  await expect(silent).rejects.toMatchObject({ message: 'the browser did not answer within 0.1 s' });
});

it('a browser that is named must exist; else the first in the usual places is taken, or none', () => {
  expect(() => findBrowser('/no/such/browser')).toThrow('there is no browser at /no/such/browser');
  expect(findBrowser(undefined, { CHROMIUM_PATH: process.execPath })).toBe(process.execPath);
});
