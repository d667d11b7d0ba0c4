import { describe, expect, it } from 'vitest';
import { convertLayer, refusalOf } from '../../../../test/convert/layer.js';
import { chain, checkParity, tf } from '../../../../test/convert/parity.js';
import { ACTIVATIONS } from '../../keras/activations.js';
import { convertLayersModel } from '../index.js';

/** tfjs spells activations in camel case; gelu_new is the exception. */
const tfjsName = (name: string) =>
  (name === 'gelu_new'
    ? name
    : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())) as 'relu';

describe.each(ACTIVATIONS)('activation %s', (name) => {
  it('in an Activation layer, on vectors and on images', async () => {
    await checkParity(chain([9], tf.layers.activation({ activation: tfjsName(name) })));
    const { ops } = await checkParity(
      chain(
        [4, 5, 2],
        tf.layers.conv2d({ filters: 3, kernelSize: 2 }),
        tf.layers.activation({ activation: tfjsName(name) }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
      ),
    );
    expect(ops).not.toContain('Transpose');
  });

  it('in a Dense layer, at the oldest and the newest opset', async () => {
    const model = chain([5], tf.layers.dense({ units: 4, activation: tfjsName(name) }));
    for (const opset of [18, 26]) await checkParity(model, { opset });
  });
});

const IMAGE = () => [tf.layers.conv2d({ filters: 3, kernelSize: 2 })];

describe.each([
  ['ReLU', () => tf.layers.reLU({})],
  ['ReLU with maxValue', () => tf.layers.reLU({ maxValue: 0.4 })],
  ['LeakyReLU', () => tf.layers.leakyReLU({})],
  ['LeakyReLU with alpha', () => tf.layers.leakyReLU({ alpha: 0.05 })],
  ['ELU', () => tf.layers.elu({})],
  ['ThresholdedReLU', () => tf.layers.thresholdedReLU({ theta: 0.5 })],
  ['PReLU', () => tf.layers.prelu({})],
  ['Softmax over the last axis', () => tf.layers.softmax({ axis: -1 })],
] as const)('%s', (_, make) => {
  it('on vectors, sequences and images', async () => {
    await checkParity(chain([6], make()));
    await checkParity(chain([4, 3], make()));
    const { ops } = await checkParity(
      chain([4, 5, 2], ...IMAGE(), make(), tf.layers.flatten(), tf.layers.dense({ units: 2 })),
    );
    expect(ops).not.toContain('Transpose');
  });
});

it('PReLU shares its alpha over axes', async () => {
  await checkParity(chain([4, 5, 2], ...IMAGE(), tf.layers.prelu({ sharedAxes: [1, 2] } as never)));
  await checkParity(chain([4, 5, 2], ...IMAGE(), tf.layers.prelu({ sharedAxes: [1] } as never)));
});

it('PReLU after flattening an image', async () => {
  await checkParity(
    chain([4, 5, 2], ...IMAGE(), tf.layers.flatten(), tf.layers.prelu({}), tf.layers.dense({ units: 2 })),
  );
});

it('Softmax layer: axis 1 by default, which tfjs computes for vectors only, and several axes', async () => {
  const ofImage = chain([4, 5, 2], ...IMAGE(), tf.layers.softmax({}));
  await expect(convertLayersModel(ofImage)).rejects.toThrow(
    /\(Softmax\): tfjs itself has a softmax over the last/,
  );
  await checkParity(chain([4], tf.layers.softmax({})));
  await checkParity(chain([4, 5, 2], ...IMAGE(), tf.layers.softmax({ axis: [1, 3] } as never)));
});

it('softmax over the channels of an image is over axis 1 of the graph', async () => {
  const { converted } = await checkParity(
    chain([4, 4, 2], ...IMAGE(), tf.layers.activation({ activation: 'softmax' })),
  );
  expect(converted.graph.nodes.at(-1)!.attributes).toEqual({ axis: { int: 1 } });
});

describe('the operators that a version of ONNX has', () => {
  it.each([
    [19, 'Gelu', false],
    [20, 'Gelu', true],
  ] as const)('in opset %i %s: %s', (opset, op, isThere) => {
    const { ops } = convertLayer('Activation', { activation: 'gelu' }, [['N', 3]], {}, opset);
    expect(ops.includes(op)).toBe(isThere);
  });

  it('what is not supported is refused with the reason', () => {
    expect(refusalOf('ELU', { alpha: 2 }, [['N', 3]])).toBe(
      'tfjs itself has no ELU with an alpha other than 1',
    );
    expect(refusalOf('Softmax', { axis: 1 }, [['N', 3, 4]])).toBe(
      'tfjs itself has a softmax over the last axis only',
    );
    expect(refusalOf('Softmax', { axis: 2 }, [['N', 3, 4]])).toBeUndefined();
  });

  it("PReLU's weight has the rank of the input without its batch", () => {
    expect(convertLayer('PReLU', {}, [['N', 3, 4]], { alpha: [1, 4] }).ops).toEqual(['PRelu']);
    expect(refusalOf('PReLU', {}, [['N', 3, 4]], { alpha: [4] })).toMatch('has the shape [4], not [3,4]');
    expect(refusalOf('PReLU', {}, [['N', 3, 4]], { alpha: [1, 2] })).toMatch(
      'has the shape [1,2], not [1,4]',
    );
    expect(refusalOf('PReLU', {}, [['N', 3, 4]])).toMatch('alpha is missing');
  });

  it('a softmax over several axes reduces them, in the order of the graph', () => {
    const over = (axis: number[], input: Parameters<typeof convertLayer>[2][0]) =>
      convertLayer('Softmax', { axis }, [input]);
    const plain = over([2, 1], ['N', 3, 4, 5]);
    expect(plain.constants['layer/axes']).toEqual([1, 2]);
    const [max, , , sum] = plain.nodes;
    expect([max, sum].map((node) => node!.attributes)).toEqual(new Array(2).fill({ keepdims: { int: 1 } }));
    expect(over([3, 1], { shape: ['N', 5, 3, 4], layout: 'NCHW' }).constants['layer/axes']).toEqual([1, 2]);
    expect(plain.output.shape).toEqual(['N', 3, 4, 5]);
  });
});
