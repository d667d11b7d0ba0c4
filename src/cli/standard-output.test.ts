import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawSeven } from '../../test/drawings.js';
import { tinyDataset, writeIdxFolder } from '../../test/tiny-dataset.js';
import { temporaryFolder, tinyModel } from '../../test/tiny-model.js';
import { encodePng } from '../node/images/encode-png.js';

const failure = (code: string) => Object.assign(new Error(`write ${code}`), { code });
const NOTE = /^model: /;

let stderr: string;
let onNote: () => void;
let infer: string[];
beforeEach(async () => {
  // What went wrong with stdout is kept for the process's whole life.
  vi.resetModules();
  [stderr, onNote] = ['', () => {}];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    if (NOTE.test(String(text))) onNote();
    return true;
  });
  const folder = await temporaryFolder();
  infer = ['infer', join(folder, 'a.png'), '--model', join(folder, 'tiny.onnx'), '--threads', '1'];
  const box = { x: 10, y: 10, width: 26, height: 40 };
  await writeFile(infer[1]!, await encodePng(drawSeven({ width: 50, height: 60, box, pen: 5 })));
  await writeFile(infer[3]!, tinyModel());
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeAllListeners(name);
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
});

async function run(...argv: string[]): Promise<number> {
  const { runCli } = await import('./run.js');
  return runCli(argv, '0');
}

/** A stdout that takes nothing, as Node tells of it: to who writes, and to all. */
function stdoutFailsWith(code: string) {
  vi.spyOn(process.stdout, 'write').mockImplementation((...args) => {
    const done = args.at(-1);
    if (typeof done === 'function') done(failure(code));
    process.stdout.emit('error', failure(code));
    return false;
  });
}

describe('a standard output that cannot be written', () => {
  const told = 'mnist-onnx: cannot write to standard output: the disk is full\n';

  it.each([
    ['by a command that waits for it', () => infer],
    ['by one that does not', () => ['inspect', infer[3]!]],
  ])('is told at the end, %s', async (_, argv) => {
    stdoutFailsWith('ENOSPC');
    expect(await run(...argv(), '--quiet')).toBe(1);
    expect(stderr).toBe(told);
  });

  it.each([
    ['by a command that waits for it', () => infer],
    ['by one that does not', () => ['inspect', infer[3]!]],
  ])('is no failure where its reader has seen enough, %s', async (_, argv) => {
    stdoutFailsWith('EPIPE');
    expect(await run(...argv(), '--quiet')).toBe(0);
    expect(stderr).toBe('');
  });
});

describe('Ctrl-C', () => {
  const stdout = () => vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  beforeEach(() => {
    onNote = () => void process.emit('SIGINT', 'SIGINT');
  });

  it('gives a command that comes to an end of its own the status 130', async () => {
    const written = stdout();
    expect(await run(...infer)).toBe(130);
    expect(stderr).not.toContain('mnist-onnx:');
    expect(written).not.toHaveBeenCalled();
  });

  it.each([
    ['is told where it broke what was under way', '..', /\nmnist-onnx: interrupted\n$/],
    [
      'gives way to what could not be saved',
      '.',
      /\nmnist-onnx: cannot write .*a part of its path is not a folder/,
    ],
  ])('%s', async (_, above, message) => {
    stdout();
    const image = infer[1]!;
    const data = join(image, '../data');
    await writeIdxFolder(data, tinyDataset());
    const settings = ['--dataset', data, '--no-pictures', '--results-dir', join(image, above, 'results')];
    expect(await run('eval', infer[3]!, ...settings)).toBe(130);
    expect(stderr).toMatch(message);
  });
});
