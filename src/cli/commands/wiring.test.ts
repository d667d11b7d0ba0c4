import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { runBenchmark } from '../../node/benchmark/benchmark.js';
import { serveDemo } from '../../node/demo/serve-demo.js';
import { setupCuda } from '../../node/tensorflow/setup/cuda.js';
import { setupTensorFlow } from '../../node/tensorflow/setup/setup.js';
import { runTraining } from '../../node/train/run.js';
import { parseCommandLine } from '../parse.js';
import { loadCommands } from './index.js';

// What takes long or reaches outside; the commands' own work is what they hand on and what they print.
vi.mock('../../node/train/run.js', () => ({ runTraining: vi.fn() }));
vi.mock('../../node/demo/serve-demo.js', () => ({ serveDemo: vi.fn() }));
vi.mock('../../node/tensorflow/setup/setup.js', () => ({ setupTensorFlow: vi.fn() }));
vi.mock('../../node/tensorflow/setup/cuda.js', () => ({ setupCuda: vi.fn() }));
vi.mock('../../node/benchmark/benchmark.js', () => ({ runBenchmark: vi.fn() }));
vi.mock('../../node/benchmark/draw-benchmark.js', () => ({
  drawBenchmark: () => '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>',
}));

let printed: string[];
let notes: string[];
const stdout = () => printed.join('');
beforeEach(() => {
  vi.clearAllMocks();
  [printed, notes] = [[], []];
});

async function run(...argv: string[]): Promise<number | undefined> {
  const { command, options } = parseCommandLine(argv, { commands: await loadCommands([]), version: '0' })!;
  return command.run(options, {
    stdout: { write: (text: string) => void printed.push(text) } as never,
    reporter: { note: (line) => notes.push(line), warn() {}, progress: () => ({ update() {}, end() {} }) },
    signal: new AbortController().signal,
  });
}

describe('train', () => {
  const score = { loss: 0.1, accuracy: 0.9934 };
  const record = {
    test: score,
    validation: score,
    bestEpoch: 2,
    history: [1, 2, 3],
    dataset: { name: 'mnist' },
  };
  const ended = (interrupted: boolean, changes: object = {}) => {
    const source = { dataset: 'mnist' };
    const outcome = {
      record,
      interrupted,
      resumable: true,
      source,
      results: ['history.csv'],
      resultsMissing: false,
    };
    vi.mocked(runTraining).mockResolvedValue({ ...outcome, ...changes } as never);
  };

  it('hands on what is given, and nothing else', async () => {
    ended(false);
    await run('train', '--epochs', '3', '--arch', 'mlp', '--augment', '--backend', 'wasm', '--no-pictures');
    const options = vi.mocked(runTraining).mock.calls[0]![0];
    const given = Object.entries(options.given).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(given)).toEqual({ epochs: 3, arch: 'mlp', augment: 1 });
    expect(options).toMatchObject({ backend: 'wasm', resume: false, pictures: false });
    expect(stdout()).toBe('test accuracy 99.34% on mnist (epoch 2 of 3, the best by validation: 99.34%)\n');
    expect(notes.join('\n')).toMatch(/results: history\.csv\nnext: +mnist-onnx export mnist_mlp\.onnx$/);
  });

  it('says how to go on after an interruption', async () => {
    ended(true);
    await run('train', '--model-dir', 'mine', '--json');
    expect(JSON.parse(stdout())).toMatchObject({ interrupted: true, modelDir: 'mine' });
    expect(notes).toEqual(['interrupted; go on with: mnist-onnx train --resume --model-dir mine']);
  });

  it('names again, for a shell, what the checkpoint does not hold', async () => {
    ended(true);
    await run(
      ...['train', '--model-dir', 'my models', '--results-dir', 'my results', '--tensorboard', 'board'],
      ...['--backend', 'wasm', '--no-pictures'],
    );
    const quote = process.platform === 'win32' ? '"' : "'";
    expect(notes).toEqual([
      'interrupted; go on with: mnist-onnx train --resume --model-dir "my models" --results-dir "my results" --tensorboard board --backend wasm --no-pictures'.replaceAll(
        '"',
        quote,
      ),
    ]);
  });

  it('recommends no checkpoint that is not there', async () => {
    ended(true, { record: undefined, resumable: false, results: [] });
    await run('train');
    expect([stdout(), notes]).toEqual(['', ['interrupted: nothing was trained yet']]);
  });

  it('tells of a finished training whose confidence or pictures were not waited for', async () => {
    ended(false, { resultsMissing: true });
    await run('train');
    expect(stdout()).toMatch(/^test accuracy 99.34%/);
    expect(notes).toEqual([
      'model:   models/mnist_cnn\nresults: history.csv',
      'interrupted; left to do: its confidence, its pictures; go on with: mnist-onnx train --resume',
      'next:    mnist-onnx export mnist_cnn.onnx',
    ]);
    const confidence = { temperature: 1, minProbability: 0.5, minEvidence: 0 };
    ended(false, { resultsMissing: true, record: { ...record, confidence } });
    await run('train');
    expect(notes.at(-2)).toMatch(/^interrupted; left to do: its pictures; go on with/);
  });

  it("names a folder of the user's own in what comes next, and keeps fine-tuned models apart", async () => {
    ended(false);
    await run('train', '--model-dir', 'deep/inside/mine');
    expect(notes.at(-1)).toMatch(/export mine\.onnx --model deep\/inside\/mine$/);
    await run('train', '--init', 'models/mnist_cnn');
    expect(vi.mocked(runTraining).mock.calls[1]![0]).toMatchObject({ init: 'models/mnist_cnn' });
    expect(vi.mocked(runTraining).mock.calls[1]![0].modelDir).toMatch(/mnist_tuned$/);
  });

  it('names the data in what comes next: those that were given, or those of the run that was resumed', async () => {
    const quote = process.platform === 'win32' ? '"' : "'";
    ended(false, { source: { dataset: '/letters' } });
    await run('train', '--dataset', 'my letters', '--data-dir', 'data');
    expect(notes.at(-1)).toMatch(
      `export mnist_cnn.onnx --dataset ${quote}my letters${quote} --data-dir data`,
    );
    await run('train', '--resume');
    expect(notes.at(-1)).toMatch(/export mnist_cnn\.onnx --dataset \/letters$/);
  });
});

describe('setup', () => {
  const ready = { backend: 'native', version: '2.21.0', steps: [] } as const;

  it('says what is ready', async () => {
    vi.mocked(setupTensorFlow).mockResolvedValue(ready as never);
    await run('setup');
    expect(stdout()).toBe('TensorFlow is ready: native 2.21.0\n');
    expect(setupCuda).not.toHaveBeenCalled();
  });

  it('--cuda adds the provider, and --json tells of both', async () => {
    vi.mocked(setupTensorFlow).mockResolvedValue(ready as never);
    vi.mocked(setupCuda).mockResolvedValue('installed');
    await run('setup', '--cuda', '--json');
    expect(JSON.parse(stdout())).toMatchObject({ backend: 'native', cuda: 'installed' });
  });

  it('a dry run that finds something to do prints no result, and is one of CUDA too', async () => {
    vi.mocked(setupTensorFlow).mockResolvedValue(undefined as never);
    await run('setup', '--dry-run', '--cuda');
    expect(stdout()).toBe('');
    expect(setupCuda).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ dryRun: true }));
  });
});

it('demo prints the address alone on stdout', async () => {
  vi.mocked(serveDemo).mockImplementation(async ({ onReady, port }) => onReady(`http://127.0.0.1:${port}/`));
  expect(await run('demo', '--port', '5000', '--isolate')).toBe(0);
  expect(stdout()).toBe('http://127.0.0.1:5000/\n');
  expect(serveDemo).toHaveBeenCalledWith(expect.objectContaining({ host: '127.0.0.1', isolate: true }));
});

it('benchmark as JSON fails where a runtime failed, and draws a PNG', async () => {
  vi.mocked(runBenchmark).mockResolvedValue({ rows: [], passed: false } as never);
  const plot = join(await temporaryFolder(), 'speed.png');
  expect(await run('benchmark', '--duration', '0.25', '--json', '--plot', plot)).toBe(1);
  expect(JSON.parse(stdout())).toEqual({ rows: [], passed: false });
  expect((await readFile(plot)).subarray(1, 4).toString()).toBe('PNG');
  expect(runBenchmark).toHaveBeenCalledWith(expect.objectContaining({ durationMs: 250 }));
});
