import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDataset, writeIdxFolder } from '../../../test/tiny-dataset.js';
import { tinyModel } from '../../../test/tiny-model.js';
import type { Reporter } from '../../node/reporter.js';
import { parseCommandLine } from '../parse.js';
import { loadCommands } from './index.js';

/** Runs a command line in this process, with what it wrote. */
async function run(...argv: string[]) {
  const written = { stdout: '', notes: [] as string[], warnings: [] as string[] };
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      written.stdout += chunk;
      done();
    },
  });
  const progress = { update() {}, end() {} };
  const reporter: Reporter = {
    note: (line) => void written.notes.push(line),
    warn: (line) => void written.warnings.push(line),
    progress: () => progress,
  };
  const { command, options } = parseCommandLine(argv, { commands: await loadCommands([]), version: '0' })!;
  const signal = new AbortController().signal;
  const status = (await command.run(options, { stdout, reporter, signal })) ?? 0;
  return { status, ...written };
}

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commands-'));
  await writeFile(at('a.onnx'), tinyModel());
  await writeFile(at('b.onnx'), tinyModel());
  await writeIdxFolder(at('data'), tinyDataset({ train: 3, test: 12 }));
  await mkdir(at('scans'));
  const bar = { create: { width: 8, height: 16, channels: 3 as const, background: 'white' } };
  const left = { input: await sharp(bar).png().toBuffer(), left: 2, top: 6 };
  const black = { create: { width: 28, height: 28, channels: 3 as const, background: 'black' } };
  await sharp(black).composite([left]).png().toFile(at('scans', 'one.png'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('infer', () => {
  const common = () => ['infer', at('scans'), '--model', at('a.onnx'), '--segment', 'single'];

  it.each(['table', 'json', 'ndjson', 'csv'])('prints %s on stdout alone', async (format) => {
    const { status, stdout, notes } = await run(...common(), '--format', format);
    expect(status).toBe(0);
    expect(stdout).toContain('one.png');
    expect(notes[0]).toMatch(/^model: .*a\.onnx, onnxruntime-node/);
  });

  it('writes to a file, with what the model saw and with the readings drawn', async () => {
    const options = [
      '--output',
      at('out.csv'),
      '--format',
      'csv',
      '--save-inputs',
      at('seen'),
      '--annotate',
      at('drawn'),
    ];
    const { stdout, notes } = await run(...common(), ...options);
    expect(stdout).toBe('');
    expect(await readFile(at('out.csv'), 'utf8')).toContain('one.png');
    expect(notes.join('\n')).toMatch(
      /readings: .*out\.csv\nwhat the model saw: .*seen\npictures with the readings: .*drawn/,
    );
  });

  it('ends with 1 and a warning when an image cannot be read', async () => {
    const { status, warnings } = await run('infer', at('none.png'), '--model', at('a.onnx'));
    expect(status).toBe(1);
    expect(warnings).toEqual([expect.stringMatching(/^cannot read .*none\.png: /)]);
  });

  it.each([
    [['infer'], 'name the images to read'],
    [['infer', 'x', '--json', '--format', 'csv'], '--json and --format csv exclude each other'],
    [['infer', 'x', '--json', '--shard', '1/2'], 'parts of a JSON array cannot be joined'],
    [['infer', 'x', '--resume'], '--resume needs the --output to go on with'],
    [['infer', 'x', '--resume', '-o', 'y', '--json'], '--resume cannot go on with --format json'],
    [['eval', '--images', 'x', '--dataset', 'mnist'], '--images and --dataset exclude each other'],
    [['eval', '--compare', 'x', '--corruptions'], '--compare and --corruptions exclude each other'],
  ])('%j is wrong usage', async (argv, message) => {
    await expect(run(...argv)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    });
  });
});

describe('eval', () => {
  const common = () => ['--dataset', at('data'), '--no-pictures', '--results-dir', at('results')];

  it('measures a model, as text and as JSON', async () => {
    const { status, stdout, notes } = await run('eval', at('a.onnx'), ...common(), '--limit', '9');
    expect(status).toBe(0);
    expect(stdout).toMatch(/accuracy +100\.00% \(9 of 9\)/);
    expect(notes.at(-1)).toMatch(/^results: .*metrics\.json/);
    expect(JSON.parse((await run('eval', at('a.onnx'), ...common(), '--json')).stdout)).toMatchObject({
      accuracy: 1,
    });
  });

  it('compares models', async () => {
    const compare = ['eval', at('a.onnx'), '--compare', at('b.onnx'), '--dataset', at('data')];
    expect((await run(...compare)).stdout).toContain('b.onnx');
    expect(JSON.parse((await run(...compare, '--json')).stdout).models).toHaveLength(2);
  });
});

describe('the others', () => {
  it('inspect prints text and JSON', async () => {
    expect((await run('inspect', at('a.onnx'), '--all')).stdout).toMatch(/^file: +.*a\.onnx/);
    expect(JSON.parse((await run('inspect', at('a.onnx'), '--json')).stdout).totals.parameters).toBe(2352);
  });

  it('doctor says what is ready', async () => {
    const { stdout } = await run('doctor');
    expect(stdout).toMatch(/onnxruntime-node/);
    expect(JSON.parse((await run('doctor', '--json')).stdout).checks.length).toBeGreaterThan(3);
  });

  it('setup says what it would fetch and build, and does nothing', async () => {
    const { status, stdout } = await run('setup', '--backend', 'wasm', '--dry-run');
    expect(status).toBe(0);
    expect(stdout).not.toContain('is ready: native');
  });

  it('benchmark measures one runtime, as text, as JSON and as a picture', async () => {
    const settings = [
      '--runtimes',
      'node',
      '--threads',
      '1',
      '--batch-sizes',
      '1',
      '--duration',
      '0.01',
      '--rounds',
      '1',
    ];
    const { status, stdout } = await run('benchmark', at('a.onnx'), ...settings, '--plot', at('speed.svg'));
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('onnxruntime-node'),
    });
    expect(await readFile(at('speed.svg'), 'utf8')).toContain('<svg');
  });

  it('parity compares two runtimes', async () => {
    const settings = [
      '--runtimes',
      'node',
      'wasm',
      '--dataset',
      at('data'),
      '--limit',
      '4',
      '--report',
      at('p.html'),
    ];
    const { status, stdout } = await run('parity', at('a.onnx'), ...settings);
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('wasm') });
    expect(await readFile(at('p.html'), 'utf8')).toContain('<html');
  });
});
