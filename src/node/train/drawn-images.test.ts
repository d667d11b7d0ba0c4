import { describe, expect, test } from 'vitest';
import { mnistSha256 } from '../dataset/index.js';
import { silentReporter } from '../reporter.js';
import { createConfig, type GivenConfig } from './config.js';
import { withoutUnaskedDrawn } from './drawn-images.js';

const digits = Array.from('0123456789');
const mnist = { name: 'mnist', from: 'mnist', sha256: mnistSha256(), classes: digits };

function choose(given: GivenConfig, changes: Partial<typeof mnist>) {
  const notes: string[] = [];
  const reporter = { ...silentReporter, note: (line: string) => void notes.push(line) };
  const base = { ...mnist, sha256: 'other', ...changes };
  const { synthetic, nonDigits } = withoutUnaskedDrawn(createConfig(given), given, { base, reporter });
  return { drawn: [synthetic, nonDigits], notes };
}

describe('the drawn images of a recipe', () => {
  test.each([
    { from: 'mnist' },
    { from: 'synthetic', name: 'synthetic' },
    { from: '/data/mine', name: 'mine', sha256: mnistSha256() },
  ])('are added to known digits: %j', (base) => {
    expect(choose({ arch: 'deep' }, base)).toEqual({ drawn: [0.25, 0.2], notes: [] });
  });

  test('are left out of a folder of any name, whose classes have no names of their own, and one note says so', () => {
    expect(choose({ arch: 'deep' }, { from: '/data/mnist' })).toEqual({
      drawn: [0, 0],
      notes: [
        'mnist is trained on without drawn images; if it holds digits, add them with: --synthetic 0.25 --non-digits 0.2',
      ],
    });
  });

  test('are left out of other classes', () => {
    expect(choose({ arch: 'deep' }, { from: '/abc', name: 'abc', classes: ['a', 'b'] })).toEqual({
      drawn: [0, 0],
      notes: ['abc is trained on without the drawn images that deep adds to the ten digits'],
    });
  });
});

test('drawn images that are asked for are added to any data', () => {
  const { drawn, notes } = choose({ arch: 'deep', synthetic: 0.5 }, { from: '/emnist', name: 'emnist' });
  expect(drawn).toEqual([0.5, 0]);
  expect(notes).toEqual([expect.stringMatching(/: --non-digits 0\.2$/)]);
  expect(choose({ synthetic: 0.5, nonDigits: 0 }, { from: '/emnist' })).toEqual({
    drawn: [0.5, 0],
    notes: [],
  });
});
