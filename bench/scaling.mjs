import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { generateSynthetic } from '../dist/core/index.js';
import { encodePng } from '../dist/node/images/encode-png.js';
import { median } from './shared/side-by-side.mjs';

export const description = 'what infer costs an image, and a million and a billion of them';

/** To draw one takes longer than to read it. */
const DRAWN_PHOTOS = 10;

const HELP = `npm run bench -- scaling [--model FILE] [--small 10000] [--photos 100] [--rounds 3] [--price 0.04]

  --small   28x28 PNG files that are drawn
  --photos  12-megapixel JPEG photos, of ${DRAWN_PHOTOS} digits; among few, each thread's first ones weigh too much
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
  for (const name of ['one', 'small', 'photos']) mkdirSync(join(folder, name));
  const { pixels } = generateSynthetic({ count: Math.max(smallCount, DRAWN_PHOTOS), seed: 1 });
  const digit = (i) => pixels.subarray(i * 784, (i + 1) * 784);
  const photos = await Promise.all(Array.from({ length: DRAWN_PHOTOS }, (_, i) => drawPhoto(digit(i))));
  for (let i = 0; i < photoCount; i++)
    writeFileSync(join(folder, 'photos', `${i}.jpg`), photos[i % DRAWN_PHOTOS]);
  for (let i = 0; i < smallCount; i++) {
    const png = await encodePng({ width: 28, height: 28, data: digit(i) });
    writeFileSync(join(folder, 'small', `${String(i).padStart(6, '0')}.png`), png);
    if (i === 0) writeFileSync(join(folder, 'one/0.png'), png);
  }
}

/** A dark digit on grainy paper, 4000 x 3000. */
async function drawPhoto(digit) {
  const dark = Buffer.from(digit.map((ink) => 225 - 0.7 * ink));
  const sheet = await sharp(dark, { raw: { width: 28, height: 28, channels: 1 } })
    .extend({ top: 40, bottom: 40, left: 60, right: 60, background: { r: 225, g: 225, b: 225 } })
    .resize(4000, 3000, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('srgb')
    .toBuffer({ resolveWithObject: true });
  const noise = { type: 'gaussian', mean: 128, sigma: 4 };
  const grain = await sharp({
    create: { width: 4000, height: 3000, channels: 3, noise, background: '#808080' },
  })
    .png()
    .toBuffer();
  return sharp(sheet.data, { raw: sheet.info })
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 90 })
    .toBuffer();
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
