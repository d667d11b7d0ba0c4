import { expect, test } from 'vitest';
import { MNIST_PREPROCESSING } from './model-info.js';
import { predictionOptions, toDigitPrediction, toFailure, toPrediction } from './prediction.js';

const box = { x: 1, y: 2, width: 3, height: 4 };
const classes = ['0', '1', '2'];
const digit = (...probabilities: number[]) =>
  toDigitPrediction({ probabilities: Float32Array.from(probabilities), evidence: 5 }, box, {
    classes,
    topK: 2,
  });

test('a probability that is no number comes last and displaces none', () => {
  expect(digit(0.25, 0.5, Number.NaN).topK.map(({ digit }) => digit)).toEqual(['1', '0']);
});

test('candidates come best first, equal ones in the order of the classes, and no more than asked for', () => {
  expect(digit(0.25, 0.25, 0.5)).toEqual({
    digit: '2',
    probability: 0.5,
    topK: [
      { digit: '2', probability: 0.5 },
      { digit: '0', probability: 0.25 },
    ],
    evidence: 5,
    box,
  });
});

test('a probability below the threshold makes the reading unsure and the digit a question mark', () => {
  const prediction = toPrediction('a.png', [digit(0.9, 0.1, 0), digit(0.4, 0.6, 0)], {
    minProbability: 0.7,
    minEvidence: 0,
  });
  expect(prediction).toMatchObject({ text: '0?', status: 'unsure', error: null });
  expect(prediction.digits[1]!.digit).toBe('1');
});

test('an evidence below its threshold makes the reading unsure too', () => {
  const thresholds = { minProbability: 0.5, minEvidence: 6 };
  expect(toPrediction('a.png', [digit(0.9, 0.1, 0)], thresholds)).toMatchObject({
    text: '?',
    status: 'unsure',
  });
});

test('a model’s own thresholds hold unless another probability is given, and 0 refuses nothing', () => {
  const preprocessing = MNIST_PREPROCESSING;
  const confidence = { temperature: 2, minProbability: 0.8, minEvidence: 3 };
  const options = (minProbability?: number) =>
    predictionOptions({ classes, preprocessing, confidence }, { topK: 1, minProbability });
  expect(options()).toEqual({ classes, topK: 1, minProbability: 0.8, minEvidence: 3 });
  expect(options(0.3)).toMatchObject({ minProbability: 0.3, minEvidence: 3 });
  expect(options(0)).toMatchObject({ minProbability: 0, minEvidence: 0 });
});

test('a probability at the threshold is sure', () => {
  expect(
    toPrediction('a.png', [digit(0.5, 0.25, 0.25)], { minProbability: 0.5, minEvidence: 0 }).status,
  ).toBe('ok');
});

test('no digit is blank, a failure is an error with its reason', () => {
  expect(toPrediction('a.png', [], { minProbability: 0.7, minEvidence: 0 })).toMatchObject({
    text: '',
    status: 'blank',
  });
  expect(toFailure('a.png', 'it is empty')).toEqual({
    file: 'a.png',
    text: '',
    status: 'error',
    digits: [],
    error: 'it is empty',
  });
});
