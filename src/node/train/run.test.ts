import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadTestTensorFlow, testBackend } from '../../../test/tensorflow.js';
import { tinyDataset, writeIdxFolder } from '../../../test/tiny-dataset.js';
import { drawDigitOnCanvas } from '../../core/dataset/synthetic/index.js';
import { UserError } from '../../core/errors.js';
import { createRandom } from '../../core/random.js';
import { parseTrainingRecord } from '../../core/training-record.js';
import { type Reporter, silentReporter } from '../reporter.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { type RunTrainingOptions, runTraining } from './run.js';

let tf: TensorFlow;
let folder: string;
beforeAll(async () => {
  tf = (await loadTestTensorFlow()).tf;
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'train-'));
  await writeIdxFolder(join(folder, 'places'), tinyDataset());
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...parts: string[]) => join(folder, ...parts);
const read = (...parts: string[]) => readFile(at(...parts), 'utf8');
const given = { epochs: 2, batchSize: 16, seed: 7 };

function run(options: Partial<RunTrainingOptions> = {}) {
  return runTraining({
    given,
    resume: false,
    dataset: at('places'),
    backend: testBackend,
    modelDir: at('model'),
    resultsDir: at('results'),
    pictures: false,
    reporter: silentReporter,
    ...options,
  });
}

/** A run that gets a Ctrl-C at the end of an epoch. */
function runUntilEpoch(epoch: number, options: Partial<RunTrainingOptions> = {}) {
  const controller = new AbortController();
  return run({
    reporter: listen((line) => line.startsWith(`epoch ${epoch}`) && controller.abort()),
    signal: controller.signal,
    ...options,
  });
}
const runOneEpoch = () => runUntilEpoch(1);

/** A reporter that hands on every line. */
function listen(hear: (line: string) => void): Reporter {
  const progress = (label: string) => ({
    update() {},
    end: (detail?: string) => hear(`${label}: ${detail}`),
  });
  return { note: hear, warn: (line) => hear(`warning: ${line}`), progress };
}

describe('what a run writes', () => {
  test('pictures of what the model does on the test images, of which it tells the paths', async () => {
    const { results } = await run({ pictures: true });
    const drawn = (await readdir(at('results'))).filter((name) => name.endsWith('.png'));
    expect(drawn).toEqual(
      expect.arrayContaining(['confusion_matrix.png', 'predictions.png', 'filters.png', 'saliency.png']),
    );
    expect(results.filter((path) => path.endsWith('.png')).sort()).toEqual(
      drawn.sort().map((name) => at('results', name)),
    );
  });

  test('a model that tfjs loads, its record, its history and its pictures, and nothing half made', async () => {
    const { record, interrupted } = await run({ tensorboard: at('board') });
    expect(interrupted).toBe(false);
    expect((await readdir(at('model'))).sort()).toEqual([
      'checkpoint.bin',
      'model.json',
      'training.json',
      'weights.bin',
    ]);
    expect((await readdir(at('results'))).sort()).toEqual([
      'history.csv',
      'loss_and_accuracy_plot.png',
      'sample_digits.png',
    ]);
    expect((await readdir(at('board'))).sort()).toEqual(['test', 'train', 'validation']);
    expect(parseTrainingRecord(await read('model', 'training.json'), 'x')).toEqual(record);
    expect(record).toMatchObject({
      config: given,
      dataset: { name: 'places', classes: ['left', 'middle', 'right'] },
      split: { training: 81, validation: 9, test: 24 },
      versions: { 'mnist-onnx': expect.stringMatching(/^\d+\.\d+/), '@tensorflow/tfjs': expect.any(String) },
      finished: true,
    });
    const { modelTopology, weightsManifest } = JSON.parse(await read('model', 'model.json'));
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: new Uint8Array(await readFile(at('model', 'weights.bin'))).buffer,
      }),
    );
    expect(model.outputShape).toEqual([null, 3]);
    expect(model.countParams()).toBe(record!.parameterCount);
    model.dispose();
  });

  test('equal runs write equal files, byte for byte', async () => {
    await run();
    await run({ modelDir: at('model2'), resultsDir: at('results2') });
    expect(await read('results2', 'history.csv')).toBe(await read('results', 'history.csv'));
    expect(await read('model2', 'model.json')).toBe(await read('model', 'model.json'));
    expect(await read('model2', 'training.json')).toBe(await read('model', 'training.json'));
    const [rows] = [(await read('results', 'history.csv')).trim().split('\n')];
    expect(rows.length).toBe(3);
    expect(rows[1]).toMatch(/^1,0\.\d+,(\d\.\d{6},){6}[01],places,[0-9a-f]{64}$/);
  });
});

describe('a run that was stopped', () => {
  test('goes on with its own options and data, and ends as if it had not been stopped', async () => {
    await run({ modelDir: at('whole'), resultsDir: at('whole-results') });
    const stopped = await runOneEpoch();
    expect(stopped).toMatchObject({ interrupted: true, resumable: true });
    expect(stopped.record).toMatchObject({ finished: false, bestEpoch: 1 });
    const lines: string[] = [];
    await run({ resume: true, given: {}, dataset: undefined, reporter: listen((line) => lines.push(line)) });
    expect(lines[0]).toMatch(/^going on in epoch 2 of 2/);
    expect(await read('results', 'history.csv')).toBe(await read('whole-results', 'history.csv'));
    expect(await read('model', 'training.json')).toBe(await read('whole', 'training.json'));
  });

  test('is not overwritten without a word', async () => {
    await runOneEpoch();
    const lines: string[] = [];
    await run({ reporter: listen((line) => lines.push(line)) });
    expect(lines[0]).toMatch(/^warning: .* holds a run interrupted in epoch 2: .*--resume/);
  });

  test('before its first step leaves the model and the checkpoint that stood there', async () => {
    await run();
    const files = () => Promise.all(['training.json', 'checkpoint.bin'].map((name) => read('model', name)));
    const before = await files();
    const controller = new AbortController();
    controller.abort();
    const stopped = await run({ signal: controller.signal, given: { ...given, seed: 8 } });
    // The checkpoint is another run's.
    expect(stopped).toMatchObject({ interrupted: true, record: undefined, resumable: false });
    expect(await files()).toEqual(before);
  });

  test('is not continued on other data', async () => {
    await runOneEpoch();
    await writeIdxFolder(at('others'), tinyDataset({ seed: 2 }));
    await expect(run({ resume: true, given: {}, dataset: at('others') })).rejects.toThrow(
      /the run to resume was trained on places \(sha256 .{8}\), which is not this others/,
    );
  });

  test('is not continued with other options', async () => {
    await runOneEpoch();
    await expect(run({ resume: true, given: { lr: 0.5 } })).rejects.toThrow(/other options: --lr 0.5/);
  });
});

test('the bar of an epoch ends where training fails', async () => {
  const ends: unknown[] = [];
  const update = () => {
    throw new Error('the terminal is gone');
  };
  const progress = () => ({ update, end: (detail?: string) => void ends.push(detail) });
  await expect(run({ reporter: { ...silentReporter, progress } })).rejects.toThrow('the terminal is gone');
  expect(ends).toEqual(['failed']);
});

test('a finished run that waits for no more has its model, and resuming does the rest', async () => {
  const { record, interrupted, results, resultsMissing } = await runUntilEpoch(2, { pictures: true });
  expect({ interrupted, resultsMissing }).toEqual({ interrupted: false, resultsMissing: true });
  expect(record).toMatchObject({ finished: true });
  expect(record!.confidence).toBeUndefined();
  expect(parseTrainingRecord(await read('model', 'training.json'), 'x')).toEqual(record);
  expect(results).toContain(at('results', 'history.csv'));
  const resumed = await run({ resume: true, given: {}, pictures: true });
  expect(resumed.results).toContain(at('results', 'confusion_matrix.png'));
  expect(resumed.record!.confidence).toBeDefined();
  expect(resumed.resultsMissing).toBe(false);
});

test('a finished run has nothing to resume, and stays as it is', async () => {
  await run();
  const before = await read('model', 'training.json');
  const lines: string[] = [];
  await run({ resume: true, given: {}, reporter: listen((line) => lines.push(line)) });
  expect(lines[0]).toMatch(/^nothing is left to train/);
  expect(await read('model', 'training.json')).toBe(before);
});

test('resuming without a checkpoint says so', async () => {
  await expect(run({ resume: true })).rejects.toThrow(/cannot read the checkpoint .*: it does not exist/);
});

test('a damaged checkpoint says so', async () => {
  await run({ given: { ...given, epochs: 1 } });
  await writeFile(at('model', 'checkpoint.bin'), 'nonsense');
  await expect(run({ resume: true })).rejects.toThrow(/the checkpoint .* is damaged/);
});

test.each(['modelDir', 'resultsDir', 'tensorboard'] as const)(
  'a %s that cannot be written is reported before anything is loaded',
  async (option) => {
    await writeFile(at('file'), '');
    const lines: string[] = [];
    const dataset = at('no such data');
    const failed = run({
      [option]: at('file', 'inside'),
      dataset,
      reporter: listen((line) => lines.push(line)),
    });
    await expect(failed).rejects.toThrow(/^cannot write .*file.inside/);
    expect(lines).toEqual([]);
  },
);

test.each([
  ['modelDir', 'training.json'],
  ['resultsDir', 'history.csv'],
] as const)(
  'a folder in %s where %s is to stand is reported before anything is loaded',
  async (option, name) => {
    await mkdir(at('taken', name), { recursive: true });
    const failed = run({ [option]: at('taken'), dataset: at('no such data') });
    await expect(failed).rejects.toThrow(`cannot write ${at('taken', name)}: it is a folder`);
  },
);

test('a model of other data is not overwritten without a word, one of the same is', async () => {
  const short = { ...given, epochs: 1 };
  await run({ given: short });
  await writeIdxFolder(at('others'), tinyDataset({ seed: 2 }));
  const warnings: string[] = [];
  const reporter = { ...silentReporter, warn: (line: string) => void warnings.push(line) };
  await run({ given: short, reporter });
  expect(warnings).toEqual([]);
  await run({ given: short, dataset: at('others'), reporter });
  expect(warnings).toEqual([
    `${at('model')} holds a model that was trained on places: this new run will overwrite it (--model-dir chooses another folder)`,
  ]);
});

test.each([
  ['an architecture', { given: { ...given, arch: 'big' } }],
  ['a model', { init: 'nope' }],
  ['a data set', { dataset: 'nope/nope' }],
  ['pictures', { images: 'nope' }],
])(
  '%s that is not there leaves no folders behind, and nothing is said to be overwritten',
  async (_, options) => {
    await runOneEpoch();
    const lines: string[] = [];
    const reporter = listen((line) => lines.push(line));
    await expect(run({ ...options, reporter })).rejects.toThrow(UserError);
    expect(lines.filter((line) => line.includes('overwrite'))).toEqual([]);
    const places = {
      modelDir: at('new', 'model'),
      resultsDir: at('new', 'results'),
      tensorboard: at('new', 'board'),
    };
    await expect(run({ ...options, ...places })).rejects.toThrow(UserError);
    expect((await readdir(folder)).sort()).toEqual(['model', 'places', 'results']);
  },
);

test('own images of other classes than the data set’s lead to --dataset, with or without a model', async () => {
  await mkdir(at('own', 'a'), { recursive: true });
  await expect(run({ images: at('own') })).rejects.toThrow(
    /"a" is none of the classes of the data set places$/,
  );
});

test('a recipe with drawn digits trains on other classes without them, and notes it', async () => {
  const notes: string[] = [];
  const deep = { ...given, arch: 'deep', epochs: 1, limit: 20 };
  const { record } = await run({ given: deep, reporter: listen((line) => notes.push(line)) });
  expect(record!.config).toMatchObject({ arch: 'deep', synthetic: 0, nonDigits: 0 });
  expect(notes.filter((note) => note.includes('drawn images'))).toEqual([
    'places is trained on without the drawn images that deep adds to the ten digits',
  ]);
  await expect(run({ given: { ...deep, synthetic: 0.5 } })).rejects.toThrow('drawn images can only be added');
});

describe('a network of the user’s own', () => {
  const layers = [
    { class_name: 'Flatten', config: { name: 'flat', batch_input_shape: [null, 28, 28, 1] } },
    { class_name: 'Dense', config: { name: 'out', units: 3, activation: 'softmax' } },
  ];
  const write = (json: unknown) => writeFile(at('net.json'), JSON.stringify(json));
  const arch = () => ({ ...given, arch: at('net.json') });

  test('is trained from a topology, the same for the same seed though it names none', async () => {
    await write({ class_name: 'Sequential', config: { name: 'mine', layers } });
    const first = await run({ given: arch() });
    const second = await run({ given: arch(), modelDir: at('again') });
    expect(first.record!.parameterCount).toBe(784 * 3 + 3);
    expect(first.record!.config).not.toHaveProperty('dropout');
    expect(second.record!.weightsSha256).toBe(first.record!.weightsSha256);
    const longer = { epochs: 3 };
    const resumed = await run({ given: longer, resume: true });
    expect(resumed.record!.history.slice(0, 2)).toEqual(first.record!.history);
  });

  test('is refused where it does not fit the data', async () => {
    await write({ class_name: 'Sequential', config: { name: 'mine', layers: layers.slice(0, 1) } });
    await expect(run({ given: arch() })).rejects.toThrow('net.json gives [N, 784], not the 3 classes [N, 3]');
  });

  test('is refused where the file cannot be read, or the name is of the table’s nor a file', async () => {
    await writeFile(at('net.json'), '{');
    await expect(run({ given: arch() })).rejects.toThrow('net.json: it is not JSON');
    await expect(run({ given: { ...given, arch: 'resnet' } })).rejects.toThrow(
      'there is no architecture resnet',
    );
    await expect(run({ given: arch(), init: at('model') })).rejects.toThrow(
      '--arch and --init exclude each other',
    );
  });
});

describe('options without an effect are refused, with exit status 2', () => {
  const refused = (options: Partial<RunTrainingOptions>) =>
    run(options).then(
      () => undefined,
      ({ message, exitCode }) => [message, exitCode],
    );

  test('dropout for a network that has its own', async () => {
    const sentence = (option: string) =>
      `--dropout and ${option} exclude each other: the network has the dropout of its layers`;
    expect(await refused({ given: { dropout: 0.5 }, init: 'mnist_cnn' })).toEqual([sentence('--init'), 2]);
    expect(await refused({ given: { dropout: 0.5, arch: at('net.json') } })).toEqual([
      sentence('--arch FILE.json'),
      2,
    ]);
  });

  test('gentle augmentation without augmentation', async () => {
    const sentence = '--refine-from has no effect without --augment';
    expect(await refused({ given: { ...given, refineFrom: 2 } })).toEqual([sentence, 2]);
    expect(await refused({ given: { refineFrom: 1 }, init: 'mnist_cnn' })).toEqual([sentence, 2]);
  });

  test('a model to go on from for a run that is resumed', async () => {
    const sentence = '--resume and --init exclude each other: the run to resume has its network';
    expect(await refused({ resume: true, init: at('nonexistent') })).toEqual([sentence, 2]);
  });
});

describe('going on from a trained model', () => {
  /** Five pictures of a written 0, 1 or 2 in each of the classes' folders. */
  async function writeImages() {
    for (const [digit, name] of ['left', 'middle', 'right'].entries()) {
      await mkdir(at('own', name), { recursive: true });
      for (let k = 0; k < 5; k++) {
        const box = { x: 20, y: 20, width: 40, height: 60 };
        const ink = drawDigitOnCanvas({ digit, random: createRandom(k), width: 80, height: 100, box });
        const raw = { width: ink.width, height: ink.height, channels: 1 as const };
        await sharp(
          ink.data.map((v) => 255 - v),
          { raw },
        )
          .png()
          .toFile(at('own', name, `${k}.png`));
      }
    }
  }

  test('starts with its weights, learns the user’s images too, and says how it reads them', async () => {
    const before = await run();
    await writeImages();
    const notes: string[] = [];
    const { record } = await run({
      given: {},
      init: at('model'),
      images: at('own'),
      modelDir: at('tuned'),
      reporter: listen((line) => notes.push(line)),
    });
    expect(record!.config).toMatchObject({ arch: 'cnn', epochs: 3, lr: 0.0005, refineFrom: 1 });
    // 81 of 90, and 13 or 14 of 15 own ones; the others validate.
    expect(record!.split.training + record!.split.validation).toBe(90 + 15);
    expect(record!.history[0]!.training.loss).toBeLessThan(before.record!.history[0]!.training.loss);
    expect(notes.find((note) => note.startsWith('your own images'))).toMatch(
      /^your own images, 2 of them kept back: \d right before, \d after$/,
    );
    expect(record!.dataset.sha256).not.toBe(before.record!.dataset.sha256);
    expect(record!.config).not.toHaveProperty('dropout');
    // The split stays the first run's, also for a third.
    expect(record!.config).toMatchObject({ seed: 1, splitSeed: 7 });
    expect(record!.dataset.baseSha256).toBe(before.record!.dataset.sha256);
    const third = await run({ given: { epochs: 1, seed: 2 }, init: at('tuned'), modelDir: at('third') });
    expect(third.record!.config).toMatchObject({ seed: 2, splitSeed: 7 });
    expect(third.record!.dataset).not.toHaveProperty('baseSha256');
  });
});
