import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { randomizeWeights } from '../../../test/convert/parity.js';
import { tinyDataset, writeIdxFolder } from '../../../test/tiny-dataset.js';
import { UserError } from '../../core/errors.js';
import { fromMetadata } from '../../core/model-info.js';
import { readOnnx } from '../../core/onnx/index.js';
import { silentReporter } from '../reporter.js';
import { encodeModel } from '../train/model-files.js';
import { chooseCalibration } from './choose-samples.js';
import { convertSavedModel } from './convert-saved.js';
import { exportModel } from './export-model.js';
import { formatExport } from './format-export.js';
import type { AccuracyReport } from './precision.js';
import { writeReport } from './report.js';
import { readSavedModel } from './saved-model.js';

let folder: string;
const at = (...path: string[]) => join(folder, ...path);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
  // An empty cache: the comparison runs on WASM, whatever this machine has.
  process.env.MNIST_ONNX_CACHE = at('cache');
  await writeIdxFolder(at('places'), tinyDataset());
  await save('digits', digitNetwork());
});
afterAll(() => rm(folder, { recursive: true }));

function digitNetwork(): tf.Sequential {
  const layers = [
    tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 4, kernelSize: 5, strides: 2, name: 'conv' }),
    tf.layers.batchNormalization({ name: 'bn' }),
    tf.layers.reLU({ name: 'relu' }),
    tf.layers.maxPooling2d({ poolSize: 2, name: 'pool' }),
    tf.layers.flatten({ name: 'flatten' }),
    tf.layers.dense({ units: 3, activation: 'softmax', name: 'dense' }),
  ];
  return tf.sequential({ layers });
}

async function save(name: string, model: tf.LayersModel, record?: object, factor = 1): Promise<void> {
  randomizeWeights(model, 5);
  if (factor !== 1) model.setWeights(model.getWeights().map((weight) => tf.mul(weight, factor)));
  const { modelJson, weights, weightsSha256 } = await encodeModel(model as tf.Sequential);
  await mkdir(at(name), { recursive: true });
  await writeFile(at(name, 'model.json'), modelJson);
  await writeFile(at(name, 'weights.bin'), weights);
  if (record)
    await writeFile(at(name, 'training.json'), JSON.stringify({ ...RECORD, weightsSha256, ...record }));
}

const RECORD = {
  format: 1,
  dataset: { name: 'places', sha256: 'ab', classes: ['left', 'middle', 'right'] },
  split: { training: 90, validation: 10, test: 24 },
  backend: 'wasm',
  parameterCount: 2355,
  finished: true,
  history: [
    {
      epoch: 1,
      learningRate: 0.001,
      training: { loss: 0.3, accuracy: 0.85 },
      validation: { loss: 0.2, accuracy: 0.9 },
      test: { loss: 0.1, accuracy: 0.95 },
    },
  ],
  bestEpoch: 1,
  validation: { loss: 0.2, accuracy: 0.9 },
  test: { loss: 0.1, accuracy: 0.95 },
  config: {},
  versions: { '@tensorflow/tfjs': '4.22.0' },
};

const options = () => ({ atol: 1e-5, rtol: 1e-6, dataset: at('places'), reporter: silentReporter });

describe('exportModel', () => {
  it('compares on every test image and writes a file that readOnnx reads', async () => {
    const output = at('digits.onnx');
    const triton = at('repository');
    const result = await exportModel({ ...options(), model: at('digits'), output, triton });
    expect(result).toMatchObject({
      triton: { path: join(triton, 'digits'), version: 1 },
      inputs: [{ name: 'input', type: 'float32', shape: ['N', 1, 28, 28] }],
      outputs: [{ name: 'logits' }, { name: 'probabilities' }],
      verification: {
        passed: true,
        samples: { count: 24, isReal: true, description: '24 test images of places' },
        sameLabels: { count: 24, of: 24 },
      },
    });
    expect(
      readOnnx(await readFile(output))
        .nodes.map((node) => node.op)
        .join(' '),
    ).toBe('Conv Relu MaxPool Flatten Gemm Softmax');
    expect(formatExport(result)).toMatch(
      /labels: +the same on 24 of 24 \(100%\)\nTriton: .*digits, version 1\n$/,
    );
    expect(await readFile(at('repository/digits/1/model.onnx'))).toEqual(await readFile(output));
  });

  it('gives the logits under a softmax that other layers follow', async () => {
    const layers = [
      tf.layers.flatten({ inputShape: [28, 28, 1] }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
      tf.layers.dropout({ rate: 0.1 }),
    ];
    await save('dropped', tf.sequential({ layers }));
    const output = at('dropped.onnx');
    const result = await exportModel({ ...options(), model: at('dropped'), output, outputs: 'logits' });
    expect(result.outputs).toMatchObject([{ name: 'logits' }]);
    expect(result.verification).toMatchObject({
      passed: true,
      outputs: [{ name: 'softmax of logits' }],
      sameLabels: { count: 24, of: 24 },
    });
  });

  it('compares and reports a model in which no layer stands for itself', async () => {
    const input = tf.input({ shape: [28, 28, 1] });
    const inner = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [28, 28, 1] }),
        tf.layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    await save('nested', tf.model({ inputs: input, outputs: inner.apply(input) as tf.SymbolicTensor }));
    const report = at('nested.md');
    const exported = { ...options(), model: at('nested'), output: at('nested.onnx'), report };
    for (const outputs of ['both', 'logits'] as const)
      expect((await exportModel({ ...exported, outputs })).verification.passed).toBe(true);
    expect(await readFile(report, 'utf8')).toContain(
      'No layer is called exactly once outside a nested model.',
    );
  });

  it('writes what the training record says into the file', async () => {
    await save('recorded', digitNetwork(), {});
    await exportModel({ ...options(), model: at('recorded', 'model.json'), output: at('recorded.onnx') });
    const { metadata } = readOnnx(await readFile(at('recorded.onnx')));
    expect(fromMetadata(metadata)).toMatchObject({
      classes: ['left', 'middle', 'right'],
      dataset: { name: 'places', sha256: 'ab' },
      testAccuracy: 0.95,
      validationAccuracy: 0.9,
      versions: { '@tensorflow/tfjs': '4.22.0', 'mnist-onnx': expect.any(String) },
    });
  });

  it('warns of a data set that the model was not trained on, and refuses one of other classes', async () => {
    const warnings: string[] = [];
    const reporter = { ...silentReporter, warn: (line: string) => warnings.push(line) };
    const run = async (dataset: Partial<typeof RECORD.dataset>) => {
      await save('elsewhere', digitNetwork(), { dataset: { ...RECORD.dataset, ...dataset } });
      await exportModel({
        ...options(),
        reporter,
        model: at('elsewhere'),
        output: at('elsewhere.onnx'),
        precision: 'int8',
        maxDropPoints: 100,
      });
    };
    await run({ name: 'mnist' });
    expect(warnings).toEqual([
      `${at('elsewhere')} was trained on mnist, and is compared on places; its own data are --dataset mnist`,
    ]);
    await expect(run({ name: 'clothes', classes: ['shirt', 'shoe', 'coat'] })).rejects.toMatchObject({
      message: `${at('elsewhere')} was trained on clothes (shirt, shoe, coat), and places has other classes (left, middle, right)`,
      exitCode: 2,
    });
  });

  it('calibrates int8 on the data of the model, on others only where they or random inputs were named', async () => {
    await save('recorded', digitNetwork(), {});
    const saved = await readSavedModel(at('recorded'), silentReporter);
    const chosen = { dataset: tinyDataset(), isOwn: false, inputShapes: [[null, 28, 28, 1]] };
    const choose = (extra: object) =>
      chooseCalibration(
        saved,
        convertSavedModel(saved),
        { samples: undefined as never, ...chosen },
        {
          ...options(),
          precision: 'int8',
          ...extra,
        },
      );
    expect(() => choose({ dataset: 'auto' })).toThrow(
      `--precision int8 is calibrated on the data that ${at('recorded')} was trained on, which is not tiny`,
    );
    expect(choose({ dataset: at('places') }).description).toBe('90 training images');
    expect(choose({ dataset: 'auto', calibrationData: 'random' }).isReal).toBe(false);
  });

  it('leaves out a record of other weights, with a warning', async () => {
    await save('stale', digitNetwork(), { weightsSha256: 'other' });
    const warnings: string[] = [];
    const reporter = { ...silentReporter, warn: (line: string) => warnings.push(line) };
    await exportModel({ ...options(), reporter, model: at('stale'), output: at('stale.onnx') });
    expect(warnings).toEqual([expect.stringContaining('training.json is of other weights')]);
    expect(readOnnx(await readFile(at('stale.onnx'))).metadata.classes).toBeUndefined();
  });

  it('above --atol writes nothing, leaves the old file and names the first layer that differs', async () => {
    const output = at('kept.onnx');
    await writeFile(output, 'the old one');
    const failing = exportModel({ ...options(), model: at('digits'), output, atol: 0, rtol: 1e-12 });
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow(
      /differs from tfjs by .* on 24 test images of places, .* first layer that differs is conv \(Conv2D\)/,
    );
    expect(await readFile(output, 'utf8')).toBe('the old one');
    expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('compares uint8 input, a pinned batch, NHWC images and the class alone', async () => {
    for (const extra of [
      { input: 'uint8' },
      { batch: 5 },
      { layout: 'nhwc' },
      { outputs: 'class' },
    ] as const) {
      const output = at('variant.onnx');
      const { verification } = await exportModel({ ...options(), ...extra, model: at('digits'), output });
      expect(verification).toMatchObject({ passed: true, sameLabels: { count: 24, of: 24 } });
    }
  });

  it.each([
    { batch: 64, limit: 10, count: 10 },
    { batch: 1500, limit: undefined, count: 24 },
    { batch: 5, limit: 7, count: 7 },
  ])('compares $count images in a pinned batch of $batch, full or not', async ({ count, ...extra }) => {
    const output = at('pinned.onnx');
    const result = await exportModel({
      ...options(),
      ...extra,
      model: at('digits'),
      output,
      precision: 'int8',
      maxDropPoints: 100,
    });
    expect(result.verification).toMatchObject({ samples: { count }, sameLabels: { count, of: count } });
    const whole = await exportModel({
      ...options(),
      ...extra,
      batch: undefined,
      model: at('digits'),
      output,
      precision: 'int8',
      maxDropPoints: 100,
    });
    const { accuracy, calibration } = result.precision as AccuracyReport;
    expect(accuracy).toEqual((whole.precision as AccuracyReport).accuracy);
    expect(calibration?.data).toBe('90 training images');
  });

  it('compares every image with a model that has a batch size of its own, by the class alone too', async () => {
    const layers = [
      tf.layers.flatten({ batchInputShape: [7, 28, 28, 1] }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ];
    await save('batched', tf.sequential({ layers }));
    for (const outputs of ['auto', 'class'] as const) {
      const output = at('batched.onnx');
      const { verification } = await exportModel({ ...options(), outputs, model: at('batched'), output });
      expect(verification).toMatchObject({ passed: true, sameLabels: { count: 24, of: 24 } });
    }
  });

  it('proves nothing on a data set without test images, and calibrates nothing on one without training images', async () => {
    await writeIdxFolder(at('testless'), tinyDataset({ test: 0 }));
    await writeIdxFolder(at('trainless'), tinyDataset());
    for (const name of ['images-idx3', 'labels-idx1']) await rm(at('trainless', `train-${name}-ubyte.gz`));
    const run = (dataset: string) =>
      exportModel({
        ...options(),
        dataset: at(dataset),
        model: at('digits'),
        output: at('unproven.onnx'),
        precision: 'int8',
      });
    await expect(run('testless')).rejects.toThrow('t10k-images-idx3-ubyte.gz holds no images');
    await expect(run('trainless')).rejects.toThrow(
      '--precision int8 is calibrated on training images, and trainless has none',
    );
    await expect(access(at('unproven.onnx'))).rejects.toThrow();
  });

  it('checks models that take no digits on seeded random inputs, and says so', async () => {
    const inputs = [tf.input({ shape: [6, 5, 2], name: 'image' }), tf.input({ shape: [4], name: 'ids' })];
    const image = tf.layers
      .flatten()
      .apply(tf.layers.conv2d({ filters: 3, kernelSize: 2 }).apply(inputs[0]!));
    const ids = tf.layers
      .flatten()
      .apply(tf.layers.embedding({ inputDim: 6, outputDim: 2 }).apply(inputs[1]!));
    const joined = tf.layers.concatenate().apply([image, ids] as tf.SymbolicTensor[]);
    const outputs = ['a', 'b'].map(
      (name) => tf.layers.dense({ units: 2, name }).apply(joined) as tf.SymbolicTensor,
    );
    await save('two', tf.model({ inputs, outputs }));
    const result = await exportModel({ ...options(), model: at('two'), output: at('two.onnx') });
    expect(result.inputs.map((input) => input.name)).toEqual(['image', 'ids']);
    expect(result.outputs.map((output) => output.name)).toEqual(['a', 'b']);
    expect(result.verification.samples).toEqual({
      description: '32 random inputs (the model takes no 28x28 images)',
      count: 32,
      isReal: false,
    });
  });

  it('writes a report, layer by layer, of an export that passes and of one that fails', async () => {
    const run = (atol: number) =>
      exportModel({
        ...options(),
        model: at('digits'),
        output: at('r.onnx'),
        report: at('r.md'),
        atol,
        rtol: 0,
      });
    await run(1e-5);
    expect(await readFile(at('r.md'), 'utf8')).toMatch(
      /\| conv \| Conv2D \| \S+ \| \S+ \|\n\| bn \| BatchNormalization/,
    );
    const { verification, result } = JSON.parse(await readFile(at('r.json'), 'utf8'));
    expect(verification.layers.map((layer: { layer: string }) => layer.layer)).toEqual([
      'conv',
      'bn',
      'relu',
      'pool',
      'dense',
    ]);
    expect(result.output).toBe(at('r.onnx'));

    await expect(run(0)).rejects.toThrow(UserError);
    expect(await readFile(at('r.md'), 'utf8')).toMatch(
      /no file was written[\s\S]*\| conv \(the first that differs\) \|/,
    );
  });

  it('writes an infinite difference into the report as a word, which JSON has no number for', async () => {
    const found = { name: 'logits', maxDifference: Number.POSITIVE_INFINITY, maxValue: 2 };
    const verification = {
      samples: { description: '24 test images of places', count: 24, isReal: true },
      reference: 'tfjs',
      runtime: 'onnxruntime-node',
      atol: 1e-5,
      rtol: 0,
      passed: false,
      outputs: [found],
      sameLabels: undefined,
      layers: [],
      firstDifference: undefined,
    };
    const [, json] = await writeReport(at('infinite.md'), {
      model: 'm',
      output: 'm.onnx',
      opset: 21,
      verification,
      result: undefined,
    });
    expect(JSON.parse(await readFile(json!, 'utf8')).verification.outputs).toEqual([
      { ...found, maxDifference: 'Infinity' },
    ]);
  });

  it.each([
    ['NaN', 'auto', Number.NaN],
    ['NaN, the class alone', 'class', Number.NaN],
    ['infinite', 'auto', 1e38],
  ] as const)(
    'writes no model whose results are %s in tfjs itself, whatever --rtol accepts',
    async (_, outputs, factor) => {
      await save('diverged', digitNetwork(), {}, factor);
      const output = at('diverged.onnx');
      const failing = exportModel({ ...options(), outputs, rtol: 1, model: at('diverged'), output });
      await expect(failing).rejects.toThrow(
        'the model gives NaN or infinite numbers in tfjs itself, on 24 test images of places',
      );
      await expect(access(output)).rejects.toThrow();
    },
  );

  it.each(['fp16', 'int8'] as const)(
    'writes %s, with what it costs on the test images',
    async (precision) => {
      const output = at(`${precision}.onnx`);
      const result = await exportModel({
        ...options(),
        model: at('digits'),
        output,
        precision,
        maxDropPoints: 100,
      });
      expect(result.precision).toMatchObject({ precision, images: 24, dataset: 'places' });
      const { imagesPerSecond } = result.precision as AccuracyReport;
      expect(Math.min(imagesPerSecond.fp32, imagesPerSecond.reduced)).toBeGreaterThan(0);
      expect(result.sizeBytes).toBe((await readFile(output)).length);
      expect(formatExport(result)).toMatch(
        new RegExp(`precision: +${precision}: accuracy [\\d.]+% \\(fp32: [\\d.]+%\\)`),
      );
      const failing = exportModel({
        ...options(),
        model: at('digits'),
        output,
        precision,
        maxDropPoints: -1000,
      });
      await expect(failing).rejects.toThrow(
        new RegExp(`in ${precision} the model loses .* points of accuracy .*, more than --max-drop`),
      );
    },
  );

  it('writes fp16 without float32 inputs and outputs', async () => {
    const output = at('half.onnx');
    const { inputs, outputs, precision } = await exportModel({
      ...options(),
      model: at('digits'),
      output,
      precision: 'fp16',
      keepIoTypes: false,
      maxDropPoints: 100,
    });
    expect([...inputs, ...outputs].map(({ type }) => type)).toEqual(['float16', 'float16', 'float16']);
    expect(precision).toMatchObject({ measured: 'accuracy', images: 24 });
  });

  describe('models that no data set fits', () => {
    const embedding = () => {
      const ids = tf.input({ shape: [5], name: 'ids' });
      const found = tf.layers.embedding({ inputDim: 6000, outputDim: 3 }).apply(ids);
      const sequence = tf.layers.lstm({ units: 4 }).apply(found);
      return tf.model({
        inputs: ids,
        outputs: tf.layers.dense({ units: 2 }).apply(sequence) as tf.SymbolicTensor,
      });
    };
    const colours = () =>
      tf.sequential({
        layers: [
          tf.layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, activation: 'relu' }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 4, activation: 'softmax' }),
        ],
      });
    const run = (name: string, extra: Partial<Parameters<typeof exportModel>[0]>) =>
      exportModel({ ...options(), model: at(name), output: at(`${name}.onnx`), ...extra });

    beforeAll(async () => {
      await save('embedding', embedding());
      await save('colours', colours());
      await save('vector', tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] }));
    });

    it('writes fp16 and compares it with tfjs on random inputs, within 2^-7 of the largest value', async () => {
      for (const name of ['embedding', 'colours', 'vector']) {
        const result = await run(name, { precision: 'fp16' });
        expect(result.precision).toMatchObject({
          measured: 'difference',
          rtol: 2 ** -7,
          samples: { count: 32, isReal: false },
        });
        expect(formatExport(result)).toMatch(
          /fp16: \d+% of the size, differs .* \(accepted .*\).*, on 32 random inputs/,
        );
      }
    });

    it('keeps inputs of whole numbers, which half precision has up to 2048 only, also without float32 ports', async () => {
      const { inputs, outputs } = await run('embedding', { precision: 'fp16', keepIoTypes: false });
      expect([...inputs, ...outputs].map(({ type }) => type)).toEqual(['float32', 'float16']);
    });

    it('writes no fp16 model whose numbers are too large for half precision', async () => {
      const large = tf.sequential({
        layers: [tf.layers.dense({ units: 2, inputShape: [3], name: 'large' })],
      });
      await save('large', large, undefined, 5e4);
      const failing = run('large', { precision: 'fp16', rtol: 1e-5 });
      await expect(failing).rejects.toThrow(
        /reaches -?\d{5,} on 32 random inputs .*, more than fp16 holds \(65504\)/,
      );
      await expect(readFile(at('large.onnx'))).rejects.toThrow('ENOENT');
    });

    it('calibrates int8 on random inputs only where that was asked for', async () => {
      const warnings: string[] = [];
      const reporter = { ...silentReporter, warn: (line: string) => warnings.push(line) };
      await expect(run('colours', { precision: 'int8' })).rejects.toThrow(
        'calibrated on training images, and there are none for a model that takes input float32[N, 3, 8, 8]',
      );
      const result = await run('colours', { precision: 'int8', calibrationData: 'random', reporter });
      expect(result.precision).toMatchObject({
        measured: 'difference',
        rtol: undefined,
        calibration: { method: 'minmax', data: '128 random inputs' },
      });
      expect(warnings).toEqual([expect.stringContaining('what it costs on your own data is not known')]);
      const ops = readOnnx(await readFile(at('colours.onnx'))).nodes.map((node) => node.op);
      expect(ops).toContain('QuantizeLinear');
    });

    it('compares a model that takes bytes on random bytes, and calibrates int8 on them', async () => {
      for (const precision of ['fp32', 'int8'] as const) {
        const extra = { input: 'uint8', precision, calibrationData: 'random' } as const;
        const { inputs, verification } = await run('colours', extra);
        expect(inputs).toMatchObject([{ type: 'uint8', shape: ['N', 3, 8, 8] }]);
        expect(verification).toMatchObject({ passed: true, samples: { count: 32, isReal: false } });
      }
    });

    it('refuses int8 for what is no image', async () => {
      await expect(run('vector', { precision: 'int8', calibrationData: 'random' })).rejects.toThrow(
        '--precision int8 is for models of images, and this one takes input float32[N, 3]',
      );
    });
  });

  it('gives the same bytes each time', async () => {
    for (const name of ['one.onnx', 'other.onnx'])
      await exportModel({ ...options(), model: at('digits'), output: at(name) });
    expect(await readFile(at('one.onnx'))).toEqual(await readFile(at('other.onnx')));
  });

  it.each([
    ['a folder that is not there', 'nowhere', /cannot read the model .*nowhere: it does not exist/],
    ['a folder without a model', 'places', /cannot read the model .*model.json: it does not exist/],
    ['something else than JSON', 'text/model.json', /is not JSON, so it is no tfjs model/],
    ['other JSON', 'json/model.json', /it has no modelTopology/],
    ['weights that are not there', 'bare', /cannot read the weights .*weights.bin: it does not exist/],
    ['weights that are cut off', 'cut', /the model's weights are damaged: .* ends at byte/],
  ])('says what is wrong: %s', async (_, model, message) => {
    const modelJson = await readFile(at('digits', 'model.json'));
    const files = {
      'text/model.json': 'hello',
      'json/model.json': '{}',
      'bare/model.json': modelJson,
      'cut/model.json': modelJson,
    };
    for (const [path, content] of Object.entries({ ...files, 'cut/weights.bin': 'short' })) {
      await mkdir(join(at(path), '..'), { recursive: true });
      await writeFile(at(path), content);
    }
    const failing = exportModel({ ...options(), model: at(model), output: at('never.onnx') });
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow(message);
    await expect(readFile(at('never.onnx'))).rejects.toThrow('ENOENT');
  });

  it("leaves the comparison of our trainer's model for the report, of others not", async () => {
    await save('recorded', digitNetwork(), {
      dataset: { ...RECORD.dataset, sha256: 'x' },
    });
    const resultsDir = at('results');
    await exportModel({ ...options(), model: at('digits'), output: at('one.onnx'), resultsDir });
    await expect(readFile(join(resultsDir, 'parity.json'))).rejects.toThrow('ENOENT');
    const { verification } = await exportModel({
      ...options(),
      model: at('recorded'),
      output: at('recorded.onnx'),
      resultsDir,
    });
    const sha256 = createHash('sha256')
      .update(await readFile(at('recorded.onnx')))
      .digest('hex');
    expect(JSON.parse(await readFile(join(resultsDir, 'parity.json'), 'utf8'))).toEqual({
      sha256,
      verification: JSON.parse(JSON.stringify(verification)),
    });
  });

  it('says that the file cannot be written before it compares anything', async () => {
    await mkdir(at('taken.onnx'));
    const progress = vi.fn(silentReporter.progress);
    const reporter = { ...silentReporter, progress };
    await expect(
      exportModel({ ...options(), reporter, model: at('digits'), output: at('taken.onnx') }),
    ).rejects.toThrow(/cannot write .*taken\.onnx: it is a folder/);
    expect(progress).not.toHaveBeenCalled();
  });

  it.each([
    ['the report', { report: 'file/r.md' }, /cannot write .*r\.md: a part of its path is not a folder/],
    ['its JSON', { report: 'half.md' }, /cannot write .*half\.json: it is a folder/],
    ['the repository', { triton: 'file' }, /cannot write .*file.*: a part of its path is not a folder/],
    ['its model', { triton: '' }, /cannot write .*probed.*: a part of its path is not a folder/],
    [
      'named results',
      { resultsDir: 'file' },
      /cannot write .*parity\.json: a part of its path is not a folder/,
    ],
  ])('says that %s cannot be written before it compares anything', async (_, places, message) => {
    await save('recorded', digitNetwork(), {});
    await mkdir(at('half.json'), { recursive: true });
    for (const name of ['file', 'probed']) await writeFile(at(name), '');
    const paths = Object.fromEntries(Object.entries(places).map(([key, path]) => [key, at(path)]));
    const progress = vi.fn(silentReporter.progress);
    const output = at('probed.onnx');
    const reporter = { ...silentReporter, progress };
    await expect(
      exportModel({ ...options(), ...paths, reporter, model: at('recorded'), output }),
    ).rejects.toThrow(message);
    expect(progress).not.toHaveBeenCalled();
    await expect(access(output)).rejects.toThrow();
  });

  it('only warns where the comparison has no place in the usual folder, which nobody named', async () => {
    await save('recorded', digitNetwork(), {});
    const warnings: string[] = [];
    const reporter = { ...silentReporter, warn: (line: string) => warnings.push(line) };
    const before = process.cwd();
    await mkdir(at('work/results/parity.json'), { recursive: true });
    process.chdir(at('work'));
    try {
      const given = { ...options(), reporter, model: at('recorded'), resultsDir: 'results' };
      await exportModel({ ...given, output: 'kept.onnx' });
    } finally {
      process.chdir(before);
    }
    expect(warnings).toEqual([
      `cannot write ${join('results', 'parity.json')}: it is a folder; the report of eval will not show the comparison`,
    ]);
    await access(at('work/kept.onnx'));
  });

  it('refuses an output that is no .onnx file', async () => {
    const failing = exportModel({ ...options(), model: at('digits'), output: at('digits') });
    await expect(failing).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/does not end in \.onnx/),
    });
  });

  it('refuses an output whose name is no folder of a repository, before anything is written', async () => {
    const [output, triton] = [at('none/.onnx'), at('none/repository')];
    const failing = exportModel({ ...options(), model: at('digits'), output, triton });
    await expect(failing).rejects.toThrow(`the output ${output} gives the model no name for --triton`);
    await expect(access(at('none'))).rejects.toThrow();
  });
});
