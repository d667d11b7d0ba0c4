import { spawnSync } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tinyDataset, writeIdxFolder } from './tiny-dataset.js';
import { temporaryFolder, tinyModel } from './tiny-model.js';

const program = join(import.meta.dirname, '../bin/mnist-onnx.js');

async function workplace() {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'tiny.onnx'), tinyModel());
  await writeIdxFolder(join(folder, 'data'), tinyDataset());
  const run = (...args: string[]) => {
    const given = args[0]?.endsWith('.onnx') ? args : ['tiny.onnx', '--dataset', 'data', ...args];
    return spawnSync(process.execPath, [program, 'parity', ...given], { cwd: folder, encoding: 'utf8' });
  };
  return { folder, run };
}

test('two runtimes that agree: a table, JSON, and a report in one file', async () => {
  const { folder, run } = await workplace();
  const page = run('--runtimes', 'node', 'wasm', '--quiet');
  expect(page).toMatchObject({ status: 0, stderr: '' });
  expect(page.stdout).toMatch(/^node - wasm .* 24 of 24 +ok$/m);
  const json = run('--runtimes', 'node', 'wasm', '--limit', '5', '--json', '--report', 'r/parity.html');
  expect(JSON.parse(json.stdout)).toMatchObject({ passed: true, images: 5 });
  expect(json.stderr).toContain('report: r/parity.html');
  const html = await readFile(join(folder, 'r/parity.html'), 'utf8');
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/(src|href)="http/);
});

test('a runtime that was asked for and is not there fails, and says why', async () => {
  const { run } = await workplace();
  const { status, stdout } = run('--runtimes', 'node', 'wasm', 'tfjs');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^tfjs +skipped: there is no tfjs model at tiny \(name it with --tfjs\)$/m);
  expect(stdout).toMatch(/^FAILED/m);
});

test('the tfjs model is found where train puts it', async () => {
  const { folder, run } = await workplace();
  const pretrained = join(import.meta.dirname, '../models/pretrained');
  await cp(join(pretrained, 'mnist_cnn.onnx'), join(folder, 'mnist_cnn.onnx'));
  await cp(join(pretrained, 'mnist_cnn'), join(folder, 'models/mnist_cnn'), { recursive: true });
  const options = ['--runtimes', 'tfjs', 'node', '--dataset', 'synthetic', '--limit', '5', '--quiet'];
  const { status, stdout } = run('mnist_cnn.onnx', ...options);
  expect(stdout).toMatch(/^tfjs - node .* 5 of 5 +ok$/m);
  expect(status).toBe(0);
});

test('a report that cannot be written is a sentence, before any work', async () => {
  const { run } = await workplace();
  const { status, stdout, stderr } = run('--runtimes', 'node', 'wasm', '--report', 'tiny.onnx/parity.html');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^mnist-onnx: cannot write tiny\.onnx\/parity\.html: a part of its path is not a folder$/m,
  );
  expect(stderr).not.toContain('model: tiny.onnx');
});

test('a browser that is not there is a sentence, before any work', async () => {
  const { run } = await workplace();
  const { status, stdout, stderr } = run('--browser', 'nowhere');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^mnist-onnx: there is no browser at nowhere$/m);
});

test.each([
  [['--runtimes', 'node', 'node'], '--runtimes must name two runtimes or more'],
  [['--runtimes'], '--runtimes needs a value'],
])('%j is wrong usage', async (args, message) => {
  const { run } = await workplace();
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(new RegExp(`^mnist-onnx: ${message}`));
});
