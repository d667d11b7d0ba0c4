import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { classify } from '../../core/classify.js';
import { maxAbsDifference } from '../../core/metrics.js';
import { MNIST_PREPROCESSING } from '../../core/model-info.js';
import { silentReporter } from '../reporter.js';
import {
  createNodeSession,
  createWebSession,
  hasCudaProvider,
  openModel,
  resolveModelPath,
} from './index.js';

const feeds = {
  input: {
    type: 'float32',
    shape: [2, 1, 28, 28],
    data: Float32Array.from({ length: 1568 }, (_, i) => (i % 97) / 97),
  },
} as const;

const reporter = (lines: string[]) => ({ ...silentReporter, note: (line: string) => void lines.push(line) });

describe('sessions', () => {
  test('onnxruntime-node and onnxruntime-web give the same ports and answers', async () => {
    const sessions = [
      await createNodeSession(tinyModel(), { device: 'cpu' }),
      await createWebSession(tinyModel()),
    ];
    const [node, web] = await Promise.all(sessions.map((session) => session.run(feeds)));
    expect(sessions.map(({ device }) => device)).toEqual(['cpu', 'wasm']);
    for (const { inputs, outputs, runtime } of sessions) {
      expect(inputs).toEqual([{ name: 'input', type: 'float32', shape: ['N', 1, 28, 28] }]);
      expect(outputs).toEqual([{ name: 'logits', type: 'float32', shape: ['N', 3] }]);
      expect(runtime).toMatch(/^onnxruntime-(node|web) \d+\.\d+/);
    }
    expect(node!.logits!.shape).toEqual([2, 3]);
    expect(
      maxAbsDifference(node!.logits!.data as Float32Array, web!.logits!.data as Float32Array),
    ).toBeLessThan(1e-5);
    for (const session of sessions) await session.release();
  });

  test('a batch dimension without a name is open in both, and takes any number of images', async () => {
    const info = { classes: ['left', 'middle', 'right'], preprocessing: MNIST_PREPROCESSING };
    for (const create of [createNodeSession, createWebSession]) {
      const session = await create(tinyModel({ input: ['', 1, 28, 28] }));
      expect(session.inputs[0]!.shape).toEqual(['', 1, 28, 28]);
      expect(await classify(session, info, new Uint8Array(3 * 784))).toMatchObject({ count: 3 });
      await session.release();
    }
  });

  test('bytes that are no model are refused in one sentence', async () => {
    const noise = Uint8Array.from({ length: 64 }, (_, i) => i * 31);
    for (const create of [createNodeSession, createWebSession]) {
      const error = await create(noise).catch((e: Error) => e);
      expect(error).toMatchObject({
        name: 'UserError',
        message: expect.stringContaining('cannot load the model'),
      });
      expect((error as Error).message).not.toContain('\n');
    }
  });

  test.skipIf(hasCudaProvider())('cuda where there is none fails and says what to do', async () => {
    await expect(createNodeSession(tinyModel(), { device: 'cuda' })).rejects.toMatchObject({
      message: expect.stringContaining('no CUDA provider'),
      hint: expect.stringContaining('setup --cuda'),
    });
  });
});

describe('the model that is used', () => {
  const home = process.cwd();
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    process.chdir(folder);
  });
  afterEach(() => process.chdir(home));

  test('the given one first, then ./mnist_cnn.onnx, then models/mnist_cnn.onnx', async () => {
    await mkdir('models');
    await writeFile('models/mnist_cnn.onnx', '');
    expect(resolveModelPath().path).toBe('models/mnist_cnn.onnx');
    await writeFile('mnist_cnn.onnx', '');
    expect(resolveModelPath().path).toBe('mnist_cnn.onnx');
    expect(resolveModelPath('other.onnx').path).toBe('other.onnx');
  });

  test('a name is sought here and in models before it is one that comes along', async () => {
    await mkdir('models');
    await writeFile('models/mnist_cnn.onnx', '');
    for (const name of ['mnist_cnn', 'mnist_cnn.onnx'])
      expect(resolveModelPath(name)).toEqual({ path: 'models/mnist_cnn.onnx', isShipped: false });
    await writeFile('mnist_cnn.onnx', '');
    for (const name of ['mnist_cnn', 'mnist_cnn.onnx'])
      expect(resolveModelPath(name)).toEqual({ path: 'mnist_cnn.onnx', isShipped: false });
  });

  test('without one, the deep one that comes along; others that do by their names', () => {
    expect(resolveModelPath()).toMatchObject({
      path: expect.stringMatching(/mnist_deep\.onnx$/),
      isShipped: true,
    });
    for (const name of ['mnist_deep_int8', 'mnist_cnn.onnx'])
      expect(resolveModelPath(name)).toMatchObject({
        path: expect.stringContaining('pretrained'),
        isShipped: true,
      });
    expect(resolveModelPath('mnist_huge')).toEqual({ path: 'mnist_huge', isShipped: false });
    expect(resolveModelPath('elsewhere/mnist_cnn.onnx').path).toBe('elsewhere/mnist_cnn.onnx');
  });

  test('it says which, and on what it runs, and reads the classes from the file', async () => {
    await writeFile('mnist_cnn.onnx', tinyModel());
    const lines: string[] = [];
    const model = await openModel({ device: 'cpu', reporter: reporter(lines) });
    expect(lines).toEqual([
      expect.stringMatching(/^model: mnist_cnn\.onnx, onnxruntime-node [\d.]+ on CPU$/),
    ]);
    expect(model.info.classes).toEqual(['left', 'middle', 'right']);
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    await model.session.release();
  });

  test.each([
    ['a missing file', undefined, /cannot read the model .*x\.onnx: it does not exist/],
    ['an empty file', new Uint8Array(0), /x\.onnx is an empty file/],
    ['a web page', Buffer.from('<!doctype html><html></html>'), /x\.onnx is no ONNX model/],
    ['a model cut off', tinyModel().subarray(0, 4000), /x\.onnx (is no ONNX model|cannot be loaded)/],
    // A node that is longer than the graph that it stands in.
    [
      'a model damaged within its graph',
      Uint8Array.of(0x08, 10, 0x42, 2, 0x10, 21, 0x3a, 2, 0x0a, 99),
      /x\.onnx is no ONNX model, or a damaged one/,
    ],
    [
      'a model of other images',
      tinyModel({ input: ['N', 3, 32, 32] }),
      /x\.onnx does not fit: .*"input" float32 \[N, 3, 32, 32\], not one float32 or uint8 input \[N, 1, 28, 28\]/,
    ],
    [
      'a model of other classes than it says',
      tinyModel({ classes: ['a', 'b'] }),
      /x\.onnx does not fit: .*"logits" float32 \[N, 3\], not \[N, 2\]/,
    ],
  ])('%s is one sentence', async (_, bytes, message) => {
    const path = join(folder, 'x.onnx');
    if (bytes) await writeFile(path, bytes);
    const error = await openModel({ model: path, reporter: silentReporter }).catch((e: Error) => e);
    expect(error).toMatchObject({ name: 'UserError', hint: expect.any(String) });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
  });
});
