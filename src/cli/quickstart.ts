import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import { formatList } from '../node/format/list.js';
import { MODEL_DIR, packageRoot, RESULTS_DIR } from '../node/paths.js';
import { formatDuration } from '../node/reporter.js';

/** WASM trains in about twice the native time, on one thread: fewer images keep the whole within minutes. */
const WASM_LIMIT = 20_000;
const MODEL = 'models/mnist_cnn.onnx';

// Who reads only the beginning (`| head`) wants no more.
process.stdout.on('error', () => process.exit(0));

const startedMs = performance.now();
console.log('From nothing to a model that reads images, each step as you would type it.');

step(1, 'Prepare TensorFlow.js');
const setup = JSON.parse(await run(['setup', '--json'], { capture: true })) as {
  backend: string;
  version: string;
};
console.log(`TensorFlow.js runs on ${setup.backend} ${setup.version}.`);

const onWasm = setup.backend === 'wasm';
step(2, 'Train a convolutional network');
if (onWasm)
  console.log(
    pc.yellow(`WASM is slower than native TensorFlow: training on ${WASM_LIMIT} images instead of all.`),
  );
await run(['train', ...(onWasm ? ['--limit', String(WASM_LIMIT)] : [])]);

step(3, 'Convert it to ONNX, and prove that both give the same answers');
await run(['export', MODEL]);

step(4, 'Evaluate the ONNX file with ONNX Runtime');
await run(['eval', MODEL]);

step(5, 'Read images with it');
await run(['infer', 'images/', '--model', MODEL]);

const record = JSON.parse(await readFile(join(MODEL_DIR, 'training.json'), 'utf8'));
console.log(`
${pc.green(pc.bold('Done'))} in ${formatDuration(performance.now() - startedMs)}: test accuracy ${pc.bold(`${(record.test.accuracy * 100).toFixed(2)}%`)} on ${record.dataset.name}.

${formatList([
  [`${MODEL_DIR}/`, 'the tfjs model, and the record of its training'],
  [MODEL, 'the ONNX model'],
  [`${RESULTS_DIR}/report.html`, 'all figures and pictures on one page: open it in a browser'],
  [`${RESULTS_DIR}/metrics.json`, 'the figures as data'],
])}

Next:
${formatList([
  ['npx mnist-onnx infer my-scans/ --format csv', 'your own pictures'],
  ['npx mnist-onnx train --epochs 10 --resume', 'five epochs more'],
  ['npm run demo', 'draw digits in the browser'],
  ['npx mnist-onnx doctor', 'what is ready on this machine'],
])}`);

function step(number: number, title: string): void {
  console.log(`\n${pc.bold(`${number}/5 ${title}`)}`);
}

/** Runs one of our commands as a user would, and ends the process with its status if it fails. */
async function run(args: readonly string[], { capture = false } = {}): Promise<string> {
  console.log(pc.cyan(`$ npx mnist-onnx ${args.filter((arg) => !(capture && arg === '--json')).join(' ')}`));
  const child = spawn(process.execPath, [join(packageRoot, 'bin/mnist-onnx.js'), ...args], {
    stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    output += chunk;
  });
  // Ctrl-C reaches the child by itself, which then saves its work; this process waits for it.
  const ignore = () => {};
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on('SIGINT', ignore).on('SIGTERM', forward);
  const status = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  process.off('SIGINT', ignore).off('SIGTERM', forward);
  if (status !== 0) process.exit(status);
  return output;
}
