import { expect, test } from 'vitest';
import { renameValues } from './rename.js';

test('a value is renamed wherever it stands, and no other is', () => {
  const type = { type: 'float32', shape: ['N', 2] } as const;
  const node = (name: string, inputs: string[], outputs: string[]) => ({
    op: 'Relu',
    name,
    inputs,
    outputs,
    attributes: {},
  });
  const graph = {
    name: 'g',
    inputs: [{ name: 'x', ...type }],
    outputs: [
      { name: 'b', ...type },
      { name: 'c', ...type },
    ],
    nodes: [node('first', ['x'], ['b']), node('second', ['b', 'x'], ['c'])],
    constants: new Map(),
    types: new Map([
      ['b', type],
      ['c', type],
    ]),
  };
  expect(renameValues(graph, new Map([['b', 'logits']]))).toEqual({
    ...graph,
    outputs: [
      { name: 'logits', ...type },
      { name: 'c', ...type },
    ],
    nodes: [node('first', ['x'], ['logits']), node('second', ['logits', 'x'], ['c'])],
    types: new Map([
      ['logits', type],
      ['c', type],
    ]),
  });
});
