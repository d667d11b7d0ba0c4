import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DIGIT_CLASSES } from '../src/core/dataset/dataset.js';
import { encodePng } from '../src/node/images/encode-png.js';
import { loadCheckpoint } from '../src/node/train/checkpoint.js';
import { startCommand } from './command.js';
import { drawSeven } from './drawings.js';
import { tinyDataset, writeIdxFolder } from './tiny-dataset.js';
import { temporaryFolder, tinyModel } from './tiny-model.js';

const backend = process.env.MNIST_ONNX_BACKEND ?? 'wasm';
const common = ['--no-pictures', '--batch-size', '8', '--seed', '7', '--backend', backend];
const trainInto = (modelDir: string, ...args: string[]) => [
  ...['train', '--dataset', 'data', '--model-dir', modelDir],
  ...common,
  ...args,
];
const train = (...args: string[]) => trainInto('model', ...args);
/** So many epochs that a test always comes before their end. */
const long = train('--epochs', '5000');

const preload = pathToFileURL(join(import.meta.dirname, 'fault.mjs')).href;
const withFault = (env: Record<string, string>) => ({ ...env, NODE_OPTIONS: `--import=${preload}` });

const isRoot = process.getuid?.() === 0;

/** A folder with a few labelled images, a model and a picture. */
async function workplace(): Promise<string> {
  const folder = await temporaryFolder();
  const dataset = tinyDataset({ train: 15, test: 6 });
  await writeIdxFolder(join(folder, 'data'), dataset);
  // What the model that comes with us can be compared on.
  await writeIdxFolder(join(folder, 'digits'), { ...dataset, classes: DIGIT_CLASSES });
  await writeFile(join(folder, 'mnist_cnn.onnx'), tinyModel());
  await mkdir(join(folder, 'in'));
  const box = { x: 10, y: 10, width: 26, height: 40 };
  await writeFile(
    join(folder, 'in/a.png'),
    await encodePng(drawSeven({ width: 50, height: 60, box, pen: 5 })),
  );
  return folder;
}

const run = async (args: readonly string[], options: Parameters<typeof startCommand>[1]) => {
  const command = startCommand(args, options);
  return { status: await command.ended, ...command.text };
};

describe.skipIf(process.platform === 'win32')('a training run', () => {
  test('that is asked to end (SIGTERM) saves its work and ends with 143; another could not take its folder', async () => {
    const cwd = await workplace();
    const command = startCommand(long, { cwd });
    await command.said('epoch 2/');
    const second = await run(long, { cwd });
    expect(second.stderr).toBe(
      `mnist-onnx: model is in use by another run of mnist-onnx (process ${command.child.pid})\n` +
        'Wait until that has ended, or train into another folder: --model-dir.\n',
    );
    expect(second.status).toBe(1);
    command.child.kill('SIGTERM');
    expect(await command.ended).toBe(143);
    expect(command.text.stderr).toContain('go on with: mnist-onnx train --resume');
    expect((await loadCheckpoint(join(cwd, 'model'))).history.length).toBeGreaterThan(1);
    expect((await readdir(join(cwd, 'model'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('whose notes nobody reads any more (2>&1 | head) saves its work and ends', async () => {
    const cwd = await workplace();
    const command = startCommand(long, { cwd });
    await command.said('epoch 2/');
    command.child.stderr!.destroy();
    expect(await command.ended).toBe(141);
    expect((await loadCheckpoint(join(cwd, 'model'))).history.length).toBeGreaterThan(1);
  });

  test('suspended, continued, and with a clock that jumps, ends like any other', async () => {
    const [here, there] = [await workplace(), await workplace()];
    const short = train('--epochs', '6');
    const plain = run(short, { cwd: here });
    const command = startCommand(short, { cwd: there, env: withFault({ CLOCK: 'jump' }) });
    await command.said('epoch 2/');
    command.child.kill('SIGSTOP');
    await plain;
    command.child.kill('SIGCONT');
    expect(await command.ended).toBe(0);
    const historyOf = (folder: string) => readFile(join(folder, 'results/history.csv'), 'utf8');
    expect(await historyOf(there)).toBe(await historyOf(here));
    expect(command.text.stderr).not.toMatch(/ -\d/);
  });

  test('whose folder is deleted makes it anew', async () => {
    const cwd = await workplace();
    const command = startCommand(train('--epochs', '8'), { cwd });
    await command.said('epoch 2/');
    // The run may be writing into it meanwhile.
    await rm(join(cwd, 'model'), { recursive: true, maxRetries: 5 });
    expect(await command.ended).toBe(0);
    expect((await loadCheckpoint(join(cwd, 'model'))).history).toHaveLength(8);
  });

  test('that finds the disk full says so, and goes on from the last epoch when there is room', async () => {
    const cwd = await workplace();
    const args = train('--epochs', '4');
    // The model's folder gets a lock and three probes first, then two files a checkpoint (written aside, renamed).
    const full = await run(args, { cwd, env: withFault({ FAULT: 'ENOSPC:15', FAULT_PATH: 'model' }) });
    expect(full.stderr).toMatch(/mnist-onnx: cannot write .*model.checkpoint.bin: the disk is full\n/);
    expect(full.status).toBe(1);
    const { history } = await loadCheckpoint(join(cwd, 'model'));
    expect(history.length).toBeGreaterThan(0);
    const resumed = await run(['train', '--resume', '--model-dir', 'model', '--backend', backend, '--json'], {
      cwd,
    });
    expect(JSON.parse(resumed.stdout).record.history.slice(0, history.length)).toEqual(history);
  });
});

test.skipIf(process.platform === 'win32')(
  'infer that is asked to end while its threads classify ends with 143, at any moment',
  async () => {
    const folder = await workplace();
    const png = await encodePng(
      drawSeven({ width: 28, height: 28, box: { x: 8, y: 4, width: 12, height: 20 }, pen: 3 }),
    );
    await mkdir(join(folder, 'many'));
    for (let i = 0; i < 3000; i++) await writeFile(join(folder, 'many', `${i}.png`), png);
    const ends: (number | string)[] = [];
    for (let delayMs = 400; delayMs <= 900; delayMs += 50) {
      const args = [
        'infer',
        'many',
        '--model',
        'mnist_deep',
        '--threads',
        '2',
        '--format',
        'csv',
        '--output',
      ];
      const { child, ended } = startCommand([...args, 'out.csv'], { cwd: folder });
      const timer = setTimeout(() => child.kill('SIGTERM'), delayMs);
      ends.push(await ended);
      clearTimeout(timer);
    }
    // On a fast machine the last ones may be done before.
    expect(ends.filter((end) => end !== 143 && end !== 0)).toEqual([]);
    expect(ends).toContain(143);
  },
);

describe.skipIf(process.platform === 'win32')('infer that is asked to end', () => {
  test('while it waits for standard input, or for a pipe that nobody writes to, ends', async () => {
    const cwd = await workplace();
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const start = (input: string) =>
      startCommand(['infer', input, '--model', 'mnist_cnn.onnx', '--output', 'out.csv'], {
        cwd,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
    for (const input of ['-', 'pipe']) {
      const { child, ended, text } = start(input);
      while (!(await readdir(cwd)).some((name) => name.endsWith('.part'))) await delay(10);
      child.kill('SIGTERM');
      expect(await ended).toBe(143);
      expect(text.stderr).toContain('warning: interrupted: out.csv was not written');
      expect((await readdir(cwd)).filter((name) => name.startsWith('.'))).toEqual([]);
    }
  });

  test('while it finds out whether another machine still writes its output, says so and ends', async () => {
    const cwd = await workplace();
    const command = () => startCommand(['infer', 'in', '--output', 'out.csv', '--format', 'csv'], { cwd });
    // A lock whose holder cannot be asked: a run elsewhere with the same name of a lock.
    const holder = startCommand(['infer', '-', '--output', 'out.csv'], {
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const lock = async () => (await readdir(cwd)).find((name) => name.endsWith('.lock'));
    let name: string | undefined;
    while (!name) name = await lock();
    holder.child.kill('SIGTERM');
    await holder.ended;
    const foreign = name.replace(/-[^-]+-\d+-\d+-[^-]+\.lock$/, '-deadbeef-17-123-0a1b2c3d.lock');
    await writeFile(join(cwd, foreign), 'far-away\n');
    const { child, ended, said, text } = command();
    await said('whether it lives');
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(text.stderr).toMatch(/another run, on far-away, has left .*: watching for 30 s whether it lives/);
    expect((await readdir(cwd)).filter((entry) => entry.startsWith('.'))).toEqual([foreign]);
  });
});

describe('standard output', () => {
  test('that is closed early ends infer quietly', async () => {
    const cwd = await workplace();
    const many = Array.from({ length: 400 }, () => 'in');
    const command = startCommand(['infer', ...many, '--format', 'ndjson', '--quiet'], { cwd });
    command.child.stdout!.once('data', () => command.child.stdout!.destroy());
    expect(await command.ended).toBe(0);
    expect(command.text.stderr).toBe('');
  });

  test('that is closed early keeps infer from no picture that it was to write', async () => {
    const cwd = await workplace();
    const count = 300;
    for (let i = 0; i < count; i++) await copyFile(join(cwd, 'in/a.png'), join(cwd, `in/${i}.png`));
    const args = ['infer', 'in', '--format', 'ndjson', '--save-inputs', 'seen', '--quiet'];
    const command = startCommand(args, { cwd });
    command.child.stdout!.destroy();
    expect(await command.ended).toBe(0);
    expect(command.text.stderr).toBe('');
    expect(await readdir(join(cwd, 'seen/in'))).toHaveLength(count + 1);
  });

  test('that is closed early keeps eval from no result', async () => {
    const cwd = await workplace();
    const command = startCommand(['eval', '--dataset', 'data', '--no-pictures', '--quiet'], { cwd });
    command.child.stdout!.destroy();
    expect(await command.ended).toBe(0);
    expect(command.text.stderr).toBe('');
    expect(await readdir(join(cwd, 'results'))).toEqual(['metrics.json', 'predictions.csv']);
  });

  test.skipIf(process.platform !== 'linux')('on a full disk is one sentence', async () => {
    const cwd = await workplace();
    const shell = `"$0" "$1" infer in --quiet > /dev/full`;
    const program = join(import.meta.dirname, '../bin/mnist-onnx.js');
    expect(() =>
      execFileSync('bash', ['-c', shell, process.execPath, program], {
        cwd,
        stdio: 'pipe',
        encoding: 'utf8',
      }),
    ).toThrow(/mnist-onnx: cannot write to standard output: the disk is full\n$/);
  });
});

/** A file system of 1 MB, where this process may mount one. */
function mountTiny(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function canMountTiny(): boolean {
  if (!isRoot || process.platform !== 'linux') return false;
  const probe = mkdtempSync(join(tmpdir(), 'mnist-onnx-mount-'));
  const mounted = mountTiny(probe);
  if (mounted) execFileSync('umount', [probe]);
  rmdirSync(probe);
  return mounted;
}

describe.skipIf(!canMountTiny())('a full disk (needs the right to mount one)', () => {
  async function fullDisk(cwd: string): Promise<string> {
    const disk = join(cwd, 'disk');
    await mkdir(disk);
    mountTiny(disk);
    onTestFinished(() => void execFileSync('umount', [disk]));
    await writeFile(join(disk, 'fill'), Buffer.alloc(1 << 20)).catch(() => {});
    return disk;
  }

  test.each([
    ['train', trainInto('disk/model', '--epochs', '1')],
    ['infer', ['infer', 'in', '--output', 'disk/out.csv', '--format', 'csv']],
    ['eval', ['eval', '--dataset', 'data', '--results-dir', 'disk', '--no-pictures']],
    ['export', ['export', 'disk/out.onnx', '--limit', '6', '--dataset', 'digits']],
  ])('is one sentence of %s, which leaves nothing behind', async (_, args) => {
    const cwd = await workplace();
    const disk = await fullDisk(cwd);
    const { status, stderr } = await run(args, { cwd });
    expect(stderr).toMatch(/mnist-onnx: cannot write .*disk.*: the disk is full\n/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(1);
    expect((await readdir(disk, { recursive: true })).filter((name) => !/^(fill|model)$/.test(name))).toEqual(
      [],
    );
  });
});

describe.skipIf(!isRoot)('a user of no name (needs the right to become one)', () => {
  const nobody = { uid: 54_321, gid: 54_321 };

  test('without a home folder can read digits', async () => {
    const cwd = await workplace();
    const model = ['--model', 'mnist_cnn.onnx'];
    execFileSync('chmod', ['-R', 'a+rX', cwd]);
    const { status, stdout } = await run(['infer', 'in', '--quiet', ...model], {
      cwd,
      ...nobody,
      env: { HOME: undefined },
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('middle')]);
  });

  test('without a home folder is told what is ready', async () => {
    const cwd = await workplace();
    execFileSync('chmod', ['-R', 'a+rX', cwd]);
    const { stdout, stderr } = await run(['doctor'], { cwd, ...nobody, env: { HOME: undefined } });
    expect(stderr).not.toContain('unexpected error');
    expect(stdout).toContain('onnxruntime-node');
  });

  test.each([
    ['train', train('--epochs', '1')],
    ['infer', ['infer', 'in', '--output', 'out.csv']],
    ['eval', ['eval', '--dataset', 'data', '--no-pictures']],
  ])('who may not write to the folder gets one sentence of %s', async (_, args) => {
    const cwd = await workplace();
    execFileSync('chmod', ['-R', 'a+rX,go-w', cwd]);
    const { status, stderr } = await run(args, { cwd, ...nobody });
    expect(stderr).toMatch(/mnist-onnx: cannot write .*: permission denied\n/);
    expect(status).toBe(1);
  });
});

test('neither a temporary folder nor a cache is needed', async () => {
  const cwd = await workplace();
  const env = { TMPDIR: join(cwd, 'none'), MNIST_ONNX_CACHE: join(cwd, 'in/a.png/cache') };
  const { status } = await run(train('--epochs', '1'), { cwd, env });
  expect(status).toBe(0);
  expect((await run(['infer', 'in', '--quiet'], { cwd, env })).status).toBe(0);
});
