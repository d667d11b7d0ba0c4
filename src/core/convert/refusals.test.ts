import { describe, expect, it } from 'vitest';
import { chain, tf } from '../../../test/convert/parity.js';
import { chainOf, graphOf, inner, joined, problemsOf } from '../../../test/convert/topologies.js';
import { saveToArtifacts } from './artifacts.js';
import { convertArtifacts, convertLayersModel } from './index.js';

const LAYERS: readonly [string, object, string][] = [
  [
    'Reshape',
    chainOf([6], ['Reshape', { target_shape: [-1, -1] }]),
    'its target shape has more than one unknown dimension',
  ],
  [
    'Reshape',
    chainOf([6], ['Reshape', { target_shape: [4] }]),
    'its target shape [4] has another size than its input [6]',
  ],
  [
    'Permute',
    chainOf([3, 4], ['Permute', { dims: [1, 1] }]),
    "its dims [1,1] are no permutation of its input's axes",
  ],
  ['RepeatVector', chainOf([3, 4], ['RepeatVector', { n: 2 }]), 'its input has 3 dimensions, not 2'],
  ['ELU', chainOf([3], ['ELU', { alpha: 2 }]), 'tfjs itself has no ELU with an alpha other than 1'],
  [
    'Conv1D',
    chainOf([4, 3], ['Conv1D', { filters: 1, kernel_size: 2, data_format: 'channels_first' }]),
    'tfjs mixes up the axes of a Conv1D with channels_first',
  ],
  [
    'Conv2DTranspose',
    chainOf([4, 4, 1], ['Conv2DTranspose', { filters: 1, kernel_size: 2, padding: 'causal' }]),
    'tfjs itself does not implement causal padding',
  ],
  ['Concatenate', joined([[3], [3]], 'Concatenate', { axis: 2 }), 'its inputs have no axis 2'],
  ['Cropping2D', chainOf([4, 4, 1], ['Cropping2D', { cropping: 2 }]), 'it cuts away the whole image'],
  [
    'BatchNormalization',
    chainOf([null, 3], ['BatchNormalization', { axis: 1 }]),
    'it needs to know the size of its axis',
  ],
  [
    'LayerNormalization',
    chainOf([4, 4, 2], ['UpSampling2D', { size: 1 }], ['LayerNormalization', { axis: [1, 3] }]),
    'the order of its axes changes with the layout of the graph',
  ],
  ['Add', joined([[3]], 'Add'), 'it merges fewer than two inputs'],
  ['Add', joined([[3], [4]], 'Add'), 'its inputs do not fit each other: [N,3], [N,4]'],
  ['Concatenate', joined([[3]], 'Concatenate'), 'it joins fewer than two inputs'],
  [
    'Concatenate',
    joined([[3], [3]], 'Concatenate', { axis: -2 }),
    'tfjs takes every negative axis for the last one; write it positive',
  ],
  ['Dot', joined([[3], [3], [3]], 'Dot', { axes: 1 }), 'it takes two inputs'],
  ['Dot', joined([[3, 3, 3], [3]], 'Dot', { axes: 1 }), 'tfjs itself has Dot for 2D and 3D inputs only'],
  ['Dense', joined([[3], [3]], 'Dense', { units: 2 }), 'it takes one input, not 2'],
  [
    'TimeDistributed',
    chainOf([5, 4, 4, 1], ['TimeDistributed', { layer: inner('Resizing', { height: 2, width: 2 }) }]),
    'its Resizing: tfjs itself reports a wrong shape for it, so that no model runs on from it',
  ],
  [
    'TimeDistributed',
    chainOf([5, 3], ['TimeDistributed', { layer: chainOf([3], ['Mine']) }]),
    'TimeDistributed/Mine: tfjs-layers 4.22 has no such layer',
  ],
  [
    'TimeDistributed',
    chainOf([5, 3], ['TimeDistributed', { layer: chainOf([3], ['ELU', { alpha: 2 }]) }]),
    'its inner model is not converted',
  ],
];

it.each(LAYERS)('%s %# that cannot be honoured is named with the reason', (className, topology, reason) => {
  expect(problemsOf(topology)).toContainEqual({ layer: className, className, reason });
});

describe('a model as a whole is refused', () => {
  const relu = chainOf([3], ['ReLU']);
  const circle = graphOf([[3]], ['ReLU', {}, ['Softmax']], ['Softmax', {}, ['ReLU']]);
  const noInput = graphOf([[3]], ['ReLU', {}, ['input0']]);
  noInput.config.input_layers = [['ReLU', 0, 0]];

  it.each<[string, Parameters<typeof convertArtifacts>, object]>([
    [
      'that is a graph model',
      [{ format: 'graph-model', modelTopology: {} }],
      { message: 'this is a TensorFlow.js graph model, which has no layers any more' },
    ],
    [
      'that runs in a circle',
      [{ modelTopology: circle }],
      { message: 'the model topology has a circle through the layer Softmax' },
    ],
    [
      'whose input is another layer',
      [{ modelTopology: noInput }],
      { message: "the model topology's input ReLU is no InputLayer" },
    ],
    [
      'of two inputs where pixels are wanted',
      [{ modelTopology: joined([[3], [3]], 'Add') }, { input: 'uint8' }],
      { message: 'only a model with one input can take uint8 pixels', exitCode: 2 },
    ],
  ])('%s', (_, [artifacts, options], error) => {
    expect(() => convertArtifacts(artifacts, options)).toThrow(
      expect.objectContaining({ name: 'UserError', ...error }),
    );
    expect(() => convertArtifacts({ modelTopology: relu })).not.toThrow();
  });

  it('that does not save itself', async () => {
    await expect(convertLayersModel({ save: async () => ({}) })).rejects.toThrow(
      'the model did not save itself',
    );
  });
});

it('weights in several pieces are the same weights', async () => {
  const artifacts = await saveToArtifacts(chain([2], tf.layers.dense({ units: 2 })));
  const whole = artifacts.weightData as ArrayBuffer;
  const weightData = [whole.slice(0, 8), whole.slice(8, 9), whole.slice(9)];
  expect(convertArtifacts({ ...artifacts, weightData }).bytes).toEqual(convertArtifacts(artifacts).bytes);
});
