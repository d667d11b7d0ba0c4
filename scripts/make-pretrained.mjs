// Makes a shipped model and its results again, by the commands that a user has. Needs MNIST.
//   node scripts/make-pretrained.mjs [cnn] [deep]
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';

const ROOT = 'models/pretrained';
const RESULTS_DIR = 'results/pretrained';
/** How each is made; the pictures and figures that are kept are the deep one's, which `infer` and the demo use. */
const RECIPES = {
  cnn: { train: [], keepsResults: false, precisions: [] },
  deep: { train: ['--arch', 'deep'], keepsResults: true, precisions: ['int8'] },
};

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(RECIPES)) await make(name, RECIPES[name]);

async function make(name, { train, keepsResults, precisions }) {
  // The other folder is not under version control.
  const results = keepsResults ? RESULTS_DIR : `results/${name}`;
  const folder = `${ROOT}/mnist_${name}`;
  const model = `${folder}.onnx`;
  await mkdir(folder, { recursive: true });
  const log = createWriteStream(`${folder}/training.log`);
  const data = ['--dataset', 'mnist'];
  await run(['train', ...train, ...data, '--model-dir', folder, '--results-dir', results], log);
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
