import { readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../src/core/random.js';
import { checkpointPath, loadCheckpoint } from '../src/node/train/checkpoint.js';
import { type RunningCommand, startCommand } from './command.js';
import { tinyDataset, writeIdxFolder } from './tiny-dataset.js';
import { temporaryFolder } from './tiny-model.js';

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
  await writeIdxFolder(join(folder, 'data'), tinyDataset({ train: 15, test: 6 }));
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

  test(`${KILLS} times: its checkpoint is whole, and going on ends as if nothing had happened`, async () => {
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
  }, 600_000);
});
