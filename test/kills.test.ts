import { readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { DIGIT_CLASSES } from '../src/core/dataset/dataset.js';
import { createRandom, type Random } from '../src/core/random.js';
import { encodePng } from '../src/node/images/encode-png.js';
import { checkpointPath, loadCheckpoint } from '../src/node/train/checkpoint.js';
import { type RunningCommand, startCommand } from './command.js';
import { drawSeven } from './drawings.js';
import { tinyDataset, writeIdxFolder } from './tiny-dataset.js';
import { temporaryFolder, tinyModel } from './tiny-model.js';

/** How often `train` is killed; more by this variable of the environment. */
const KILLS = Number(process.env.MNIST_ONNX_KILLS ?? 20);
const EPOCHS = 8;
const MAX_DELAY_MS = 1500;
/** WASM is everywhere, and ready soonest. */
const backend = process.env.MNIST_ONNX_BACKEND ?? 'wasm';

const fresh = ['--dataset', 'data', '--batch-size', '8', '--seed', '7', '--epochs', String(EPOCHS)];
const train = (folder: string, args: readonly string[]) =>
  startCommand(['train', '--model-dir', 'model', '--no-pictures', '--backend', backend, ...args], {
    cwd: folder,
  });

/** A folder with a data set of a few images. */
async function workplace(): Promise<string> {
  const folder = await temporaryFolder();
  const dataset = tinyDataset({ train: 15, test: 6 });
  await writeIdxFolder(join(folder, 'data'), dataset);
  // What the model that comes with us can be compared on.
  await writeIdxFolder(join(folder, 'digits'), { ...dataset, classes: DIGIT_CLASSES });
  return folder;
}

/** Kills a command without warning: at a random moment, or while it has a file half written below `folder`. */
async function killSomewhen(command: RunningCommand, folder: string, random: Random): Promise<void> {
  if (random() < 0.5) await sleep(random() * MAX_DELAY_MS);
  else await partAppears(command, folder, Math.floor(random() * 4));
  command.child.kill('SIGKILL');
}

/** Resolves when `count` half-written files have been seen to come and go and another is there. */
async function partAppears(command: RunningCommand, folder: string, count: number): Promise<void> {
  const seen = new Set<string>();
  await until(command, () => {
    for (const name of namesIn(folder)) if (name.endsWith('.part')) seen.add(name);
    return seen.size > count;
  });
}

/** Looks as often as it can, so that short moments are met; a command that ends ends this too. */
async function until(command: RunningCommand, isTrue: () => boolean): Promise<void> {
  let hasEnded = false;
  command.ended.then(() => {
    hasEnded = true;
  });
  while (!hasEnded && !isTrue()) await nextTurn();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

describe('train, killed without warning at random moments', () => {
  const resultsOf = async (folder: string) => ({
    history: await readFile(join(folder, 'results/history.csv'), 'utf8'),
    record: await readFile(join(folder, 'model/training.json'), 'utf8'),
  });

  /** Kills one run `kills` times, or as often as it lets itself; in the end it ends. Gives its results. */
  async function killAndResume(kills: number, random: Random) {
    const folder = await workplace();
    const model = join(folder, 'model');
    let killed = 0;
    for (;;) {
      const before = await loadCheckpoint(model).catch(() => undefined);
      const command = train(folder, before ? ['--resume'] : fresh);
      if (killed < kills) {
        // From here on the run is under way; before, there is nothing to lose.
        await until(command, () => namesIn(model).some((name) => name.endsWith('.lock')));
        await killSomewhen(command, model, random);
      }
      const end = await command.ended;
      if (end !== 'SIGKILL') {
        expect(command.text.stderr).not.toMatch(/damaged|unexpected/);
        expect(end).toBe(0);
        break;
      }
      killed++;
      await expectWhole(model, before?.history.length ?? 0);
    }
    expect((await readdir(model)).filter((name) => name.startsWith('.'))).toEqual([]);
    return { killed, results: await resultsOf(folder) };
  }

  /** The checkpoint can be loaded, and no epoch that was done is lost. */
  async function expectWhole(model: string, epochsBefore: number): Promise<void> {
    const names = namesIn(model);
    if (names.includes('checkpoint.bin')) {
      const { history } = await loadCheckpoint(model);
      expect(history.length, checkpointPath(model)).toBeGreaterThanOrEqual(epochsBefore);
    } else expect(epochsBefore).toBe(0);
    if (names.includes('model.json')) JSON.parse(await readFile(join(model, 'model.json'), 'utf8'));
  }

  test(
    `${KILLS} times: its checkpoint is whole, and going on ends as if nothing had happened`,
    async () => {
      const seed = Number(process.env.MNIST_ONNX_KILL_SEED ?? 1);
      const { results: undisturbed } = await killAndResume(0, createRandom(seed));
      const lanes = [1, 2].map(async (lane) => {
        const random = createRandom(seed, lane);
        for (let left = Math.ceil(KILLS / 2); left > 0; ) {
          const { killed, results } = await killAndResume(left, random);
          expect(results).toEqual(undisturbed);
          left -= killed;
        }
      });
      await Promise.all(lanes);
    },
    60_000 + KILLS * 30_000,
  );
});

describe('a command that writes, killed while it does', () => {
  const output: [string, string[], string][] = [
    ['infer', ['infer', 'in', '--output', 'out/readings.csv', '--format', 'csv', '--quiet'], 'out'],
    ['eval', ['eval', '--dataset', 'data', '--results-dir', 'out', '--no-pictures'], 'out'],
    [
      'export',
      ['export', 'out/m.onnx', '--dataset', 'digits', '--limit', '6', '--results-dir', 'out'],
      'out',
    ],
  ];
  test.each(output)(
    '%s leaves each file whole or missing',
    async (_, args, out) => {
      const folder = await workplace();
      await writeFile(join(folder, 'mnist_cnn.onnx'), tinyModel());
      await mkdir(join(folder, 'in'));
      const image = drawSeven({
        width: 50,
        height: 60,
        box: { x: 10, y: 10, width: 26, height: 40 },
        pen: 5,
      });
      for (let i = 0; i < 9; i++) await writeFile(join(folder, 'in', `${i}.png`), await encodePng(image));
      expect(await startCommand(args, { cwd: folder }).ended).toBe(0);
      const whole = await filesIn(join(folder, out));
      for (const count of [0, 1]) {
        await rm(join(folder, out), { recursive: true });
        const command = startCommand(args, { cwd: folder });
        await partAppears(command, join(folder, out), count);
        command.child.kill('SIGKILL');
        await command.ended;
        const left = await filesIn(join(folder, out));
        for (const [name, bytes] of left) expect(bytes, name).toEqual(whole.get(name));
      }
      // The next run clears away what the killed ones left.
      expect(await startCommand(args, { cwd: folder }).ended).toBe(0);
      expect([...(await filesIn(join(folder, out), true)).keys()]).toEqual([...whole.keys()]);
    },
    600_000,
  );

  /** The files of a folder by name, without the time that metrics.json says it took; half-written ones are hidden. */
  async function filesIn(folder: string, hidden = false): Promise<Map<string, string>> {
    const files = new Map<string, string>();
    for (const name of namesIn(folder).sort()) {
      if (name.startsWith('.') && !hidden) continue;
      const text = await readFile(join(folder, name), 'latin1');
      files.set(name, /\.(json|html)$/.test(name) ? `ends in ${text.trimEnd().slice(-1)}` : text);
    }
    return files;
  }
});
