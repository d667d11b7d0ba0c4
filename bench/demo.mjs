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
