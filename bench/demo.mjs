import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { DEMO_DIR } from '../dist/node/demo/demo-files.js';
import { listFiles } from '../dist/node/demo/file-table.js';
import { startServer } from '../dist/node/demo/start-server.js';

export const description =
  'the demo (after npm run build:demo): time to the first prediction, times of a reading, Lighthouse';

/** Run through npx: with what it brings along it is as large as all other development tools together. */
const LIGHTHOUSE = 'lighthouse@12.8.2';
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const CHROMIUM = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path));
const FLAGS = ['headless', 'no-sandbox', 'disable-gpu', 'no-first-run', 'disable-background-networking'];

/** Serves the built page as a static host with brotli does, and measures it. */
export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      folder: { type: 'string', default: DEMO_DIR },
      visits: { type: 'string', default: '5' },
      'no-lighthouse': { type: 'boolean', default: false },
    },
  });
  const server = await startServer({ files: await listFiles(values.folder), port: 0 });
  try {
    await measureVisits(server.url, Number(values.visits));
    await measureStrokes(server.url);
    if (!values['no-lighthouse']) {
      await measureLighthouse(server.url, 'mobile');
      await measureLighthouse(server.url, 'desktop');
    }
  } finally {
    await server.close();
  }
}

/** From the start of the navigation, each in a browser that has never seen the page. */
async function measureVisits(url, count) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS.map((flag) => `--${flag}`) });
  const visits = [];
  for (let i = 0; i < count; i++) {
    const page = await (await browser.newContext()).newPage();
    // The first sample picture is opened as soon as the page is there; it is read once the network is.
    await page.addInitScript(() => {
      document.addEventListener(
        'mnist-onnx:reading',
        ({ detail }) => Object.assign(globalThis, { first: { at: performance.now(), ...detail } }),
        { once: true },
      );
      document.addEventListener('DOMContentLoaded', () => document.querySelector('#samples button').click());
    });
    await page.goto(url);
    await page.waitForFunction(() => globalThis.first);
    const { at, prediction } = await page.evaluate(() => globalThis.first);
    if (prediction.status !== 'ok') throw new Error(`the first sample is ${prediction.status}`);
    const warm = page.locator('#warm-time');
    await page.waitForFunction(() => /ms/.test(document.querySelector('#warm-time').textContent));
    visits.push({ firstMs: at, warm: await warm.textContent() });
    await page.context().close();
  }
  await browser.close();
  visits.sort((a, b) => a.firstMs - b.firstMs);
  const median = visits[Math.floor(count / 2)];
  console.log(
    `first prediction: ${visits[0].firstMs.toFixed(0)} ms at best, ${median.firstMs.toFixed(0)} ms in the median of ${count} visits`,
  );
  console.log(`each run of the network after it: ${median.warm}`);
}

/** A 3, as places on a sheet of width and height 1. */
const STROKE = [
  [0.38, 0.26],
  [0.45, 0.18],
  [0.54, 0.2],
  [0.58, 0.32],
  [0.53, 0.44],
  [0.47, 0.49],
  [0.55, 0.53],
  [0.6, 0.67],
  [0.55, 0.8],
  [0.45, 0.83],
  [0.38, 0.74],
];
/** The classic network, in fp32. */
const STROKE_NETWORK = 'mnist_cnn';
const WARM_STROKES = 3;
const STROKES = 6;

/** From the pointer's event to the bars, with the next event only after them. */
async function measureStrokes(url) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS.map((flag) => `--${flag}`) });
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.addInitScript(() => {
    const times = [];
    let event = 0;
    Object.assign(globalThis, { times });
    const onPointer = () => {
      event = performance.now();
    };
    for (const type of ['pointerdown', 'pointermove']) addEventListener(type, onPointer, true);
    document.addEventListener('mnist-onnx:reading', ({ detail: { drawMs, prepareMs, runMs } }) => {
      times.push({ total: performance.now() - event, drawMs, prepareMs, runMs });
    });
  });
  await page.goto(url);
  const isWarm = () =>
    page.waitForFunction(() => /ms/.test(document.querySelector('#warm-time').textContent));
  await isWarm();
  const options = await page.locator('#model-choice option').allTextContents();
  const index = options.findIndex((option) => option.startsWith(STROKE_NETWORK));
  await page.locator('#model-choice').selectOption({ index });
  await page.waitForFunction(
    (name) => document.querySelector('#model').textContent.includes(name),
    STROKE_NETWORK,
  );
  await isWarm();
  const { x, y, width, height } = await page.locator('#sheet').boundingBox();
  const moveTo = ([u, v]) => page.mouse.move(x + u * width, y + v * height);
  /** Carries out a movement and waits for its reading, which is the only one under way. */
  const read = async (move) => {
    const count = await page.evaluate(() => globalThis.times.length);
    await move();
    await page.waitForFunction((count) => globalThis.times.length > count, count);
  };
  const measured = [];
  for (let i = 0; i < WARM_STROKES + STROKES; i++) {
    await moveTo(STROKE[0]);
    await read(() => page.mouse.down());
    for (const place of STROKE.slice(1)) await read(() => moveTo(place));
    if (i >= WARM_STROKES) measured.push(...(await page.evaluate(() => globalThis.times.slice(1))));
    await page.mouse.up();
    await page.locator('#clear').click();
    await page.evaluate(() => globalThis.times.splice(0));
  }
  await browser.close();
  const median = (of) => {
    const values = measured.map(of).sort((a, b) => a - b);
    return `${values[Math.floor(values.length / 2)].toFixed(1)} ms`;
  };
  const best = Math.min(...measured.map(({ total }) => total)).toFixed(1);
  console.log(
    `from pen to bars, ${STROKE_NETWORK}: ${median(({ total }) => total)} in the median of ${measured.length} movements, ${best} ms at best; ` +
      `of that ${median(({ drawMs }) => drawMs)} to pixels, ${median(({ prepareMs }) => prepareMs)} to digits, ` +
      `${median(({ runMs }) => runMs)} to answers`,
  );
}

async function measureLighthouse(url, device) {
  const folder = await mkdtemp(join(tmpdir(), 'lighthouse-'));
  const output = join(folder, 'report.json');
  const args = [
    '--yes',
    LIGHTHOUSE,
    url,
    '--quiet',
    `--only-categories=${CATEGORIES}`,
    '--output=json',
    `--output-path=${output}`,
    `--chrome-flags=${FLAGS.map((flag) => `--${flag}`).join(' ')}`,
    ...(device === 'desktop' ? ['--preset=desktop'] : []),
  ];
  await promisify(execFile)('npx', args, { env: { ...process.env, CHROME_PATH: CHROMIUM } });
  const { categories, audits } = JSON.parse(await readFile(output, 'utf8'));
  await rm(folder, { recursive: true });
  const scores = CATEGORIES.map((name) => `${name} ${Math.round(100 * categories[name].score)}`);
  console.log(`Lighthouse, ${device}: ${scores.join(', ')}`);
  for (const name of CATEGORIES) {
    for (const { id, weight } of categories[name].auditRefs) {
      const { score, title, displayValue = '' } = audits[id];
      if (weight > 0 && score !== null && score < 0.9) console.log(`  ${title} ${displayValue}`);
    }
  }
}
