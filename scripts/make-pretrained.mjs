// Makes the shipped model and its results again, by the commands that a user has. Needs MNIST.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';

const MODEL_DIR = 'models/pretrained/mnist_cnn';
const MODEL = 'models/pretrained/mnist_cnn.onnx';
const RESULTS_DIR = 'results/pretrained';

await mkdir(MODEL_DIR, { recursive: true });
const log = createWriteStream('models/pretrained/training.log');

await run(['train', '--dataset', 'mnist', '--model-dir', MODEL_DIR, '--results-dir', RESULTS_DIR]);
await run(['export', MODEL, '--model', MODEL_DIR, '--dataset', 'mnist', '--results-dir', RESULTS_DIR]);
await run(['eval', MODEL, '--dataset', 'mnist', '--results-dir', RESULTS_DIR, '--corruptions']);
// A megabyte that anyone can make again does not belong into the repository.
await rm(`${RESULTS_DIR}/predictions.csv`);
// The checkpoint serves a resumed run; it is no part of a finished model.
await rm(`${MODEL_DIR}/checkpoint.bin`, { force: true });
log.end();

/** Runs one of our commands; what it says goes to the log too. */
async function run(args) {
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
