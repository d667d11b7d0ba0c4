import { describe, expect, test } from 'vitest';
import {
  artifactsFromJson,
  type ModelArtifacts,
  saveToArtifacts,
  weightBytes,
  weightPaths,
} from './artifacts.js';

const group = (paths: unknown, weights: unknown = []) => ({ paths, weights });
const DAMAGED = { message: "the model.json's weightsManifest is damaged", hint: 'Save the model again.' };

describe('the artifacts of a model.json', () => {
  test('are what it says, with the weights of all its groups', () => {
    const modelJson = {
      modelTopology: { class_name: 'Sequential' },
      format: 'layers-model',
      weightsManifest: [
        group(['a.bin'], [{ name: 'k' }]),
        group(['b.bin', 'c.bin'], [{ name: 'b' }, { name: 'c' }]),
      ],
    };
    const weightData = Uint8Array.of(1, 2);
    expect(artifactsFromJson(modelJson, weightData)).toMatchObject({
      modelTopology: { class_name: 'Sequential' },
      format: 'layers-model',
      weightSpecs: [{ name: 'k' }, { name: 'b' }, { name: 'c' }],
      weightData,
    });
    expect(weightPaths(modelJson)).toEqual(['a.bin', 'b.bin', 'c.bin']);
  });

  test('may have no weights', () => {
    expect(artifactsFromJson({ modelTopology: {} }, new Uint8Array(0)).weightSpecs).toEqual([]);
    for (const json of [null, {}, { weightsManifest: 5 }]) expect(weightPaths(json)).toEqual([]);
  });

  test.each([[null], ['text'], [5], [{}], [{ weightsManifest: [] }]])('%j is no model', (json) => {
    expect(() => artifactsFromJson(json, new Uint8Array(0))).toThrow(
      expect.objectContaining({
        message: 'this JSON is no tfjs model: it has no modelTopology',
        hint: 'Name the model.json that model.save(...) wrote.',
      }),
    );
  });

  test.each([
    ['no group', [null]],
    ['no paths', [{ weights: [] }]],
    ['a path that is no text', [group(['a.bin', 5])]],
    ['an empty path', [group([''])]],
    ['no weights', [{ paths: ['a.bin'] }]],
    ['one good group and a bad one', [group(['a.bin']), group('a.bin')]],
  ])('%s is damage', (_, weightsManifest) => {
    expect(() => weightPaths({ weightsManifest })).toThrow(expect.objectContaining(DAMAGED));
    expect(() => artifactsFromJson({ modelTopology: {}, weightsManifest }, new Uint8Array(0))).toThrow(
      expect.objectContaining(DAMAGED),
    );
  });

  test('no weights are read from outside its folder', () => {
    expect(() => weightPaths({ weightsManifest: [group(['a.bin', '../b.bin'])] })).toThrow(
      expect.objectContaining({
        message: 'the model.json names a weight file outside its folder: ../b.bin',
        hint: 'Put the weights beside model.json, and name them there without "..".',
      }),
    );
  });
});

describe("the weights' bytes", () => {
  const buffer = (...bytes: number[]) => Uint8Array.from(bytes).buffer;
  test.each<[string, ModelArtifacts['weightData'], number[]]>([
    ['none', undefined, []],
    ['bytes', Uint8Array.of(1, 2), [1, 2]],
    ['a buffer', buffer(1, 2), [1, 2]],
    ['a list of one', [buffer(1, 2)], [1, 2]],
    ['a list of several', [buffer(1, 2), buffer(), buffer(3), buffer(4, 5)], [1, 2, 3, 4, 5]],
    ['an empty list', [], []],
  ])('%s', (_, weightData, expected) => {
    const bytes = weightBytes({ weightData });
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect([...bytes]).toEqual(expected);
  });

  test('bytes are not copied', () => {
    const weightData = Uint8Array.of(1, 2);
    expect(weightBytes({ weightData })).toBe(weightData);
  });
});

describe('a live model', () => {
  test('gives what it saves', async () => {
    const artifacts = { modelTopology: {}, format: 'layers-model' };
    let answer: unknown;
    const model = {
      async save(handler: { save(artifacts: unknown): Promise<unknown> }) {
        answer = await handler.save(artifacts);
      },
    };
    expect(await saveToArtifacts(model)).toBe(artifacts);
    // What tfjs asks of a handler.
    expect(answer).toEqual({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
  });

  test('that saves nothing is told of', async () => {
    await expect(saveToArtifacts({ save: async () => {} })).rejects.toThrow('the model did not save itself');
  });
});
