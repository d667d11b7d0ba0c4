import { describe, expect, it } from 'vitest';
import { chain, tf } from '../../../test/convert/parity.js';
import { UserError } from '../errors.js';
import { createRandom } from '../random.js';
import { type ModelArtifacts, saveToArtifacts } from './artifacts.js';
import { convertArtifacts } from './convert.js';

const { layers } = tf;

const MODELS: Record<string, () => tf.LayersModel> = {
  'an image network': () =>
    chain(
      [8, 8, 2],
      layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', strides: 2 }),
      layers.batchNormalization(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.upSampling2d({ size: [2, 2] }),
      layers.zeroPadding2d({ padding: 1 }),
      layers.flatten(),
      layers.reshape({ targetShape: [9, 12] }),
      layers.permute({ dims: [2, 1] }),
      layers.layerNormalization(),
    ),
  'a recurrent network': () =>
    chain(
      [5, 3],
      layers.bidirectional({ layer: layers.lstm({ units: 2, returnSequences: true }), mergeMode: 'concat' }),
      layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
      layers.rnn({ cell: [layers.gruCell({ units: 2 }), layers.simpleRNNCell({ units: 2 })] as never }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ),
  'a branched network': () => {
    const input = tf.input({ shape: [6] });
    const inner = tf.sequential({ layers: [layers.dense({ units: 4, inputShape: [6] }), layers.prelu()] });
    const a = inner.apply(input) as tf.SymbolicTensor;
    const b = layers.dense({ units: 4 }).apply(input) as tf.SymbolicTensor;
    const joined = layers.concatenate().apply([layers.add().apply([a, b]) as tf.SymbolicTensor, a]);
    return tf.model({
      inputs: input,
      outputs: [joined as tf.SymbolicTensor, layers.dot({ axes: 1 }).apply([a, b]) as tf.SymbolicTensor],
    });
  },
};

const STRANGE = [null, -1, 0, 1, 7, 1e9, 0.5, '', 'relu', 'causal', [], [1], [2, 3], [[1, 2], [3]], {}, true];

/** Every place of a JSON value where something stands in an object or list. */
function places(value: unknown): { holder: Record<string, unknown>; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...places(holder[key])]);
}

function damage(artifacts: ModelArtifacts, random: () => number): ModelArtifacts {
  const { weightData, ...json } = artifacts;
  const copy = structuredClone({ modelTopology: json.modelTopology, weightSpecs: json.weightSpecs });
  for (let n = 0; n < 1 + Math.floor(random() * 3); n++) {
    const all = places(copy);
    const { holder, key } = all[Math.floor(random() * all.length)]!;
    if (random() < 0.3) delete holder[key];
    else holder[key] = structuredClone(STRANGE[Math.floor(random() * STRANGE.length)]);
  }
  return { ...JSON.parse(JSON.stringify(copy)), weightData };
}

describe.each(Object.entries(MODELS))('%s with damaged JSON', (_, make) => {
  it('is converted or refused in a sentence, never anything else', async () => {
    const artifacts = await saveToArtifacts(make());
    const random = createRandom(23);
    for (let i = 0; i < 850; i++) {
      const damaged = damage(artifacts, random);
      try {
        convertArtifacts(damaged);
      } catch (error) {
        if (!(error instanceof UserError)) {
          throw new Error(
            `case ${i}: ${(error as Error).stack}\n${JSON.stringify(damaged.modelTopology).slice(0, 3000)}`,
          );
        }
      }
    }
    expect(() => convertArtifacts(artifacts)).not.toThrow();
  });
});

it('refuses sizes whose products no tensor can have', async () => {
  const artifacts = await saveToArtifacts(chain([8, 8, 2], layers.upSampling2d({ size: [2, 2] })));
  const json = JSON.stringify(artifacts.modelTopology).replace('"size":[2,2]', '"size":[2,9007199254740991]');
  expect(() => convertArtifacts({ ...artifacts, modelTopology: JSON.parse(json) })).toThrow(
    'its output would have a size that no tensor can have',
  );
});
