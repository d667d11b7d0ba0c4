import { expect, test } from 'vitest';
import { UnsupportedLayersError } from './problems.js';

const problem = (layer: string) => ({ layer, className: 'Lambda', reason: 'tfjs has no such layer' });

test('one error names all layers that cannot be converted', () => {
  const error = new UnsupportedLayersError([problem('a'), problem('b')]);
  expect(error.message).toBe(
    'the model has 2 layers that cannot be converted:\n' +
      '  a (Lambda): tfjs has no such layer\n  b (Lambda): tfjs has no such layer',
  );
  expect([error.name, error.problems, error.hint]).toEqual([
    'UnsupportedLayersError',
    [problem('a'), problem('b')],
    'The table in docs/converter.md lists the layers that are converted.',
  ]);
});

test('a lone one is told of as one', () => {
  expect(new UnsupportedLayersError([problem('a')]).message).toMatch(/^the model has a layer that cannot/);
});
