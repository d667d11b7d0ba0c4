import { describe, expect, test } from 'vitest';
import { classifierPorts, classify } from './classify.js';
import { MNIST_PREPROCESSING } from './model-info.js';
import type { InferenceSession, Tensor, TensorInfo } from './session.js';
import { softmaxRows } from './softmax.js';

const info = { classes: ['a', 'b'], preprocessing: MNIST_PREPROCESSING };
const input: TensorInfo = { name: 'input', type: 'float32', shape: ['N', 1, 28, 28] };
const table = (name: string, classes: number | string = 2): TensorInfo => ({
  name,
  type: 'float32',
  shape: ['N', classes],
});

/** A session whose logits are the first and the second pixel; it keeps the batches that it was given. */
function fakeSession(
  options: { inputs?: TensorInfo[]; outputs?: TensorInfo[]; probabilities?: boolean } = {},
) {
  const batches: Tensor[] = [];
  const session: InferenceSession = {
    inputs: options.inputs ?? [input],
    outputs: options.outputs ?? [table('logits')],
    async run(feeds, outputs) {
      const tensor = feeds.input!;
      batches.push(tensor);
      const rows = tensor.shape[0]!;
      const data = new Float32Array(rows * 2);
      for (let row = 0; row < rows; row++) {
        const [first, second] = [Number(tensor.data[784 * row]), Number(tensor.data[784 * row + 1])];
        data.set([first, options.probabilities ? 1 - first : second], 2 * row);
      }
      return { [outputs![0]!]: { type: 'float32', shape: [rows, 2], data } };
    },
    async release() {},
  };
  return { session, batches };
}

/** Images whose first pixels are given. */
function images(...firstPixels: number[]): Uint8Array {
  const pixels = new Uint8Array(784 * firstPixels.length);
  for (const [i, value] of firstPixels.entries()) pixels[784 * i] = value;
  return pixels;
}

describe('classify', () => {
  test('scales pixels, cuts them into batches and keeps the order', async () => {
    const { session, batches } = fakeSession();
    const result = await classify(session, info, images(0, 51, 255), { batchSize: 2 });
    expect(batches.map(({ shape }) => shape)).toEqual([
      [2, 1, 28, 28],
      [1, 1, 28, 28],
    ]);
    expect(Array.from(result.logits)).toEqual([0, 0, Math.fround(0.2), 0, 1, 0]);
    expect(result.probabilities[4]! / result.probabilities[5]!).toBeCloseTo(Math.E, 5);
  });

  test.each([0, 1, 2, 3])('scales every pixel, be they %i bytes off in their memory', async (offset) => {
    const { session, batches } = fakeSession();
    const all = new Uint8Array(offset + 2 * 784);
    const pixels = all.subarray(offset);
    for (let i = 0; i < pixels.length; i += 13) pixels[i] = 1 + (i % 255);
    await classify(session, info, pixels, { batchSize: 2 });
    const scaled = Float32Array.from(pixels, (value) => value * info.preprocessing.scale);
    expect(batches[0]!.data).toEqual(scaled);
  });

  test('gives the pixels as they are to a model that takes uint8', async () => {
    const { session, batches } = fakeSession({ inputs: [{ ...input, type: 'uint8' }] });
    const result = await classify(session, info, images(0, 51, 255));
    expect(batches[0]).toMatchObject({ type: 'uint8', shape: [3, 1, 28, 28] });
    expect(Array.from(result.logits)).toEqual([0, 0, 51, 0, 255, 0]);
  });

  test('fills up the last batch of a model that takes one size only', async () => {
    const fixed = { ...input, shape: [4, 1, 28, 28] };
    const { session, batches } = fakeSession({ inputs: [fixed] });
    const result = await classify(session, info, images(255, 255, 255, 255, 51));
    expect(batches.map(({ shape }) => shape[0])).toEqual([4, 4]);
    expect(result.logits).toHaveLength(10);
    expect(result.logits[8]).toBeCloseTo(0.2);
  });

  test('takes an output of probabilities as it is, by its name or by its values', async () => {
    for (const name of ['probabilities', 'output_0']) {
      const { session } = fakeSession({ outputs: [table(name)], probabilities: true });
      const result = await classify(session, info, images(51));
      expect(result.probabilities[0]).toBeCloseTo(0.2);
      expect(result.logits[0]).toBeCloseTo(Math.log(0.2));
    }
  });

  test('takes an image for the same alone and among others, also where a row is not quite probabilities', async () => {
    const { session: exact } = fakeSession({ outputs: [table('output_0')], probabilities: true });
    // Rounded, as int8 has them: two rows of the three do not add up to 1.
    const run: InferenceSession['run'] = async (feeds, outputs) => {
      const { output_0 } = await exact.run(feeds, outputs);
      const exactly = output_0!.data as Float32Array;
      const data = exactly.map((p) => Math.round(50 * p) / 50 + 1e-7);
      for (let row = 0; row < data.length; row += 2) if (data[row]! < 0.5) data[row]! += 0.02;
      return { output_0: { ...output_0!, data } };
    };
    const session = { ...exact, run };
    const together = await classify(session, info, images(26, 51, 255));
    const alone = [26, 51, 255].map((pixel) => classify({ ...exact, run }, info, images(pixel)));
    for (const [i, { probabilities }] of (await Promise.all(alone)).entries())
      expect(together.probabilities.slice(2 * i, 2 * i + 2)).toEqual(probabilities);
    expect(together.probabilities[0]).toBeCloseTo(0.12);
    expect(together.probabilities[5]).toBeCloseTo(0);
  });

  test('takes an output of another name for logits where a row is no probabilities', async () => {
    const outputs = [table('output_0')];
    for (const [first, second] of [
      [51, 51],
      [255, 51],
    ] as const) {
      const pixels = images(first);
      pixels[1] = second;
      const { logits } = await classify(fakeSession({ outputs }).session, info, pixels);
      expect(Array.from(logits)).toEqual([first, second].map((p) => Math.fround(p / 255)));
    }
    // A negative value too, though the row adds up to 1.
    const negative = { ...info, preprocessing: { ...MNIST_PREPROCESSING, scale: -1 } };
    const pixels = images(1);
    const { logits } = await classify(
      fakeSession({ outputs, probabilities: true }).session,
      negative,
      pixels,
    );
    expect(Array.from(logits)).toEqual([-1, 2]);
  });

  test('reads logits where a model gives both', async () => {
    const { session } = fakeSession({ outputs: [table('probabilities'), table('logits')] });
    expect(classifierPorts(session, info)).toMatchObject({ output: 'logits', outputKind: 'logits' });
  });

  test.each([
    ['fewer rows than images', [1, 2], '"logits" [1, 2] for 3 images, not [3, 2]'],
    ['more classes than it names', [3, 4], '"logits" [3, 4] for 3 images, not [3, 2]'],
    ['a row more than it is given', [4, 2], '"logits" [4, 2] for 3 images, not [3, 2]'],
  ])('a model that gives %s is refused with the shape that it gave', async (_, shape, found) => {
    const data = new Float32Array(shape[0]! * shape[1]!);
    const run = async () => ({ logits: { type: 'float32' as const, shape, data } });
    const session = { ...fakeSession({ outputs: [table('logits', 'K')] }).session, run };
    await expect(classify(session, info, images(1, 2, 3))).rejects.toThrow(`the model gives ${found}`);
  });

  test('no images give no rows', async () => {
    const { session, batches } = fakeSession();
    expect((await classify(session, info, new Uint8Array(0))).count).toBe(0);
    expect(batches).toHaveLength(0);
  });
});

test.each([0, -1, 1.5, Number.NaN])('a batch of %d images is refused', async (batchSize) => {
  await expect(classify(fakeSession().session, info, images(1), { batchSize })).rejects.toThrow(
    `a batch holds 1 image or more, not ${batchSize}`,
  );
});

test('pixels that are no whole images are refused', async () => {
  await expect(classify(fakeSession().session, info, new Uint8Array(785))).rejects.toThrow(
    '785 pixels are no whole number of 28x28 images',
  );
});

describe('a model that does not fit is refused with the shape found', () => {
  test.each([
    [{ ...input, shape: ['N', 28, 28, 1] }, '"input" float32 [N, 28, 28, 1]'],
    [{ ...input, shape: [1, 3, 224, 224] }, '[1, 3, 224, 224]'],
    [{ ...input, type: 'int32' }, 'int32 [N, 1, 28, 28]'],
    [{ ...input, shape: ['N', 784] }, '[N, 784]'],
  ])('input %o', (wrong, found) => {
    const { session } = fakeSession({ inputs: [wrong] });
    expect(() => classifierPorts(session, info)).toThrow(found);
    expect(() => classifierPorts(session, info)).toThrow('not one float32 or uint8 input [N, 1, 28, 28]');
  });

  test.each([
    [{ inputs: [] }, 'the model takes no input, not one'],
    [{ inputs: [{ ...input, shape: [-1, 1, 14, ''] }] }, '"input" float32 [?, 1, 14, ?]'],
    [{ outputs: [] }, 'the model gives no output, not [N, 2]'],
    [{ outputs: [{ ...table('boxes'), shape: ['N', 4, 2] }] }, '"boxes" float32 [N, 4, 2], not [N, 2]'],
  ])('%o', (wrong, found) => {
    expect(() => classifierPorts(fakeSession(wrong).session, info)).toThrow(found);
  });

  test('two inputs', () => {
    const { session } = fakeSession({ inputs: [input, { ...input, name: 'mask' }] });
    expect(() => classifierPorts(session, info)).toThrow('"mask"');
  });

  test('another number of classes', () => {
    const { session } = fakeSession({ outputs: [table('logits', 1000)] });
    expect(() => classifierPorts(session, info)).toThrow('"logits" float32 [N, 1000], not [N, 2]');
  });
});

test('softmax of large logits is no NaN', () => {
  expect(Array.from(softmaxRows(new Float32Array([1000, 1000, -1000, 1000]), 2))).toEqual([0.5, 0.5, 0, 1]);
});
