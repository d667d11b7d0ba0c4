import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { runInProcess } from '../../../test/in-process.js';
import { tinyDataset, writeIdxFolder } from '../../../test/tiny-dataset.js';
import { tinyModel } from '../../../test/tiny-model.js';
import { MNIST_FILES } from '../../node/dataset/mnist.js';
import { hasCudaProvider } from '../../node/runtime/index.js';

/** Runs a command line in this process, with what it wrote. */
const run = (...argv: string[]) => runInProcess(argv);

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
    [['infer', 'x', '--resume', '-o', 'y'], '--resume cannot go on with --format table'],
    [['infer', 'x', '--resume', '-o', 'y', '--json'], '--resume cannot go on with --format json'],
    [['eval', '--images', 'x', '--dataset', 'mnist'], '--images and --dataset exclude each other'],
    [['eval', '--compare', 'x', '--corruptions'], '--compare and --corruptions exclude each other'],
    [['eval', '--images', 'x', '--data-dir', 'y'], '--images and --data-dir exclude each other'],
    [['eval', '--compare', 'x', '--svg'], '--compare and --svg exclude each other'],
    [['eval', '--svg', '--no-pictures'], '--svg and --no-pictures exclude each other'],
  ])('%j is wrong usage', async (argv, message) => {
    await expect(run(...argv)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    });
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

  it('doctor ends with 1 where something that is needed is missing', async () => {
    vi.stubEnv('MNIST_ONNX_DATA', at('damaged'));
    onTestFinished(() => void vi.unstubAllEnvs());
    await mkdir(at('damaged'));
    for (const { stem } of MNIST_FILES) await writeFile(at('damaged', stem), 'something else');
    const { status, stdout } = await run('doctor');
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringMatching(
        /^MNIST +missing +.*damaged: not MNIST by its checksum: (.|\n)*\nNot ready: mend/m,
      ),
    });
  });

  it('setup says what it would fetch and build, and does nothing', async () => {
    const { status, stdout } = await run('setup', '--backend', 'wasm', '--dry-run');
    expect(status).toBeUndefined();
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

  it.skipIf(hasCudaProvider())(
    'parity ends with 1 where a runtime that was asked for is missing',
    async () => {
      const settings = ['--runtimes', 'node', 'wasm', 'cuda', '--dataset', at('data'), '--json'];
      const { status, stdout } = await run('parity', at('a.onnx'), ...settings);
      expect(status).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        passed: false,
        runtimes: [{ status: 'ran' }, { status: 'ran' }, { name: 'cuda', status: 'skipped' }],
      });
    },
  );
});
