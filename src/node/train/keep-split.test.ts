import { describe, expect, test } from 'vitest';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import type { TrainingRecord } from '../../core/training-record.js';
import { createConfig, type GivenConfig } from './config.js';
import { splitImages } from './data.js';
import { keepSplit } from './keep-split.js';

const dataset = tinyDataset();
// The noise makes every image different.
const imagesOf = ({ pixels, count }: { pixels: Uint8Array; count: number }) =>
  new Set(Array.from({ length: count }, (_, i) => pixels.subarray(i * 784, (i + 1) * 784).join('')));

const recordOf = (config: object, sha256 = dataset.sha256, baseSha256?: string) =>
  ({ config, dataset: { ...dataset, sha256, baseSha256 } }) as unknown as TrainingRecord;
const initial = createConfig({ seed: 7, valSplit: 0.2, limit: 60 });
const goOn = (given: GivenConfig, record: TrainingRecord | undefined = recordOf(initial)) =>
  keepSplit(createConfig(given), given, { initial: record, dataset });

describe('a run that goes on from a model of the same data', () => {
  const trained = imagesOf(splitImages(dataset.train, initial).training);
  const seen = (config: ReturnType<typeof goOn>) =>
    [...imagesOf(splitImages(dataset.train, config).validation)].filter((image) => trained.has(image));

  test.each<GivenConfig>([{}, { seed: 3 }, { limit: 30 }, { limit: 90, valSplit: 0.1 }])(
    'validates with no image that the model was trained on, given %j',
    (given) => {
      const config = goOn(given);
      expect(seen(config)).toEqual([]);
      // The order and what is dropped are still the user's.
      expect(config.seed).toBe(given.seed ?? 1);
      const chain = goOn({ seed: 5 }, recordOf(config));
      expect(seen(chain)).toEqual([]);
    },
  );

  test('is refused where it wants more of them than the model kept back', () => {
    expect(() => goOn({ valSplit: 0.5 })).toThrow(
      '30 images for validation are more than the 12 that the model of --init kept back',
    );
    expect(() => goOn({ limit: 90 })).toThrow('18 images for validation are more than the 12');
  });

  test('knows the data again where own images were mixed in', () => {
    expect(goOn({}, recordOf(initial, 'of both', dataset.sha256))).toMatchObject({
      splitSeed: 7,
      valSplit: 0.2,
    });
  });
});

test('on other data, or from a model without a record, the split is the user’s', () => {
  const given = { valSplit: 0.5 };
  for (const record of [recordOf(initial, 'others'), recordOf({ arch: 'cnn' })])
    expect(goOn(given, record)).toEqual(createConfig(given));
  expect(keepSplit(createConfig(given), given, { initial: undefined, dataset })).toEqual(createConfig(given));
});
