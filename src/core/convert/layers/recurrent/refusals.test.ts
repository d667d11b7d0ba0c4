import { expect, it } from 'vitest';
import {
  chainOf,
  inner,
  joined,
  type LayerJson,
  problemsOf,
} from '../../../../../test/convert/topologies.js';

const lstmCell = inner('LSTMCell', { units: 2 });
const brokenCell = inner('GRUCell', { units: 0 });
const stacked = (...cells: object[]) => inner('StackedRNNCells', { cells });
const both = (layer: object): LayerJson => ['Bidirectional', { layer, merge_mode: 'sum' }];
const needsSequence = 'it needs a sequence [N, T, features] with a known number of features';
const badUnits = 'of its GRUCell, units must be a positive whole number, but is 0';

it.each<[string, object, string]>([
  [
    'GRU',
    chainOf([5, 3], ['GRU', { units: 2, reset_after: true }]),
    'tfjs itself has no GRU with reset_after',
  ],
  ['LSTM', chainOf([5, null], ['LSTM', { units: 2 }]), needsSequence],
  ['LSTM', joined([[5, 3], [2]], 'LSTM', { units: 2 }), 'it gets 1 initial states'],
  [
    'RNN',
    joined([[5, 3], [2]], 'RNN', { cell: stacked(lstmCell) }),
    'it gets 1 initial states where it has 2',
  ],
  ['RNN', chainOf([5, 3, 2], ['RNN', { cell: lstmCell }]), needsSequence],
  [
    'RNN',
    chainOf([5, 3], ['RNN', { cell: inner('Dense', { units: 2 }) }]),
    'it runs the cell Dense, which has no converter',
  ],
  [
    'RNN',
    chainOf([5, 3], ['RNN', { cell: inner('Mine') }]),
    'it holds a Mine, which tfjs-layers 4.22 does not have',
  ],
  ['RNN', chainOf([5, 3], ['RNN', { cell: stacked(brokenCell) }]), badUnits],
  ['RNN', chainOf([5, 3], ['RNN', { cell: brokenCell }]), badUnits],
  [
    'Bidirectional',
    chainOf([5, 3], both(inner('Dense', { units: 2 }))),
    'it holds a Dense, which does not run over time',
  ],
  ['Bidirectional', chainOf([5, null], both(inner('LSTM', { units: 2 }))), needsSequence],
  ['Bidirectional', chainOf([5, 3], both(inner('RNN', { cell: brokenCell }))), badUnits],
  [
    'Bidirectional',
    chainOf([5, 3], both(inner('ConvLSTM2D', { filters: 2, kernel_size: 2 }))),
    'it needs a sequence of images [N, T, ...]',
  ],
])('%s %# that cannot be honoured is named with the reason', (className, topology, reason) => {
  expect(problemsOf(topology)).toEqual([{ layer: className, className, reason }]);
});
