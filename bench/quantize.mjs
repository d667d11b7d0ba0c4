import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { convertArtifacts } from '../dist/core/convert/index.js';
import { argmax } from '../dist/core/index.js';
import { toFloat16, toInt8 } from '../dist/core/quantize/index.js';
import { loadDataset } from '../dist/node/dataset/index.js';
import { calibrate, trainingImages } from '../dist/node/export/calibrate.js';
import { runBatch } from '../dist/node/export/run-batch.js';
import { testSamples } from '../dist/node/export/samples.js';
import { readSavedModel } from '../dist/node/export/saved-model.js';
import { PRETRAINED_DIR } from '../dist/node/paths.js';
import { createReporter } from '../dist/node/reporter.js';
import { createNodeSession, createWebSession } from '../dist/node/runtime/index.js';

export const description =
  'fp16 and int8 on real MNIST, and our export against PyTorch’s of the same network';

const HELP = `npm run bench -- quantize [--model DIR] [--data-dir DIR] [--dataset NAME] [--limit N]
                          [--rounds N] [--threads N] [--python PATH] [--json FILE]

  --model    the tfjs model of 28x28 images; by default the one that comes with mnist-onnx
  --limit    test images, by default all
  --threads  of each runtime; by default onnxruntime-node's choice, and 1 on WASM
  --rounds   timed runs of each precision, by default 9; their median counts
  --python   a Python with torch and onnx (onnxscript too for PyTorch's newer exporter)
  --json     writes the figures as JSON too`;

const TIMED_IMAGES = 1000;
const RUNTIMES = { 'onnxruntime-node': createNodeSession, 'onnxruntime-web (wasm)': createWebSession };

/** Prints both tables; what was measured on is said on stderr. */
export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string', default: join(PRETRAINED_DIR, 'mnist_cnn') },
      'data-dir': { type: 'string' },
      dataset: { type: 'string', default: 'mnist' },
      limit: { type: 'string' },
      rounds: { type: 'string', default: '9' },
      threads: { type: 'string' },
      python: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const reporter = createReporter(process.stderr);
  const { artifacts } = await readSavedModel(values.model, reporter);
  const dataset = await loadDataset({ dataset: values.dataset, dataDir: values['data-dir'], reporter });
  const converted = convertArtifacts(artifacts, { isClassifier: true });
  const models = await makeModels(converted, dataset, reporter);
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  const settings = { limit, rounds: Number(values.rounds), reporter };
  if (values.threads !== undefined) settings.session = { threads: Number(values.threads) };
  const rows = await measure(models, converted, dataset, settings);
  const exporters = [describeOurs(converted), ...runPyTorch(values.python, countParameters(converted))];
  if (values.json) {
    const { writeFileAtomic } = await import('../dist/node/files.js');
    await writeFileAtomic(values.json, `${JSON.stringify({ precisions: rows, exporters }, null, 2)}\n`);
  }
  print(rows, exporters, converted.bytes.length);
  return 0;
}

async function makeModels(converted, dataset, reporter) {
  const { graph, write } = converted;
  const models = [
    { precision: 'fp32', bytes: converted.bytes },
    { precision: 'fp16', bytes: write(toFloat16(graph, { keepIoTypes: true })) },
  ];
  const data = trainingImages(dataset, [null, 28, 28, 1]);
  for (const method of ['minmax', 'percentile', 'entropy']) {
    const ranges = await calibrate({ converted, data, method, reporter });
    models.push({ precision: `int8, ${method}`, bytes: write(toInt8(graph, ranges)) });
  }
  return models;
}

/** Accuracy on all test images; then speed, the precisions taking turns so that a busy machine hits all alike. */
async function measure(
  models,
  { inputs, outputs },
  dataset,
  { limit, rounds, session: options = {}, reporter },
) {
  const samples = testSamples(dataset, [null, 28, 28, 1], limit);
  const timed = [...testSamples(dataset, [null, 28, 28, 1], TIMED_IMAGES).batches()];
  const timedCount = timed.reduce((sum, batch) => sum + batch.count, 0);
  const rows = models.map(({ precision, bytes }) => ({ precision, bytes: bytes.length, runtimes: {} }));
  for (const [runtime, create] of Object.entries(RUNTIMES)) {
    reporter.note(`measuring on ${runtime}, on ${samples.description}`);
    const sessions = await Promise.all(
      models.map(({ bytes }) => create(bytes, { device: 'cpu', ...options })),
    );
    const classes = [];
    for (const [i, session] of sessions.entries()) {
      classes[i] = await classify(session, inputs, outputs[0].name, samples);
      const right = classes[i].filter((label, at) => label === dataset.test.labels[at]).length;
      rows[i].runtimes[runtime] = { accuracy: right / samples.count, images: samples.count };
    }
    const speeds = models.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, session] of sessions.entries()) {
        const started = performance.now();
        for (const batch of timed) await runBatch(session, inputs, batch);
        speeds[i].push((1000 * timedCount) / (performance.now() - started));
      }
    }
    for (const [i, session] of sessions.entries()) {
      rows[i].runtimes[runtime].imagesPerSecond = Math.round(median(speeds[i]));
      await session.release();
    }
  }
  return rows;
}

async function classify(session, inputs, output, samples) {
  const classes = [];
  for (const batch of samples.batches()) {
    const { data, shape } = (await runBatch(session, inputs, batch))[output];
    for (let i = 0; i < batch.count; i++)
      classes.push(argmax(data.subarray(i * shape[1], (i + 1) * shape[1])));
  }
  return classes;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function countParameters({ graph }) {
  return [...graph.constants.values()].reduce(
    (sum, { type, data }) => sum + (type === 'float32' ? data.length : 0),
    0,
  );
}

function describeOurs(converted) {
  const { graph, bytes } = converted;
  const weightBytes = [...graph.constants.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  return {
    exporter: 'mnist-onnx',
    nodes: graph.nodes.length,
    ops: graph.nodes.map((node) => node.op),
    bytes: bytes.length,
    weightBytes,
    parameters: countParameters(converted),
  };
}

/** PyTorch's exporters on the same network; each says itself why it could not run. */
function runPyTorch(python, parameters) {
  const skip = (skipped) => [{ exporter: 'PyTorch', skipped }];
  if (!python) return skip('no --python PATH was given (a Python with torch and onnx)');
  const folder = mkdtempSync(join(tmpdir(), 'export-cnn-'));
  try {
    const script = join(import.meta.dirname, 'peers/export_cnn.py');
    const { status, stdout, stderr, error } = spawnSync(python, [script, folder], { encoding: 'utf8' });
    if (error) return skip(`${python} does not start: ${error.message}`);
    if (status !== 0) return skip(stderr.trim().split('\n').at(-1) ?? `${python} failed`);
    return JSON.parse(stdout.trim().split('\n').at(-1)).map((row) =>
      row.skipped || row.parameters === parameters
        ? row
        : {
            exporter: row.exporter,
            skipped: `it has ${row.parameters} parameters, this model ${parameters}: another network`,
          },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(rows, exporters, fp32Bytes) {
  const runtimes = Object.keys(RUNTIMES);
  const columns = runtimes.flatMap((runtime) => [`${runtime}: accuracy`, 'images/s']);
  console.log(`| precision | bytes | of fp32 | ${columns.join(' | ')} |`);
  console.log(`| --- |${' ---: |'.repeat(2 + columns.length)}`);
  for (const { precision, bytes, runtimes: measured } of rows) {
    const cells = runtimes.flatMap((runtime) => {
      const { accuracy, imagesPerSecond } = measured[runtime];
      return [`${(100 * accuracy).toFixed(2)}%`, imagesPerSecond];
    });
    const share = `${((100 * bytes) / fp32Bytes).toFixed(1)}%`;
    console.log(`| ${precision} | ${bytes} | ${share} | ${cells.join(' | ')} |`);
  }
  console.log('\n| exporter | nodes | bytes | beyond the weights | operators |');
  console.log('| --- | ---: | ---: | ---: | --- |');
  for (const { exporter, skipped, nodes, bytes, weightBytes, ops } of exporters) {
    const cells = skipped
      ? ` | | | skipped: ${skipped}`
      : `${nodes} | ${bytes} | ${bytes - weightBytes} | ${ops.join(' ')}`;
    console.log(`| ${exporter} | ${cells} |`);
  }
}
