// Makes a shipped model and its results again, by the commands that a user has. Needs MNIST.
//   node scripts/make-pretrained.mjs [cnn] [deep] [--keep-training]
// After a change of the converter, --keep-training goes on with the models that were trained.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';

const ROOT = 'models/pretrained';
const RESULTS_DIR = 'results/pretrained';
/** How each is made; the pictures and figures that are kept are the deep one's, which `infer` and the demo use. */
const RECIPES = {
  cnn: { train: [], keepsResults: false, precisions: [] },
  deep: { train: ['--arch', 'deep'], keepsResults: true, precisions: ['int8'] },
};

const { positionals: wanted, values } = parseArgs({
  allowPositionals: true,
  options: { 'keep-training': { type: 'boolean', default: false } },
});
for (const name of wanted.length > 0 ? wanted : Object.keys(RECIPES)) await make(name, RECIPES[name]);

async function make(name, { train, keepsResults, precisions }) {
  // The other folder is not under version control.
  const results = keepsResults ? RESULTS_DIR : `results/${name}`;
  const folder = `${ROOT}/mnist_${name}`;
  const model = `${folder}.onnx`;
  await mkdir(folder, { recursive: true });
  const logFile = `${folder}/training.log`;
  const trained = values['keep-training'] ? await readFile(logFile, 'utf8') : undefined;
  const log = createWriteStream(logFile);
  const data = ['--dataset', 'mnist'];
  if (trained === undefined) {
    await run(['train', ...train, ...data, '--model-dir', folder, '--results-dir', results], log);
  } else log.write(trained.split('$ npx mnist-onnx export', 1)[0]);
  await run(['export', model, '--model', folder, ...data, '--results-dir', results], log);
  for (const precision of precisions) {
    const reduced = `${folder}_${precision}.onnx`;
    await run(['export', reduced, '--model', folder, ...data, '--precision', precision], log);
  }
  await run(['eval', model, ...data, '--results-dir', results, '--corruptions'], log);
  // A megabyte that anyone can make again does not belong into the repository.
  await rm(`${results}/predictions.csv`);
  // The checkpoint serves a resumed run; it is no part of a finished model.
  await rm(`${folder}/checkpoint.bin`, { force: true });
  log.end();
}

/** Runs one of our commands; what it says goes to the log too. */
async function run(args, log) {
  const line = `$ npx mnist-onnx ${args.join(' ')}\n`;
  process.stdout.write(line);
  log.write(line);
  const child = spawn(process.execPath, ['bin/mnist-onnx.js', ...args], {
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    log.write(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    process.stderr.write(text);
    log.write(text);
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) process.exit(status ?? 1);
}
