import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { exportModel } from '../../node/export/index.js';
import { silentReporter } from '../../node/reporter.js';
import type { CommandIo } from '../command.js';
import { exportCommand } from './export.js';

vi.mock('../../node/export/index.js', () => ({
  exportModel: vi.fn(async () => ({ output: 'x.onnx' })),
  formatExport: () => '',
}));

const folder = mkdtempSync(join(tmpdir(), 'export-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the built command in a folder of its own. */
function run(...args: string[]) {
  const main = join(process.cwd(), 'bin/mnist-onnx.js');
  return spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' });
}

it.each([
  [['export', '--opset', '17'], /--opset must be a whole number from 18 to 26/],
  [['export', '--atol', 'small'], /--atol must be a number of at least 0|--atol must be a number from/],
  [['export', '--batch', '0'], /--batch must be a whole number from 1 to 65536/],
  [['export', '--precision', 'fp8'], /precision/],
  [['export', '--modle', 'x'], /Did you mean --model\?/],
  [['export', 'out.txt', '--model', '.'], /./],
  [['inspect'], /./],
])('%j is wrong usage or a failure, said in a sentence', (args, message) => {
  const { status, stdout, stderr } = run(...args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/unexpected error|at file:/);
  expect(stdout).toBe('');
  expect([1, 2]).toContain(status);
});

it('inspect says of a text that it is no model, and of a missing file that it is missing', () => {
  writeFileSync(join(folder, 'text.onnx'), 'hello, this is a text and no model');
  expect(run('inspect', 'text.onnx')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/text\.onnx is no ONNX model/),
  });
  expect(run('inspect', 'none.onnx').stderr).toMatch(/cannot read the model none\.onnx: it does not exist/);
});

it('the help of export and inspect names their options', () => {
  const { stdout } = run('export', '--help');
  for (const option of [
    '--model',
    '--opset',
    '--atol',
    '--precision',
    '--layout',
    '--report',
    '--no-optimize',
  ]) {
    expect(stdout).toContain(option);
  }
  expect(run('inspect', '--help').stdout).toContain('--all');
});

it('export hands every option on under the name that its function knows', async () => {
  const io = { stdout: process.stdout, reporter: silentReporter, signal: new AbortController().signal };
  type Options = Parameters<typeof exportCommand.run>[0];
  const options = {
    file: 'x.onnx',
    output: 'both',
    maxDrop: 3,
    calibrationData: 'random',
    keepIoTypes: false,
  };
  await exportCommand.run(options as unknown as Options, io as CommandIo);
  expect(exportModel).toHaveBeenCalledWith(
    expect.objectContaining({
      output: 'x.onnx',
      outputs: 'both',
      maxDropPoints: 3,
      calibrationData: 'random',
      keepIoTypes: false,
    }),
  );
});

it('what comes next names the data that were given', async () => {
  const notes: string[] = [];
  const reporter = { ...silentReporter, note: (line: string) => void notes.push(line) };
  const stdout = { write() {} };
  const options = { file: 'x.onnx', dataset: 'my letters', dataDir: 'data' };
  type Options = Parameters<typeof exportCommand.run>[0];
  await exportCommand.run(options as unknown as Options, { stdout, reporter } as unknown as CommandIo);
  const quote = process.platform === 'win32' ? '"' : "'";
  expect(notes).toEqual([
    `next: mnist-onnx eval x.onnx --dataset ${quote}my letters${quote} --data-dir data`,
  ]);
});
