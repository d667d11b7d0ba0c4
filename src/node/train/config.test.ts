import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createConfig, learningRate, NUMBER_FIELDS, optionName, resumeConfig } from './config.js';

describe('the configuration', () => {
  test('every default lies in its range', () => {
    for (const [name, { default: value, min, max }] of Object.entries(NUMBER_FIELDS))
      expect(value >= min && value <= max, name).toBe(true);
  });

  test('options that were not given have their defaults', () => {
    expect(createConfig({ epochs: 2, lr: undefined })).toMatchObject({
      epochs: 2,
      lr: NUMBER_FIELDS.lr.default,
    });
  });

  test.each([
    [{ batchSize: 0 }, '--batch-size must be a whole number from 1 to 8192, not 0'],
    [{ epochs: 1.5 }, '--epochs must be a whole number from 1 to 10000, not 1.5'],
    [{ seed: -1 }, '--seed must be a whole number of at least 0, not -1'],
    [{ lr: Number.NaN }, '--lr must be a number from 1e-8 to 10, not NaN'],
  ])('%j is outside its range, with exit status 2', (given, sentence) => {
    const refused = expect.objectContaining({ message: sentence, exitCode: 2 });
    expect(() => createConfig(given)).toThrow(refused);
    const saved = { config: { ...createConfig(), ...given }, history: [] };
    expect(() => resumeConfig(saved, given)).toThrow(refused);
  });

  test('option names are kebab-case', () => {
    expect(optionName('batchSize')).toBe('--batch-size');
  });

  test('the learning rate halves smoothly over an epoch and ends at a hundredth', () => {
    const config = createConfig({ lr: 0.1, lrDecay: 0.5 });
    expect(learningRate(config, 0, 10)).toBe(0.1);
    expect(learningRate(config, 5, 10)).toBeCloseTo(0.1 * Math.SQRT1_2, 12);
    expect(learningRate(config, 10, 10)).toBeCloseTo(0.05, 12);
    expect(learningRate(config, 1000, 10)).toBeCloseTo(0.001, 12);
  });
});

describe('a resumed configuration', () => {
  const saved = { config: createConfig({ epochs: 3, batchSize: 32 }), history: [1, 2] };

  test('is the checkpoint’s, with more epochs or another patience', () => {
    expect(resumeConfig(saved, { epochs: 7, patience: 2 })).toEqual({
      ...saved.config,
      epochs: 7,
      patience: 2,
    });
  });

  test('accepts options that say the same as the checkpoint', () => {
    expect(resumeConfig(saved, { batchSize: 32 })).toEqual(saved.config);
  });

  test('refuses other options, naming each with both values', () => {
    expect(() => resumeConfig(saved, { batchSize: 64, lr: 0.5 })).toThrow(
      /started with other options: --batch-size 64 \(it has 32\), --lr 0.5 \(it has 0.00\d+\)/,
    );
  });

  test('knows a file with a topology by any of its paths, and keeps the first', () => {
    const own = { ...saved, config: createConfig({ arch: 'nets/net.json' }) };
    for (const arch of ['./nets/net.json', resolve('nets/net.json')])
      expect(resumeConfig(own, { arch })).toEqual(own.config);
    expect(() => resumeConfig(own, { arch: 'net.json' })).toThrow(
      'started with other options: --arch net.json (it has nets/net.json)',
    );
    expect(() => resumeConfig(saved, { arch: './cnn' })).toThrow('started with other options: --arch ./cnn');
  });

  test('refuses a dropout where the network has its own', () => {
    const { dropout: _, ...config } = saved.config;
    expect(() => resumeConfig({ ...saved, config }, { dropout: 0.2 })).toThrow('--dropout 0.2 (it has none)');
  });

  test('refuses fewer epochs than are done', () => {
    expect(() => resumeConfig(saved, { epochs: 1 })).toThrow(
      '--epochs 1 is less than the 2 that the run has done',
    );
  });
});
