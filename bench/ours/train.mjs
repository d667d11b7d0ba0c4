// Run by `npm run bench -- training` in a process of its own; the settings are its argument, as JSON.
import { loadDataset } from '../../dist/node/dataset/index.js';
import { createReporter } from '../../dist/node/reporter.js';
import { loadTensorFlow } from '../../dist/node/tensorflow/load.js';
import { createConfig } from '../../dist/node/train/config.js';
import { train } from '../../dist/node/train/trainer.js';

const { backend, config: given, dataDir, target } = JSON.parse(process.argv[2]);
const reporter = createReporter(process.stderr, { quiet: true });
const dataset = await loadDataset({ dataset: 'mnist', dataDir, reporter });
const { tf } = await loadTensorFlow({ backend, reporter });
const config = createConfig(given);

// Of training alone: what follows an epoch's last step is measuring. `stepSeconds` is of the steps alone, without
// what goes before the first: building the network, preparing the images.
const epochs = [];
const reached = new AbortController();
let startedMs = performance.now();
let firstStepMs = 0;
const { model } = await train({
  tf,
  dataset,
  source: { dataset: 'mnist', dataDir },
  config,
  signal: reached.signal,
  onStep: ({ step, stepsPerEpoch, sums }) => {
    const nowMs = performance.now();
    if (step === 1) firstStepMs = nowMs;
    if (step < stepsPerEpoch) return;
    // The first step's own duration is taken from the others.
    const stepMs = stepsPerEpoch > 1 ? (nowMs - firstStepMs) / (stepsPerEpoch - 1) : nowMs - startedMs;
    epochs.push({
      seconds: (nowMs - startedMs) / 1000,
      stepSeconds: (stepsPerEpoch * stepMs) / 1000,
      images: sums.count,
    });
  },
  onEpoch: async ({ test }) => {
    epochs.at(-1).testAccuracy = test.accuracy;
    if (target !== undefined && test.accuracy >= target) reached.abort();
    startedMs = performance.now();
  },
});
model.dispose();
console.log(JSON.stringify({ arch: config.arch, batchSize: config.batchSize, epochs }));
