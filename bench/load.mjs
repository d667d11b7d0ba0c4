import { spawn } from 'node:child_process';
import { link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSyntheticSplits } from '../dist/core/dataset/synthetic/index.js';
import { encodePng } from '../dist/node/images/encode-png.js';
import { silentReporter } from '../dist/node/reporter.js';
import { loadTensorFlow } from '../dist/node/tensorflow/load.js';
import { createConfig } from '../dist/node/train/config.js';
import { train } from '../dist/node/train/trainer.js';

export const description =
  'memory over a long infer and a long train (--images 1000000 --epochs 200 --model FILE)';

const PICTURES = 200;
const PER_FOLDER = 10_000;
const program = join(import.meta.dirname, '../bin/mnist-onnx.js');

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string', default: '1000000' },
      epochs: { type: 'string', default: '200' },
      model: { type: 'string' },
      backend: { type: 'string', default: 'auto' },
    },
  });
  if (Number(values.images) > 0) await inferMany(Number(values.images), values.model);
  if (Number(values.epochs) > 0) await trainLong(Number(values.epochs), values.backend);
  return 0;
}

/** `infer` over so many 28x28 images: links to a few, so that making them takes no longer than reading them. */
async function inferMany(count, model) {
  const folder = await mkdtemp(join(tmpdir(), 'mnist-onnx-load-'));
  try {
    await makeImages(folder, count);
    const args = ['infer', join(folder, 'in'), '--format', 'ndjson', ...(model ? ['--model', model] : [])];
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const started = performance.now();
    console.log('images read   resident memory, MB');
    let done = 0;
    let next = count / 20;
    let highest = 0;
    for await (const chunk of child.stdout) {
      for (const byte of chunk) if (byte === 10) done++;
      if (done < next) continue;
      next += count / 20;
      const megabytes = (await residentBytes(child.pid)) / 1e6;
      highest = Math.max(highest, megabytes);
      console.log(`${String(done).padStart(11)}   ${megabytes.toFixed(0)}`);
    }
    const seconds = (performance.now() - started) / 1000;
    console.log(`${done} of ${count} in ${seconds.toFixed(0)} s, at most ${highest.toFixed(0)} MB\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function makeImages(folder, count) {
  const { train: images } = createSyntheticSplits({ seed: 1, trainCount: PICTURES, testCount: 1 });
  await mkdir(join(folder, 'pictures'));
  for (let i = 0; i < PICTURES; i++) {
    const data = images.pixels.slice(i * 784, (i + 1) * 784);
    await writeFile(join(folder, 'pictures', String(i)), await encodePng({ width: 28, height: 28, data }));
  }
  for (let i = 0; i < count; i++) {
    const into = join(folder, 'in', String(Math.floor(i / PER_FOLDER)));
    if (i % PER_FOLDER === 0) await mkdir(into, { recursive: true });
    await link(join(folder, 'pictures', String(i % PICTURES)), join(into, `${i}.png`));
  }
}

async function residentBytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
}

/** `train` for so many epochs of a few images. */
async function trainLong(epochs, backend) {
  const { tf } = await loadTensorFlow({ backend, reporter: silentReporter });
  const splits = createSyntheticSplits({ seed: 1, trainCount: 200, testCount: 50 });
  const classes = Array.from('0123456789');
  console.log(`epoch   tensors   resident memory, MB (${tf.getBackend()})`);
  const { model } = await train({
    tf,
    dataset: { name: 'load', sha256: '0'.repeat(64), classes, ...splits },
    source: { dataset: 'load' },
    config: createConfig({ epochs, patience: 0, seed: 1 }),
    onEpoch: async ({ epoch }) => {
      if (epoch !== 1 && epoch % Math.ceil(epochs / 10) !== 0) return;
      const { numTensors } = tf.memory();
      const megabytes = (process.memoryUsage.rss() / 1e6).toFixed(0);
      console.log(`${String(epoch).padStart(5)}   ${String(numTensors).padStart(7)}   ${megabytes}`);
    },
  });
  model.dispose();
  console.log(`after   ${String(tf.memory().numTensors).padStart(7)}`);
}
