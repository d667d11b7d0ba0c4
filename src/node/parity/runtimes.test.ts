import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { chromiumPath } from '../../../test/browser.js';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { whyMissing } from '../../../test/why-missing.js';
import { maxAbsDifference } from '../../core/metrics.js';
import { softmaxRows } from '../../core/softmax.js';
import { PRETRAINED_DIR } from '../paths.js';
import { silentReporter } from '../reporter.js';
import { hasCudaProvider, openModel } from '../runtime/index.js';
import { encodeModel } from '../train/model-files.js';
import type { RuntimeContext } from './runtime-scores.js';
import { runRuntime } from './runtimes.js';

const images = tinyDataset({ test: 300 }).test;
/** The tiny model's logits, by hand: a fifth of the ink in each band of eight columns. */
const expected = Float32Array.from({ length: images.count * 3 }, (_, i) => {
  const [image, band] = [Math.floor(i / 3), i % 3];
  const pixels = images.pixels.subarray(image * 784, (image + 1) * 784);
  return (
    0.2 * pixels.reduce((ink, p, at) => (Math.floor(((at % 28) - 2) / 8) === band ? ink + p / 255 : ink), 0)
  );
});

beforeAll(() => tf.setBackend('cpu'));
// An empty cache: tfjs runs on WASM, whatever this machine has.
beforeEach(async () => void vi.stubEnv('MNIST_ONNX_CACHE', await temporaryFolder()));
afterEach(() => void vi.unstubAllEnvs());

/** The tiny model in a file of that name, with the tfjs model that it could have been made of in a folder. */
async function context(
  name: string,
  tfjsFolder: string,
  { network = tinyNetwork(), onnx = tinyModel() } = {},
): Promise<RuntimeContext> {
  const folder = await temporaryFolder();
  const path = join(folder, name);
  const { modelJson, weights, weightsSha256 } = await encodeModel(network);
  const record = await readFile(join(PRETRAINED_DIR, 'mnist_cnn/training.json'), 'utf8');
  const files = {
    'model.json': modelJson,
    'weights.bin': weights,
    'training.json': JSON.stringify({ ...JSON.parse(record), weightsSha256 }),
  };
  await mkdir(join(folder, tfjsFolder));
  await writeFile(path, onnx);
  for (const [file, content] of Object.entries(files))
    await writeFile(join(folder, tfjsFolder, file), content);
  const model = await openModel({ model: path, device: 'cpu', reporter: silentReporter });
  onTestFinished(() => model.session.release());
  return { model, images, softwareLimit: 10, browser: chromiumPath, reporter: silentReporter };
}

function tinyNetwork(inputShape: number[] = [28, 28, 1]): tf.Sequential {
  const dense = tf.layers.dense({ units: 3, activation: 'softmax' });
  const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape }), dense] });
  const size = inputShape.reduce((product, n) => product * n);
  const kernel = Float32Array.from({ length: size * 3 }, (_, i) =>
    Math.floor(((Math.floor(i / 3) % 28) - 2) / 8) === i % 3 ? 0.2 : 0,
  );
  dense.setWeights([tf.tensor(kernel, [size, 3]), tf.zeros([3])]);
  return model;
}

const noChromium = chromiumPath ? '' : ' (skipped: no Chromium; set CHROMIUM_PATH)';

describe.each([
  ['node', /^onnxruntime-node [\d.]+ on CPU$/, [256, 300]],
  ['wasm', /^onnxruntime-web [\d.]+ on WASM, in Node$/, [256, 300]],
  // A page answers once, with all.
  ['browser-wasm', /^onnxruntime-web [\d.]+ on WASM, in Chrome/, []],
  ['tfjs', /^tfjs [\d.]+ on WASM/, [250, 300]],
] as const)('%s', (name, description, parts) => {
  const skip = name === 'browser-wasm' ? noChromium : '';

  it.skipIf(skip)(
    `gives the logits that can be worked out by hand, and tells as each part is done${skip}`,
    async () => {
      const done: number[] = [];
      const onProgress = (count: number) => void done.push(count);
      const scores = await runRuntime(name, { ...(await context('tiny.onnx', 'tiny')), onProgress });
      expect(done).toEqual(parts);
      expect(scores.description).toMatch(description);
      expect(scores.processor).toBe('cpu');
      expect(scores.logits).toHaveLength(expected.length);
      expect(maxAbsDifference(scores.logits!, expected)).toBeLessThan(1e-4);
      for (let i = 0; i < 3; i++)
        expect(scores.probabilities.slice(i * 3, i * 3 + 3).reduce((sum, p) => sum + p)).toBeCloseTo(1, 5);
    },
  );

  it.skipIf(skip || parts.length === 0)(`stops at a signal that comes on the way${skip}`, async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('enough'));
    const running = { ...(await context('tiny.onnx', 'tiny')), onProgress, signal: controller.signal };
    await expect(runRuntime(name, running)).rejects.toThrow('enough');
  });

  it.skipIf(skip)(`gives probabilities before they are calibrated${skip}`, async () => {
    for (const output of ['logits', 'probabilities'] as const) {
      const { model, ...tiny } = await context('tiny.onnx', 'tiny', { onnx: tinyModel({ output }) });
      const info = { ...model.info, confidence: { temperature: 2, minProbability: 0.5, minEvidence: 0 } };
      const scores = await runRuntime(name, { ...tiny, model: { ...model, info } });
      expect(maxAbsDifference(scores.probabilities, softmaxRows(expected, 3))).toBeLessThan(1e-5);
      // The network in tfjs is the same, whatever the ONNX file gives of it.
      if (output === 'probabilities' && name !== 'tfjs') expect(scores.logits).toBeUndefined();
    }
  });

  it.skipIf(skip)(`does not begin after the signal${skip}`, async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(runRuntime(name, { ...(await context('tiny.onnx', 'tiny')), signal })).rejects.toThrow(
      'enough',
    );
  });
});

it.skipIf(hasCudaProvider())('cuda without its provider is missing, with what to do', async () => {
  expect(await whyMissing(runRuntime('cuda', await context('tiny.onnx', 'tiny')))).toBe(
    'onnxruntime-node has no CUDA provider here (mnist-onnx setup --cuda)',
  );
});

describe('the tfjs model', () => {
  it.each([
    ['a smaller ONNX file', 'tiny_fp16.onnx', 'tiny'],
    ['one of eight bits', 'tiny-int8.onnx', 'tiny'],
  ])('of %s is the one of its name without the precision', async (_, name, folder) => {
    const { probabilities } = await runRuntime('tfjs', await context(name, folder));
    expect(probabilities).toHaveLength(900);
  });

  it('can be named', async () => {
    const tiny = await context('tiny.onnx', 'elsewhere');
    const named = { ...tiny, tfjsModel: join(tiny.model.path, '../elsewhere') };
    expect((await runRuntime('tfjs', named)).logits).toHaveLength(900);
  });

  it('that is not there is missing', async () => {
    expect(await whyMissing(runRuntime('tfjs', await context('tiny.onnx', 'elsewhere')))).toMatch(
      /^there is no tfjs model at .*tiny \(name it with --tfjs\)$/,
    );
  });

  it('of other inputs than digits is none of this', async () => {
    const tiny = await context('tiny.onnx', 'tiny', { network: tinyNetwork([28, 14, 1]) });
    expect(await whyMissing(runRuntime('tfjs', tiny))).toMatch(/tiny takes no 28x28 images$/);
  });

  it('that has learnt on since the export is another one', async () => {
    const { model, ...tiny } = await context('tiny.onnx', 'tiny');
    const trained = { ...model, info: { ...model.info, testAccuracy: 0.5 } };
    expect(await whyMissing(runRuntime('tfjs', { ...tiny, model: trained }))).toMatch(
      /tiny was trained anew since the ONNX file was made of it$/,
    );
  });
});
