// Draws the README's picture of the demo: the built page (npm run build:demo) with three digits on its sheet.
//   node scripts/make-screenshot.mjs [FILE.png]
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { DEMO_DIR } from '../dist/node/demo/demo-files.js';
import { listFiles } from '../dist/node/demo/file-table.js';
import { startServer } from '../dist/node/demo/start-server.js';

const FILE = process.argv[2] ?? 'web-demo/screenshot.png';
const CHROMIUM = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path));
const FLAGS = ['headless', 'no-sandbox', 'disable-gpu', 'force-color-profile=srgb'];

/** Each a stroke in a square of side 1, and how far right of the sheet's left edge that lies, in heights of the sheet. */
const STROKES = [
  {
    left: 0.06,
    turns: [
      [0.1, 0.26],
      [0.2, 0.06],
      [0.5, 0.0],
      [0.72, 0.14],
      [0.7, 0.4],
      [0.4, 0.72],
      [0.1, 1],
      [0.8, 1],
    ],
  },
  {
    left: 0.47,
    turns: [
      [0.08, 0.06],
      [0.5, 0.03],
      [0.86, 0.08],
      [0.6, 0.55],
      [0.45, 1],
    ],
  },
  {
    left: 0.92,
    turns: [
      [0.12, 0.2],
      [0.3, 0.03],
      [0.55, 0.02],
      [0.7, 0.2],
      [0.58, 0.42],
      [0.36, 0.48],
      [0.62, 0.54],
      [0.76, 0.76],
      [0.58, 0.97],
      [0.28, 0.98],
      [0.1, 0.8],
    ],
  },
];
const [TOP, SIDE] = [0.29, 0.42];

const server = await startServer({ files: await listFiles(DEMO_DIR), port: 0 });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS.map((flag) => `--${flag}`) });
try {
  const page = await browser.newPage({ viewport: { width: 1180, height: 1142 }, reducedMotion: 'reduce' });
  await page.goto(server.url);
  await page.getByText('Blank: draw a digit').first().waitFor();
  const sheet = await page.locator('#sheet').boundingBox();
  for (const { left, turns } of STROKES) {
    const places = smooth(turns).map(([x, y]) => [left + SIDE * x, TOP + SIDE * y]);
    for (const [i, [x, y]] of places.entries()) {
      await page.mouse.move(sheet.x + sheet.height * x, sheet.y + sheet.height * y);
      if (i === 0) await page.mouse.down();
    }
    await page.mouse.up();
  }
  await page.getByText('This reads 273').first().waitFor();
  await page.getByText('Ink that makes it a 3').waitFor();
  await page.mouse.move(1, 1);
  await page.screenshot({ path: FILE });
  console.log(`picture: ${FILE}`);
} finally {
  await browser.close();
  await server.close();
}

/** Places along the curve through all turns (Catmull-Rom). */
function smooth(turns) {
  const at = (i) => turns[Math.max(0, Math.min(turns.length - 1, i))];
  const places = [turns[0]];
  for (let i = 0; i + 1 < turns.length; i++) {
    for (let t = 0.125; t <= 1; t += 0.125) {
      places.push(
        [0, 1].map((axis) => {
          const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)].map((turn) => turn[axis]);
          return b + (t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))) / 2;
        }),
      );
    }
  }
  return places;
}
