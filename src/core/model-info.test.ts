import { describe, expect, it } from 'vitest';
import { fromMetadata, MNIST_PREPROCESSING, type ModelInfo, toMetadata } from './model-info.js';

const info: ModelInfo = {
  classes: ['T-shirt', 'Trouser "x"'],
  preprocessing: MNIST_PREPROCESSING,
  dataset: { name: 'fashion', sha256: 'ab'.repeat(32) },
  testAccuracy: 0.9912,
  validationAccuracy: 0.9905,
  versions: { '@tensorflow/tfjs': '4.22.0' },
};

describe("a model's metadata", () => {
  it('comes back as it was written', () => {
    expect(fromMetadata(toMetadata(info))).toEqual(info);
  });

  it('leaves out what is not known', () => {
    const metadata = toMetadata({ classes: ['0', '1'], preprocessing: MNIST_PREPROCESSING });
    expect(Object.keys(metadata)).toEqual(['classes', 'preprocessing']);
    expect(fromMetadata(metadata)).toMatchObject({ classes: ['0', '1'], dataset: undefined });
  });

  it("of another maker's model is no information, and no failure", () => {
    expect(fromMetadata({ author: 'somebody' })).toBeUndefined();
  });

  it.each([
    ['classes', '["0", 1]'],
    ['classes', '[]'],
    ['classes', '{'],
    ['preprocessing', '{"form":"mnist","width":0,"height":28,"scale":1}'],
    ['preprocessing', 'null'],
    ['test_accuracy', 'high'],
    ['test_accuracy', '1.5'],
    ['versions', '{'],
    ['versions', 'null'],
    ['versions', '{"node":[2,3]}'],
  ])('is refused by name when "%s" is damaged: %s', (key, value) => {
    expect(() => fromMetadata({ ...toMetadata(info), [key]: value })).toThrow(
      `metadata entry "${key}" is damaged`,
    );
  });
});

it('confidence is read back, and refused where it is damaged', () => {
  const confidence = { temperature: 0.7, minProbability: 0.8, minEvidence: 3 };
  const info = { classes: ['a'], preprocessing: MNIST_PREPROCESSING, confidence };
  expect(fromMetadata(toMetadata(info))).toMatchObject({ confidence });
  for (const changed of [null, 1, {}, { ...confidence, temperature: 0 }, { ...confidence, minEvidence: '3' }])
    expect(() => fromMetadata({ ...toMetadata(info), confidence: JSON.stringify(changed) })).toThrow(
      'metadata entry "confidence" is damaged',
    );
});
