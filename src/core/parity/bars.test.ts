import { expect, it } from 'vitest';
import { type ComparedPair, parityBar } from './bars.js';

const pair: ComparedPair = { precision: 'fp32', processor: 'cpu', withTfjs: true, maxValue: 16 };

it('fp32 agrees to 1e-5 on processors and 1e-3 on GPUs, with every label the same', () => {
  expect(parityBar(pair)).toEqual({ atol: 1e-5, minAgreement: 1 });
  expect(parityBar({ ...pair, processor: 'gpu' })).toEqual({ atol: 1e-3, minAgreement: 1 });
  expect(parityBar({ ...pair, processor: 'cuda' })).toEqual({ atol: 0.125, minAgreement: 1 });
});

it('fp16 and int8 are measured by their largest score, and int8 more strictly against int8', () => {
  expect(parityBar({ ...pair, precision: 'fp16' }).atol).toBe(0.125);
  expect(parityBar({ ...pair, precision: 'int8' })).toEqual({ atol: 2, minAgreement: 0.995 });
  const alike = { ...pair, precision: 'int8', withTfjs: false } as const;
  expect(parityBar(alike)).toEqual({ atol: 0.5, minAgreement: 0.999 });
});
