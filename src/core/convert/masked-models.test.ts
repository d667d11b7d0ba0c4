import { expect, it } from 'vitest';
import { chain, checkParity, tf } from '../../../test/convert/parity.js';
import { chainOf, graphOf, problemsOf } from '../../../test/convert/topologies.js';

const { layers } = tf;
/** A sequence of which some steps are masked. */
const zeroOrOne = (random: () => number) => Math.floor(random() * 2);

it('the mask of whole numbers that are looked up is honoured', async () => {
  const input = tf.input({ shape: [6], dtype: 'int32' });
  const embedding = layers.embedding({ inputDim: 2, outputDim: 3, maskZero: true });
  const output = layers.lstm({ units: 2 }).apply(embedding.apply(input)) as tf.SymbolicTensor;
  await checkParity(tf.model({ inputs: input, outputs: output }), { input: zeroOrOne });
});

it('the mask goes on with the sequence of a layer, and not with its states', async () => {
  const input = tf.input({ shape: [6, 1] });
  const first = layers.lstm({ units: 2, returnSequences: true, returnState: true });
  const [sequence, ...states] = first.apply(layers.masking({}).apply(input)) as tf.SymbolicTensor[];
  const outputs = [
    layers.gru({ units: 2 }).apply(sequence!) as tf.SymbolicTensor,
    layers.add().apply(states) as tf.SymbolicTensor,
  ];
  await checkParity(tf.model({ inputs: input, outputs }), { input: zeroOrOne });
});

it('a mask beside layers that do not look at it changes nothing', async () => {
  await checkParity(chain([6, 1], layers.masking({}), layers.flatten(), layers.dense({ units: 2 })), {
    input: zeroOrOne,
  });
});

const masking = ['Masking', { mask_value: 0 }] as const;
it.each<[string, object, object]>([
  [
    'a softmax over it',
    chainOf([5, 3], masking, ['Softmax']),
    { layer: 'Softmax', className: 'Softmax', reason: 'a softmax over a masked sequence is not supported' },
  ],
  [
    'another input beside it',
    graphOf(
      [
        [5, 3],
        [5, 3],
      ],
      [...masking, ['input0']],
      ['Add', {}, ['Masking', 'input1']],
    ),
    { layer: 'Add', className: 'Add', reason: 'a mask on one of several inputs is not supported' },
  ],
  [
    'a nested model round its reader',
    chainOf([5, 3], masking, ['Sequential', chainOf([5, 3], ['LSTM', { units: 2 }]).config]),
    { layer: 'chain/LSTM', className: 'LSTM', reason: 'a mask inside a nested model is not supported' },
  ],
  [
    'a reader whose input has lost it',
    chainOf([5, 3], masking, ['Reshape', { target_shape: [3, 5] }], ['Softmax']),
    {
      layer: 'Softmax',
      className: 'Softmax',
      reason: 'tfjs hands it the mask of Masking, which its input has not',
    },
  ],
])('a mask with %s is refused', (_, topology, problem) => {
  expect(problemsOf(topology)).toEqual([problem]);
});

it('the mask that a nested model makes ends with it, as in tfjs, unless a Sequential model begins with that', async () => {
  const inner = () =>
    tf.sequential({
      layers: [layers.embedding({ inputDim: 2, outputDim: 3, maskZero: true, inputLength: 6 })],
    });
  const input = tf.input({ shape: [6] });
  const output = layers.lstm({ units: 2 }).apply(inner().apply(input)) as tf.SymbolicTensor;
  await checkParity(tf.model({ inputs: input, outputs: output }), { input: zeroOrOne });
  const lstm = () => layers.lstm({ units: 2 });
  await checkParity(tf.sequential({ layers: [inner(), lstm()] }), { input: zeroOrOne });
  const both = inner();
  both.add(lstm());
  await checkParity(tf.sequential({ layers: [both, layers.dense({ units: 2 })] }), { input: zeroOrOne });
});

it('the mask from before a nested model goes on behind it', async () => {
  const dense = tf.sequential({ layers: [layers.dense({ units: 3, inputShape: [6, 1] })] });
  await checkParity(chain([6, 1], layers.masking({}), dense as never, layers.gru({ units: 2 })), {
    input: zeroOrOne,
  });
});
