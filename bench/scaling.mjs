import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateSynthetic } from '../dist/core/index.js';
import { makePhotos, makeSmallImages } from './infer/make-images.mjs';
import { median } from './shared/side-by-side.mjs';

export const description = 'what infer costs an image, and a million and a billion of them';

/** At least as many as there are on the photos. */
const DRAWN_DIGITS = 1000;

const HELP = `npm run bench -- scaling [--model FILE] [--small 10000] [--photos 100] [--rounds 3] [--price 0.04]

  --small   28x28 PNG files that are drawn
  --photos  12-megapixel JPEG photos; among few, each thread's first ones weigh too much
  --rounds  so often each folder is read; medians count
  --price   of a processor core for an hour`;

const PROGRAM = join(import.meta.dirname, '../bin/mnist-onnx.js');
/** Loaded before the program: tells the processor time of all its threads at the end. */
const CLOCK = `process.on('exit',()=>{const{user,system}=process.cpuUsage();process.stderr.write('cpu '+(user+system)/1000+'\\n')})`;

/** Processor time is what is paid for, and a machine that is busy otherwise hardly changes it. */
export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string' },
      small: { type: 'string', default: '10000' },
      photos: { type: 'string', default: '100' },
      rounds: { type: 'string', default: '3' },
      price: { type: 'string', default: '0.04' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'scaling-'));
  try {
    await drawImages(folder, Number(values.small), Number(values.photos));
    const measure = (name) => measureFolder(join(folder, name), values);
    const start = measure('one');
    const rows = ['small', 'photos'].map((name) => perImage(name, measure(name), start));
    console.log(`start of a process: ${start.cpuMs.toFixed(0)} ms of processor time\n`);
    print(rows, Number(values.price));
  } finally {
    rmSync(folder, { recursive: true });
  }
  return 0;
}

async function drawImages(folder, smallCount, photoCount) {
  const count = Math.max(smallCount, DRAWN_DIGITS);
  const images = { ...generateSynthetic({ count, seed: 1 }), count };
  makeSmallImages(join(folder, 'one'), images, 1);
  makeSmallImages(join(folder, 'small'), images, smallCount);
  await makePhotos(join(folder, 'photos'), images, photoCount);
}

function measureFolder(folder, { model, rounds }) {
  const output = `${folder}.csv`;
  const names = readdirSync(folder);
  const args = ['infer', folder, '--format', 'csv', '--output', output, ...(model ? ['--model', model] : [])];
  const cpuMs = Array.from({ length: Number(rounds) }, () => {
    const clock = `--import=data:text/javascript,${encodeURIComponent(CLOCK)}`;
    const { status, stderr } = spawnSync(process.execPath, [clock, PROGRAM, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`infer failed: ${stderr.trim().split('\n').at(-1)}`);
    return Number(/^cpu ([\d.]+)$/m.exec(stderr)[1]);
  });
  return {
    count: names.length,
    cpuMs: median(cpuMs),
    inputBytes: names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0),
    outputBytes: readFileSync(output).length,
  };
}

function perImage(name, { count, cpuMs, inputBytes, outputBytes }, start) {
  return {
    name: name === 'small' ? '28×28 PNG' : '12-megapixel JPEG',
    cpuMs: (cpuMs - start.cpuMs) / (count - 1),
    inputBytes: inputBytes / count,
    outputBytes: outputBytes / count,
  };
}

function print(rows, price) {
  console.log('| images | processor ms each | core hours | price | read | written |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const { name, cpuMs, inputBytes, outputBytes } of rows) {
    for (const [many, count] of [
      ['a million', 1e6],
      ['a billion', 1e9],
    ]) {
      const hours = (count * cpuMs) / 3.6e6;
      const cells = [cpuMs.toFixed(2), figure(hours), figure(hours * price)];
      console.log(
        `| ${many} ${name} | ${cells.join(' | ')} | ${size(count * inputBytes)} | ${size(count * outputBytes)} |`,
      );
    }
  }
}

const figure = (value) => Number(value.toPrecision(2)).toLocaleString('en');

function size(bytes) {
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${figure(bytes / 1000 ** power)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}
