import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { locateMnist } from '../dist/node/dataset/index.js';
import { writeFileAtomic } from '../dist/node/files.js';
import {
  alternate,
  median,
  OPTIONS,
  partsOf,
  printRatios,
  runOurs,
  runPeer,
} from './shared/side-by-side.mjs';

export const description = 'seconds an epoch and to a test accuracy, against PyTorch; WASM against native';

const HELP = `npm run bench -- training [--only epoch,target,wasm] [--limit N] [--wasm-limit 2000] [--target 0.99]
                          [--arch NAME] [--max-epochs 14] [--seed 1] [--rounds 5] [--python PATH]
                          [--data-dir DIR] [--json FILE]

  --only        epoch: an epoch of the CNN at batch 64, native, against PyTorch
                target: training seconds to --target, our default recipe against PyTorch's MNIST example
                wasm: an image's training on WASM against native
  --limit       training images, by default all
  --wasm-limit  training images for wasm
  --arch        of our recipe for target; by default the one that train takes
  --seed        of the first round; each round has its own
  --python      a Python with numpy and torch; by default MNIST_ONNX_PYTHON, else python3
  --rounds      both take turns so often; medians count`;

const EPOCH_IMAGES = 60_000;

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      ...OPTIONS,
      only: { type: 'string', default: 'epoch,target,wasm' },
      limit: { type: 'string' },
      'wasm-limit': { type: 'string', default: '2000' },
      target: { type: 'string', default: '0.99' },
      arch: { type: 'string' },
      'max-epochs': { type: 'string', default: '14' },
      seed: { type: 'string', default: '1' },
      'data-dir': { type: 'string' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const parts = partsOf(values.only, { epoch: measureEpoch, target: measureTarget, wasm: measureWasm });
  const located = await locateMnist(values['data-dir']);
  if (!located) {
    console.error('MNIST is not on this machine: name its folder with --data-dir or MNIST_ONNX_DATA.');
    return 1;
  }
  const folder = dirname(Object.values(located.paths)[0]);
  const rows = parts.map((measure) => measure(values, folder));
  if (values.json) await writeFileAtomic(values.json, `${JSON.stringify(rows, null, 2)}\n`);
  return printRatios(rows, { peer: 'peer' });
}

/** Training alone, of the CNN with nothing but what PyTorch's script does; ours keeps images back to validate. */
function measureEpoch({ python, rounds, limit, seed }, folder) {
  const config = { arch: 'cnn', batchSize: 64, epochs: 1, ...(limit ? { limit: Number(limit) } : {}) };
  const turn = counter(seed);
  const results = alternate(
    {
      ours: () =>
        runOurs('train.mjs', { backend: 'native', dataDir: folder, config: { ...config, seed: turn() } }),
      peer: () => peer(python, folder, { recipe: 'cnn', 'batch-size': 64, epochs: 1, limit, seed }),
    },
    Number(rounds),
  );
  const [ours, theirs] = [results.ours, results.peer].map((runs) =>
    median(
      runs.map(
        ({ epochs: [{ seconds, stepSeconds = seconds, images }] }) => (stepSeconds * EPOCH_IMAGES) / images,
      ),
    ),
  );
  return {
    what: `seconds an epoch of ${EPOCH_IMAGES} images, CNN, batch 64`,
    ours: ours.toFixed(1),
    peer: `${theirs.toFixed(1)} (PyTorch ${results.peer[0].version})`,
    ratio: ours / theirs,
    bar: '≤1.0',
    results,
  };
}

function measureTarget({ python, rounds, limit, target, arch, seed, 'max-epochs': maxEpochs }, folder) {
  const config = { ...(arch ? { arch } : {}), ...(limit ? { limit: Number(limit) } : {}) };
  const [ourTurn, peerTurn] = [counter(seed), counter(seed)];
  const results = alternate(
    {
      ours: () => {
        const settings = { backend: 'native', dataDir: folder, target: Number(target) };
        return runOurs('train.mjs', { ...settings, config: { ...config, seed: ourTurn() } });
      },
      peer: () =>
        peer(python, folder, { recipe: 'example', target, epochs: maxEpochs, limit, seed: peerTurn() }),
    },
    Number(rounds),
  );
  const seconds = ({ epochs }) => epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const missed = [results.ours, results.peer].map(
    (runs) => runs.filter(({ epochs }) => epochs.at(-1).testAccuracy < Number(target)).length,
  );
  const [ours, theirs] = [results.ours, results.peer].map((runs) => median(runs.map(seconds)));
  const note = (count) => (count === 0 ? '' : ` (${count} of ${rounds} runs never reached it)`);
  return {
    what: `training seconds to a test accuracy of ${target}`,
    ours: `${ours.toFixed(1)}${note(missed[0])}`,
    peer: `${theirs.toFixed(1)}${note(missed[1])} (PyTorch's MNIST example)`,
    ratio: ours / theirs,
    bar: '≤0.25',
    results,
  };
}

function measureWasm({ rounds, seed, 'wasm-limit': limit }, folder) {
  const config = { arch: 'cnn', batchSize: 64, epochs: 1, limit: Number(limit), seed: Number(seed) };
  const side = (backend) => () => runOurs('train.mjs', { backend, dataDir: folder, config });
  const results = alternate({ wasm: side('wasm'), native: side('native') }, Number(rounds));
  const [wasm, native] = [results.wasm, results.native].map((runs) =>
    median(runs.map(({ epochs: [{ stepSeconds, images }] }) => (1000 * stepSeconds) / images)),
  );
  return {
    what: 'WASM, ms an image of training',
    ours: wasm.toFixed(2),
    peer: `${native.toFixed(2)} (our native backend)`,
    ratio: wasm / native,
    bar: '≤3',
    results,
  };
}

/** Seeds, another for each round. */
function counter(first) {
  let next = Number(first);
  return () => next++;
}

function peer(python, folder, options) {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return runPeer(python, 'train_mnist.py', [
    folder,
    ...given.flatMap(([name, value]) => [`--${name}`, String(value)]),
  ]);
}
