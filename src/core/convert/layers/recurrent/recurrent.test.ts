import { describe, expect, it } from 'vitest';
import { convertLayer, refusalOf } from '../../../../../test/convert/layer.js';
import { chain, checkParity, combinations, tf } from '../../../../../test/convert/parity.js';
import { convertLayersModel } from '../../index.js';

type Kind = 'simpleRNN' | 'lstm' | 'gru';
const KINDS: Kind[] = ['simpleRNN', 'lstm', 'gru'];
const OPS = { simpleRNN: 'RNN', lstm: 'LSTM', gru: 'GRU' };
const make = (kind: Kind, settings: object) =>
  tf.layers[kind]({ units: 3, ...settings } as never) as tf.layers.Layer;
const SEQUENCE = [5, 4];

/** A model with all outputs of a layer. */
function withOutputs(shape: number[], layer: tf.layers.Layer): tf.LayersModel {
  const input = tf.input({ shape });
  return tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor[] });
}

describe.each(KINDS)('%s', (kind) => {
  it.each(
    combinations({ returnSequences: [true, false], goBackwards: [true, false], useBias: [true, false] }),
  )('is one ONNX operator: %o', async (settings) => {
    const { ops } = await checkParity(chain(SEQUENCE, make(kind, settings)));
    expect(ops).toContain(OPS[kind]);
    expect(ops).not.toContain('Scan');
  });

  it.each(combinations({ returnSequences: [true, false], goBackwards: [true, false] }))(
    'runs as Scan with an activation that the operator has not: %o',
    async (settings) => {
      const { ops } = await checkParity(chain(SEQUENCE, make(kind, { ...settings, activation: 'mish' })));
      expect(ops).toContain('Scan');
    },
  );

  it.each(['linear', 'relu', 'sigmoid', 'hardSigmoid', 'elu', 'softsign', 'softplus', 'swish', 'selu'])(
    'activation %s',
    async (activation) => {
      await checkParity(chain(SEQUENCE, make(kind, { activation })));
      if (kind !== 'simpleRNN') {
        await checkParity(chain(SEQUENCE, make(kind, { activation, recurrentActivation: 'sigmoid' })));
        // Gates that are not bounded make numbers so large that nothing can be compared.
        if (activation === 'linear' || activation === 'selu') return;
        await checkParity(chain(SEQUENCE, make(kind, { recurrentActivation: activation })));
      }
    },
  );

  it('returns its states, and starts from given ones', async () => {
    await checkParity(withOutputs(SEQUENCE, make(kind, { returnState: true, returnSequences: true })));
    const states = Array.from({ length: kind === 'lstm' ? 2 : 1 }, () => tf.input({ shape: [3] }));
    for (const activation of ['tanh', 'mish']) {
      const x = tf.input({ shape: SEQUENCE });
      const outputs = make(kind, { activation }).apply([x, ...states]) as tf.SymbolicTensor;
      await checkParity(tf.model({ inputs: [x, ...states], outputs }));
    }
  });

  it('takes sequences whose length only a run decides', async () => {
    for (const activation of ['tanh', 'mish']) {
      await checkParity(chain([null, 4], make(kind, { activation, returnSequences: true })));
    }
  });

  it('two in a row turn the sequence once and leave no Transpose between them', async () => {
    const { ops } = await checkParity(chain(SEQUENCE, make(kind, { returnSequences: true }), make(kind, {})));
    expect(ops.filter((op) => op === 'Transpose')).toHaveLength(1);
  });

  it.each(
    combinations({ returnSequences: [true, false], mergeMode: ['concat', 'sum', 'ave', 'mul'] as const }),
  )('Bidirectional: %o', async ({ mergeMode, returnSequences }) => {
    for (const settings of [{}, { activation: 'mish' }, { goBackwards: true }]) {
      const layer = make(kind, { returnSequences, ...settings }) as tf.RNN;
      const { ops } = await checkParity(chain(SEQUENCE, tf.layers.bidirectional({ layer, mergeMode })));
      if (Object.keys(settings).length === 0) expect(ops.filter((op) => op === OPS[kind])).toHaveLength(1);
      // WebGPU has none.
      expect(ops).not.toContain('Mean');
    }
  });

  it('Bidirectional with states, and without merging', async () => {
    const layer = (settings: object) => make(kind, settings) as tf.RNN;
    const states = tf.layers.bidirectional({ layer: layer({ returnState: true }), mergeMode: 'concat' });
    await checkParity(withOutputs(SEQUENCE, states));
    for (const returnSequences of [true, false]) {
      const both = { layer: layer({ returnSequences }), mergeMode: null as never };
      await checkParity(withOutputs(SEQUENCE, tf.layers.bidirectional(both)));
    }
  });

  it('honours the mask of Masking and of Embedding', async () => {
    const input = (random: () => number) => (random() < 0.6 ? 0 : random() - 0.5);
    for (const returnSequences of [true, false]) {
      await checkParity(chain([6, 1], tf.layers.masking({}), make(kind, { returnSequences })), { input });
      const embedding = tf.layers.embedding({ inputDim: 4, outputDim: 3, maskZero: true });
      const ids = (random: () => number) => Math.floor(random() * 4);
      await checkParity(
        chain([6], embedding, make(kind, { returnSequences }), tf.layers.dense({ units: 2 })),
        {
          input: ids,
        },
      );
    }
    const both = tf.layers.bidirectional({ layer: make(kind, {}) as tf.RNN, mergeMode: 'concat' });
    await checkParity(chain([6, 1], tf.layers.masking({}), tf.layers.dropout({ rate: 0.5 }), both), {
      input,
    });
  });
});

it('RNN runs a cell, or several on top of each other', async () => {
  const cells = () => [
    tf.layers.lstmCell({ units: 2 }),
    tf.layers.gruCell({ units: 3, activation: 'relu' }),
    tf.layers.simpleRNNCell({ units: 2, useBias: false }),
  ];
  for (const cell of cells())
    await checkParity(chain(SEQUENCE, tf.layers.rnn({ cell, returnSequences: true })));
  const stacked = () => cells() as never;
  await checkParity(chain(SEQUENCE, tf.layers.rnn({ cell: stacked() })));
  await checkParity(
    chain(SEQUENCE, tf.layers.rnn({ cell: stacked(), returnSequences: true, goBackwards: true })),
  );
});

describe('ConvLSTM2D', () => {
  it.each(
    combinations({
      returnSequences: [true, false],
      padding: ['valid', 'same'] as const,
      dataFormat: ['channelsLast', 'channelsFirst'] as const,
      strides: [1, 2],
    }),
  )('%o', async (settings) => {
    const shape = settings.dataFormat === 'channelsFirst' ? [3, 2, 5, 6] : [3, 5, 6, 2];
    await checkParity(
      chain(shape, tf.layers.convLstm2d({ filters: 2, kernelSize: 3, ...settings }) as tf.layers.Layer),
    );
  });
});

describe('TimeDistributed', () => {
  it.each([
    ['Dense', [4, 3], () => tf.layers.dense({ units: 2, activation: 'softmax' })],
    ['Conv2D', [3, 6, 5, 2], () => tf.layers.conv2d({ filters: 3, kernelSize: 2, activation: 'relu' })],
    ['Flatten', [3, 4, 2], () => tf.layers.flatten()],
    ['MaxPooling2D', [3, 6, 5, 2], () => tf.layers.maxPooling2d({ poolSize: 2 })],
    ['LSTM', [3, 4, 2], () => make('lstm', {})],
    ['Dense over any number of steps', [null, 3], () => tf.layers.dense({ units: 2 })],
    [
      'Conv2D over any number of steps',
      [null, 6, 5, 2],
      () => tf.layers.conv2d({ filters: 3, kernelSize: 2 }),
    ],
    ['Flatten over any number of steps', [null, 4, 2], () => tf.layers.flatten()],
  ] as const)('of %s', async (_, shape, layer) => {
    await checkParity(chain([...shape], tf.layers.timeDistributed({ layer: layer() as tf.layers.Layer })));
  });
});

it('refuses a stateful layer', async () => {
  const input = tf.input({ batchShape: [2, 5, 4] });
  const outputs = make('lstm', { stateful: true }).apply(input) as tf.SymbolicTensor;
  const converting = convertLayersModel(tf.model({ inputs: input, outputs }));
  await expect(converting).rejects.toThrow(/\(LSTM\): it is stateful/);
});

describe('what cannot be run over time is refused with the reason', () => {
  const sequence = ['N', 4, 3] as const;
  const state = ['N', 2] as const;
  const lstm = { units: 2, recurrent_activation: 'sigmoid' };
  const weights = { kernel: [3, 8], recurrent_kernel: [2, 8], bias: [8] };
  const cell = (class_name: string, config = {}) => ({
    cell: { class_name, config: { name: 'cell', ...config } },
  });

  it.each<[string, Parameters<typeof convertLayer>]>([
    [
      'it is stateful: what it gives depends on the calls before',
      ['LSTM', { ...lstm, stateful: true }, [sequence]],
    ],
    ['it needs a sequence [N, T, features] with a known number of features', ['LSTM', lstm, [['N', 4, 'F']]]],
    [
      'it needs a sequence [N, T, features] with a known number of features',
      ['LSTM', lstm, [['N', 4, 3, 2]]],
    ],
    ['tfjs itself has no GRU with reset_after', ['GRU', { units: 2, reset_after: true }, [sequence]]],
    ['it gets 1 initial states', ['LSTM', lstm, [sequence, state], weights]],
    ['it gets 3 initial states', ['LSTM', lstm, [sequence, state, state, state], weights]],
    [
      'it gets 1 initial states where it has 2',
      ['LSTM', { ...lstm, activation: 'selu' }, [sequence, state], weights],
    ],
    ['it runs the cell Dense, which has no converter', ['RNN', cell('Dense', { units: 2 }), [sequence]]],
    ['it has no cells', ['RNN', cell('StackedRNNCells', { cells: [] }), [sequence]]],
    ['it holds a Lambda, which tfjs-layers 4.22 does not have', ['RNN', cell('Lambda'), [sequence]]],
    [
      'of its StackedRNNCells, cells must be a list, but is 5',
      ['RNN', cell('StackedRNNCells', { cells: 5 }), [sequence]],
    ],
    [
      'it needs a sequence of images [N, T, ...]',
      ['ConvLSTM2D', { filters: 2, kernel_size: [2, 2] }, [['N', 4, 5, 5]]],
    ],
  ])('%s', (reason, given) => {
    expect(refusalOf(...given)).toBe(reason);
  });

  it.each([
    ['SimpleRNNCell', 'RNN', 2, {}],
    ['LSTMCell', 'LSTM', 8, { recurrent_activation: 'sigmoid' }],
    ['GRUCell', 'GRU', 6, { recurrent_activation: 'sigmoid' }],
  ])('but an RNN around %s is the operator %s', (className, op, width, config) => {
    const { ops, output } = convertLayer('RNN', cell(className, { units: 2, ...config }), [sequence], {
      kernel: [3, width],
      recurrent_kernel: [2, width],
      bias: [width],
    });
    expect(ops).toContain(op);
    expect(output.shape).toEqual(['N', 2]);
  });
});

describe('what a layer runs step by step', () => {
  // ONNX's operators have no selu.
  const step = { units: 2, activation: 'selu', recurrent_activation: 'sigmoid' };
  const weights = (units: number) => ({
    kernel: [3, 4 * units],
    recurrent_kernel: [units, 4 * units],
    bias: [4 * units],
  });

  it('starts from zeros, which are in the file where their number is known and small', () => {
    const zerosOf = (batch: number | string, units = 2) => {
      const { ops, constants } = convertLayer('LSTM', { ...step, units }, [[batch, 4, 3]], weights(units));
      return [
        ops.includes('ConstantOfShape'),
        constants['layer/zeros0']?.length,
        constants['layer/zeros1']?.length,
      ];
    };
    expect(zerosOf(5)).toEqual([false, 10, 10]);
    expect(zerosOf('N')).toEqual([true, undefined, undefined]);
    expect(zerosOf(2 ** 14, 4)).toEqual([false, 2 ** 16, 2 ** 16]);
    expect(zerosOf(2 ** 14 + 1, 4)).toEqual([true, undefined, undefined]);
  });

  const both = (direction: string) =>
    Object.fromEntries(
      Object.entries(weights(2)).map(([name, shape]) => [`${direction}_inner/${name}`, shape]),
    );
  const bidirectional = (config: object, class_name = 'LSTM', mode: string | null = 'concat') => ({
    layer: { class_name, config: { name: 'inner', ...step, ...config } },
    merge_mode: mode,
  });

  it.each([
    ['native', { activation: 'tanh' }],
    ['step by step', {}],
  ])('both ways (%s) gives the states of both after what it gives', (_, config) => {
    const shapesOf = (settings: object, mode?: string | null) =>
      convertLayer('Bidirectional', bidirectional({ ...config, ...settings }, 'LSTM', mode), [['N', 4, 3]], {
        ...both('forward'),
        ...both('backward'),
      }).outputs.map(({ shape }) => shape);
    const state = ['N', 2];
    expect(shapesOf({})).toEqual([['N', 4]]);
    expect(shapesOf({ return_sequences: true })).toEqual([['N', 4, 4]]);
    expect(shapesOf({ return_state: true })).toEqual([['N', 4], state, state, state, state]);
    expect(shapesOf({}, null)).toEqual([state, state]);
    expect(shapesOf({}, 'sum')).toEqual([state]);
  });

  it.each<[string, Parameters<typeof convertLayer>]>([
    [
      'it reshapes [N,T,F], where more than one dimension is not known',
      ['TimeDistributed', { layer: { class_name: 'ReLU', config: {} } }, [['N', 'T', 'F']]],
    ],
    [
      'it holds a ReLU, which does not run over time',
      ['Bidirectional', bidirectional({}, 'ReLU'), [['N', 4, 3]]],
    ],
    [
      'it needs a sequence [N, T, features] with a known number of features',
      ['Bidirectional', bidirectional({ activation: 'tanh' }), [['N', 4, 'F']]],
    ],
    [
      'it needs a sequence [N, T, features] with a known number of features',
      ['Bidirectional', bidirectional({ activation: 'tanh' }), [['N', 4, 3, 2]]],
    ],
    [
      'tfjs itself has no GRU with reset_after',
      ['Bidirectional', bidirectional({ reset_after: true }, 'GRU'), [['N', 4, 3]]],
    ],
  ])('is refused: %s', (reason, given) => {
    expect(refusalOf(...given)).toBe(reason);
  });
});
