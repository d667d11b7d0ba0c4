import { parseArgs } from 'node:util';
import { loadDataset, locateMnist } from '../dist/node/dataset/index.js';
import { createReporter } from '../dist/node/reporter.js';
import { loadTensorFlow } from '../dist/node/tensorflow/load.js';
import { bestEpoch } from '../dist/node/train/best-epoch.js';
import { createConfig } from '../dist/node/train/config.js';
import { train } from '../dist/node/train/trainer.js';

export const description = 'trains on synthetic digits alone and reads the real MNIST test set';

const HELP = `npm run bench -- synthetic [--epochs 5] [--limit 60000] [--seed 1] [--backend auto] [--data-dir DIR]`;

/**
 * Trains the CNN with its defaults on synthetic digits. The epoch is chosen by synthetic validation images:
 * MNIST's test images choose nothing.
 */
export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      epochs: { type: 'string' },
      limit: { type: 'string' },
      seed: { type: 'string' },
      backend: { type: 'string', default: 'auto' },
      'data-dir': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const dataDir = values['data-dir'];
  if (!(await locateMnist(dataDir))) {
    console.error('MNIST is not on this machine, and this benchmark measures on its test images.');
    console.error(
      'Name its folder with --data-dir or MNIST_ONNX_DATA (mnist-onnx train --dataset mnist downloads it).',
    );
    return 1;
  }

  const reporter = createReporter(process.stderr);
  const mnist = await loadDataset({ dataset: 'mnist', dataDir, reporter });
  const drawingMs = performance.now();
  const synthetic = await loadDataset({ dataset: 'synthetic', reporter });
  const drawn = synthetic.train.count + synthetic.test.count;
  const perSecond = Math.round((drawn * 1000) / (performance.now() - drawingMs));

  const { tf, backend } = await loadTensorFlow({ backend: values.backend, reporter });
  const given = {};
  for (const name of ['epochs', 'limit', 'seed']) if (values[name]) given[name] = Number(values[name]);
  const startedMs = performance.now();
  const { model, split, checkpoint } = await train({
    tf,
    dataset: { ...synthetic, test: mnist.test },
    source: { dataset: 'synthetic', dataDir: undefined },
    config: createConfig(given),
    onEpoch: async ({ epoch, validation, test }) =>
      reporter.note(
        `epoch ${epoch}: synthetic validation ${percent(validation.accuracy)}, MNIST test ${percent(test.accuracy)}`,
      ),
  });
  model.dispose();

  const best = bestEpoch(checkpoint.history);
  console.log(`backend                         ${backend}`);
  console.log(`synthetic digits drawn          ${perSecond} images/s`);
  console.log(`synthetic digits trained on     ${split.training.count}`);
  console.log(`training                        ${Math.round((performance.now() - startedMs) / 1000)} s`);
  console.log(`best epoch                      ${best.epoch} of ${checkpoint.history.length}`);
  console.log(`accuracy, synthetic validation  ${percent(best.validation.accuracy)}`);
  console.log(`accuracy, MNIST test (10,000)   ${percent(best.test.accuracy)}`);
  return 0;
}

function percent(fraction) {
  return `${(fraction * 100).toFixed(2)}%`;
}
