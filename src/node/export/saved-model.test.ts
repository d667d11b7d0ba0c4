import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chain, maxDifference, randomizeWeights, tf } from '../../../test/convert/parity.js';
import { convertArtifacts } from '../../core/convert/index.js';
import { readOnnx } from '../../core/onnx/index.js';
import { PRETRAINED_DIR } from '../paths.js';
import { silentReporter } from '../reporter.js';
import { createNodeSession } from '../runtime/index.js';
import { encodeModel } from '../train/model-files.js';
import { readSavedModel } from './saved-model.js';

let folder: string;
let model: tf.LayersModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'saved-'));
  model = chain([6], tf.layers.dense({ units: 5, activation: 'relu' }), tf.layers.dense({ units: 3 }));
  randomizeWeights(model, 2);
});
afterAll(() => rm(folder, { recursive: true }));

const INPUT = Float32Array.of(0.5, -1, 2, 0.25, 1, -0.5);

async function outputOf(jsonName: string): Promise<Float32Array> {
  const { artifacts } = await readSavedModel(join(folder, jsonName), silentReporter);
  const session = await createNodeSession(convertArtifacts(artifacts).bytes);
  const { output } = await session.run({ input: { type: 'float32', shape: [1, 6], data: INPUT } });
  await session.release();
  return output!.data as Float32Array;
}

it('reads weights from several shards, whose borders cut weights in two', async () => {
  const { modelJson, weights } = await encodeModel(model as tf.Sequential);
  const json = JSON.parse(modelJson);
  json.weightsManifest[0].paths = ['a.bin', 'b.bin', 'c.bin'];
  json.userDefinedMetadata = { note: 'mine' };
  await writeFile(join(folder, 'shards.json'), JSON.stringify(json));
  for (const [i, name] of ['a.bin', 'b.bin', 'c.bin'].entries()) {
    await writeFile(join(folder, name), weights.subarray(i * 70, i === 2 ? undefined : (i + 1) * 70));
  }
  const expected = (model.predict(tf.tensor(INPUT, [1, 6])) as tf.Tensor).dataSync();
  expect(maxDifference(await outputOf('shards.json'), expected)).toBeLessThanOrEqual(1e-6);
});

it('reads weights of several groups, and quantized ones as tfjs does', async () => {
  const weights = model.getWeights().map((tensor) => Float32Array.from(tensor.dataSync()));
  const names = model.weights.map((weight) => weight.originalName);
  const groups = await Promise.all(
    weights.map(async (data, i) => {
      const [min, max] = [Math.min(...data), Math.max(...data)];
      const scale = (max - min) / 255 || 1;
      const path = `group${i}.bin`;
      await writeFile(
        join(folder, path),
        Uint8Array.from(data, (value) => Math.round((value - min) / scale)),
      );
      const quantization = { dtype: 'uint8', min, scale, original_dtype: 'float32' };
      const { shape } = model.weights[i]!;
      return { paths: [path], weights: [{ name: names[i], shape, dtype: 'float32', quantization }] };
    }),
  );
  const { modelJson } = await encodeModel(model as tf.Sequential);
  const json = { ...JSON.parse(modelJson), weightsManifest: groups };
  await writeFile(join(folder, 'quantized.json'), JSON.stringify(json));
  const bytes = Buffer.concat(
    await Promise.all(groups.map((group) => readFile(join(folder, group.paths[0]!)))),
  );
  const weightSpecs = groups.flatMap((group) => group.weights);
  const loaded = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs,
      weightData: Uint8Array.from(bytes).buffer,
    } as never),
  );
  const expected = (loaded.predict(tf.tensor(INPUT, [1, 6])) as tf.Tensor).dataSync();
  expect(maxDifference(await outputOf('quantized.json'), expected)).toBeLessThanOrEqual(1e-6);
});

it("the model's own metadata survives", async () => {
  const { exportModel } = await import('./export-model.js');
  process.env.MNIST_ONNX_CACHE = join(folder, 'cache');
  const output = join(folder, 'own.onnx');
  const options = { atol: 1e-5, rtol: 1e-6, dataset: 'auto', reporter: silentReporter };
  await exportModel({ ...options, model: join(folder, 'shards.json'), output });
  expect(readOnnx(await readFile(output)).metadata.user_defined_metadata).toBe('{"note":"mine"}');
});

it('a model from elsewhere does not choose which files are read', async () => {
  const { modelJson } = await encodeModel(model as tf.Sequential);
  const json = JSON.parse(modelJson);
  for (const path of ['../secret.bin', '/dev/zero', 'a/../../b']) {
    json.weightsManifest[0].paths = [path];
    await writeFile(join(folder, 'outside.json'), JSON.stringify(json));
    await expect(readSavedModel(join(folder, 'outside.json'), silentReporter)).rejects.toThrow(
      `the model.json names a weight file outside its folder: ${path}`,
    );
  }
});

it('finds a model that comes with us by its name, and others not', async () => {
  const { record, name } = await readSavedModel('mnist_deep', silentReporter);
  expect([name, record!.config.arch]).toEqual(['mnist_deep', 'deep']);
  await expect(readSavedModel('mnist_huge', silentReporter)).rejects.toMatchObject({
    message: 'cannot read the model mnist_huge: it does not exist',
    // Not every command names it with --model.
    hint: 'Name the folder or the model.json that model.save(...) wrote.',
  });
});

it('takes the model that the output is named after before the one trained last', async () => {
  const home = process.cwd();
  const place = await mkdtemp(join(tmpdir(), 'named-'));
  try {
    process.chdir(place);
    await mkdir('models/mnist_cnn', { recursive: true });
    for (const name of ['model.json', 'weights.bin', 'training.json'])
      await cp(join(PRETRAINED_DIR, 'mnist_cnn', name), join('models/mnist_cnn', name));
    const pathFor = async (output: string) => (await readSavedModel(undefined, silentReporter, output)).path;
    expect(await pathFor('out.onnx')).toBe('models/mnist_cnn');
    expect(await pathFor('mnist_deep.onnx')).toBe(join(PRETRAINED_DIR, 'mnist_deep'));
  } finally {
    process.chdir(home);
    await rm(place, { recursive: true });
  }
});
