import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, tinyModel } from './tiny-model.js';

const program = join(import.meta.dirname, '../bin/mnist-onnx.js');

async function workplace() {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'tiny.onnx'), tinyModel());
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [program, 'benchmark', 'tiny.onnx', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  return { folder, run };
}

test('measures a runtime in a process of its own: JSON and a plot', async () => {
  const { folder, run } = await workplace();
  const quick = ['--runtimes', 'node', 'wasm', '--threads', '1', '--duration', '0.01', '--rounds', '1'];
  const { status, stdout, stderr } = run(...quick, '--batch-sizes', '4', '--json', '--plot', 'speed.svg');
  expect(status).toBe(0);
  const { rows, model } = JSON.parse(stdout);
  expect(model.sizeBytes).toBeGreaterThan(1000);
  expect(rows.map((row: { runtime: string }) => row.runtime)).toEqual(['node', 'wasm']);
  for (const { coldStartMs, firstRunMs, memoryBytes, batches } of rows) {
    expect(coldStartMs).toBeGreaterThan(firstRunMs);
    expect(memoryBytes).toBeGreaterThan(2 ** 24);
    expect(batches[0].imagesPerSecond).toBeGreaterThan(0);
  }
  expect(stderr).toContain('plot: speed.svg');
  expect(await readFile(join(folder, 'speed.svg'), 'utf8')).toContain('node, 1 thread');
});

test('a plot that cannot be written is a sentence, before any work', async () => {
  const { run } = await workplace();
  const { status, stdout, stderr } = run('--runtimes', 'node', '--plot', 'tiny.onnx/speed.png');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^mnist-onnx: cannot write tiny\.onnx\/speed\.png: a part of its path is not a folder$/m,
  );
  expect(stderr).not.toContain('model: tiny.onnx');
});

test.each([
  [['--plot', 'speed.jpg'], '--plot must be a .png or .svg file, not speed.jpg'],
  [['--plot', 'a.svg', '--plot', 'b.svg'], '--plot is given more than once'],
  [['--threads', '0'], 'each of --threads must be a whole number from 1 to 1024'],
  [['--runtimes', 'gpu'], 'runtimes'],
  [['--runtimes'], '--runtimes needs a value'],
])('%j is wrong usage', async (args, message) => {
  const { run } = await workplace();
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});
