import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testBackend } from '../../../test/tensorflow.js';
import { tinyDataset, writeIdxFolder } from '../../../test/tiny-dataset.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'train-command-'));
  await writeIdxFolder(join(folder, 'places'), tinyDataset());
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the built command in the test's folder; `hear` may end it. */
function train(args: string[], hear: (stderr: string, kill: () => void) => void = () => {}) {
  const main = join(process.cwd(), 'bin/mnist-onnx.js');
  const common = ['--model-dir', 'model', '--results-dir', 'results', '--backend', testBackend];
  const child = spawn(process.execPath, [main, 'train', ...common, ...args], { cwd: folder });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    text.stdout += data;
  });
  child.stderr.on('data', (data) => {
    text.stderr += data;
    hear(text.stderr, () => child.kill('SIGINT'));
  });
  return new Promise<typeof text & { status: number | null }>((resolve) =>
    child.on('close', (status) => resolve({ ...text, status })),
  );
}

const fresh = ['--dataset', 'places', '--batch-size', '16', '--seed', '7'];

test('Ctrl-C exits with 130 and says how to go on; going on with more epochs adds them', async () => {
  const stopped = await train([...fresh, '--epochs', '5000'], (stderr, kill) => {
    if (stderr.includes('epoch 1/')) kill();
  });
  expect(stopped.status).toBe(130);
  expect(stopped.stderr).toContain('go on with: mnist-onnx train --resume --model-dir model');
  const { history } = JSON.parse(await readFile(join(folder, 'model/training.json'), 'utf8'));

  const epochs = history.length + 1;
  const resumed = await train(['--resume', '--epochs', String(epochs), '--json']);
  expect(resumed.status).toBe(0);
  const { record, interrupted } = JSON.parse(resumed.stdout);
  expect(interrupted).toBe(false);
  expect(record.history.length).toBe(epochs);
  expect(record.history.slice(0, -1)).toEqual(history);
});

test('the last lines say the accuracy, where the results lie and what comes next', async () => {
  const { stdout, stderr } = await train([...fresh, '--epochs', '1']);
  expect(stdout).toMatch(/^test accuracy \d+\.\d\d% on places \(epoch 1 of 1, .*\)\n$/);
  expect(stderr).toMatch(/model: +model\nresults: results.history\.csv, .*\nnext: +mnist-onnx export .*\n$/);
});

test('--quiet leaves the result alone on stdout', async () => {
  const { stdout, stderr } = await train([...fresh, '--epochs', '1', '--quiet']);
  expect(stdout).toMatch(/^test accuracy .*\n$/);
  expect(stderr).not.toContain('epoch');
});
