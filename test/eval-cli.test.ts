import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodePng } from '../src/node/images/encode-png.js';
import { convModel } from './conv-model.js';
import { drawSeven } from './drawings.js';
import { tinyDataset, writeIdxFolder } from './tiny-dataset.js';
import { temporaryFolder, tinyModel } from './tiny-model.js';

const program = join(import.meta.dirname, '../bin/mnist-onnx.js');
const drawing = drawSeven({ width: 50, height: 60, box: { x: 10, y: 10, width: 26, height: 40 }, pen: 5 });

/** A folder with two models and a data set, and a way to run commands in it. */
async function workplace() {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'mnist_cnn.onnx'), tinyModel());
  await writeFile(join(folder, 'conv.onnx'), convModel());
  await writeIdxFolder(join(folder, 'data'), tinyDataset());
  const run = (...args: string[]) => {
    const result = spawnSync(process.execPath, [program, 'eval', ...args], { cwd: folder, encoding: 'utf8' });
    return { status: result.status, stdout: result.stdout, stderr: result.stderr };
  };
  return { folder, run };
}

test('results lie in results/, all named at the end; --json prints what metrics.json holds', async () => {
  const { folder, run } = await workplace();
  const { status, stdout, stderr } = run('conv.onnx', '--dataset', 'data', '--json');
  expect(status).toBe(0);
  const names = await readdir(join(folder, 'results'));
  for (const name of names) expect(stderr).toContain(join('results', name));
  expect(names).toEqual(expect.arrayContaining(['metrics.json', 'predictions.csv', 'saliency.png']));
  const metrics = JSON.parse(await readFile(join(folder, 'results/metrics.json'), 'utf8'));
  expect(JSON.parse(stdout)).toEqual(metrics);
});

test('--compare prints models side by side; one alone is compared with the usual one', async () => {
  const { run } = await workplace();
  const page = run('--compare', 'conv.onnx', '--dataset', 'data', '--quiet');
  expect(page).toMatchObject({ status: 0, stderr: '' });
  expect(page.stdout).toMatch(/A {2}mnist_cnn\.onnx +100\.00%/);
  expect(page.stdout).toMatch(/B {2}conv\.onnx +100\.00%/);
  const json = run('mnist_cnn.onnx', '--compare', 'conv.onnx', 'conv.onnx', '--dataset', 'data', '--json');
  expect(JSON.parse(json.stdout).pairs).toHaveLength(3);
});

test('--images measures pictures; one that cannot be read is named, and the status is 1', async () => {
  const { folder, run } = await workplace();
  await mkdir(join(folder, 'scans/middle'), { recursive: true });
  await writeFile(join(folder, 'scans/middle/a.png'), await encodePng(drawing));
  const good = run('--images', 'scans', '--no-pictures');
  expect(good.status).toBe(0);
  expect(good.stdout).toContain('100.00% (1 of 1)');
  await writeFile(join(folder, 'scans/middle/b.png'), 'text');
  const bad = run('--images', 'scans', '--no-pictures', '--quiet');
  expect(bad.status).toBe(1);
  expect(bad.stderr).toContain('b.png: it is a text file, not an image');
  const csv = await readFile(join(folder, 'results/predictions.csv'), 'utf8');
  expect(csv).toMatch(/^index,file,true,predicted/);
  expect(csv).toContain(`0,${join('scans', 'middle', 'a.png')},middle,middle,`);
});

test('--images and --dataset together are wrong usage', async () => {
  const { run } = await workplace();
  const { status, stdout, stderr } = run('--images', 'x', '--dataset', 'data');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--images and --dataset exclude each other');
});

test('results that cannot be written are found out before the work', async () => {
  const { folder, run } = await workplace();
  await writeFile(join(folder, 'results'), 'a file');
  const { status, stdout, stderr } = run('--dataset', 'data');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('a part of its path is not a folder');
  for (const name of ['metrics.json', 'predictions.csv']) {
    await mkdir(join(folder, name.slice(0, 4), name), { recursive: true });
    const taken = run('--dataset', 'data', '--results-dir', name.slice(0, 4));
    expect([taken.status, taken.stdout]).toEqual([1, '']);
    expect(taken.stderr).toContain(`${name}: it is a folder`);
  }
});
