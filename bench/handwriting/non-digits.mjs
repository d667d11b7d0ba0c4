import sharp from 'sharp';
import { createRandom } from '../../dist/core/random.js';
import { drawPaper, toImage } from './draw-paper.mjs';
import { LETTERS } from './letters.mjs';

/** Words of letters that look like no digit. */
const WORDS = [
  'water',
  'paper',
  'nature',
  'the',
  'market',
  'Hamme',
  'WARM',
  'Kern',
  'HEAT',
  'PARK',
  'name',
  'Mathe',
  'Text',
  'warte',
];
const FONTS = ['DejaVu Sans', 'DejaVu Serif', 'Inter', 'DejaVu Sans Mono'];

const PER_KIND = 60;

/** Images without a digit, each `{ kind, image }`; the seed fixes them all. */
export async function drawNonDigits(seed = 7) {
  const made = [];
  for (const [kind, draw] of Object.entries({ paper, letters, scribble, print })) {
    for (let i = 0; i < PER_KIND; i++) {
      made.push({ kind, image: await draw(createRandom(seed, kind.length, i), i) });
    }
  }
  return made;
}

function pick(random, values) {
  return values[Math.floor(random() * values.length)];
}

function sheet(random, longer, ruling = 'none') {
  const side = Math.round(longer);
  const width = Math.round(side * (0.7 + 0.6 * random()));
  const shadow = pick(random, ['none', 'soft', 'sharp']);
  return {
    width,
    height: side,
    light: drawPaper(width, side, random, { shadow, ruling, isBoard: random() < 0.15 }),
  };
}

function paper(random, i) {
  const ruling = ['none', 'none', 'ruled', 'squared'][i % 4];
  const { light, width, height } = sheet(random, 200 + 600 * random(), ruling);
  return toImage(light, width, height, random() < 0.7 ? Math.round(40 + 50 * random()) : undefined);
}

function letters(random) {
  const { light, width, height } = sheet(random, 200 + 200 * random());
  const count = pick(random, [1, 1, 2, 3]);
  const size = Math.min(0.6 * height, (0.8 * width) / count);
  for (let i = 0; i < count; i++) {
    const left = (width - count * size) / 2 + i * size;
    const jitter = () => 0.06 * (random() - 0.5);
    for (const stroke of LETTERS[pick(random, Object.keys(LETTERS))]) {
      const points = stroke.map(([x, y]) => [
        left + size * 0.75 * (x + jitter()) + size * 0.12 * (1 - y),
        (height - size) / 2 + size * (y + jitter()),
      ]);
      ink(light, width, height, points, size * (0.03 + 0.05 * random()), 0.5 + 0.4 * random());
    }
  }
  return toImage(light, width, height, 85);
}

function scribble(random) {
  const { light, width, height } = sheet(random, 200 + 200 * random());
  const count = 25 + Math.floor(30 * random());
  const points = [];
  let [x, y, angle] = [width / 2, height / 2, 2 * Math.PI * random()];
  let turn = 0;
  for (let i = 0; i < count; i++) {
    turn = 0.6 * turn + 1.6 * (random() - 0.5);
    angle += turn;
    x += 0.09 * width * Math.cos(angle) + 0.06 * (width / 2 - x);
    y += 0.09 * height * Math.sin(angle) + 0.06 * (height / 2 - y);
    // It stays on the sheet: cut off by its edge, part of a scribble may well be a digit.
    points.push([within(x, width), within(y, height)]);
  }
  ink(light, width, height, points, 3 + 6 * random(), 0.5 + 0.4 * random());
  return toImage(light, width, height, 85);
}

function within(value, length) {
  return Math.max(0.1 * length, Math.min(0.9 * length, value));
}

async function print(random) {
  const { light, width, height } = sheet(random, 150 + 200 * random());
  const size = Math.min(0.5 * height, width / 4) * (0.5 + 0.5 * random());
  const weight = pick(random, [400, 700]);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${Math.round(height)}">
    <text x="50%" y="60%" text-anchor="middle" font-family="${pick(random, FONTS)}" font-weight="${weight}" font-size="${size}">${pick(random, WORDS)}</text></svg>`;
  const { data } = await sharp(Buffer.from(svg))
    .extractChannel(3)
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (let i = 0; i < light.length; i++) light[i] *= 1 - (0.8 * data[i]) / 255;
  return toImage(light, width, height, 85);
}

/** Draws a polyline with a round pen; on a dark board its ink is light. */
function ink(light, width, height, points, radius, strength) {
  const reach = Math.ceil(radius + 1);
  const cover = new Float32Array(light.length);
  for (let i = 1; i < points.length; i++) {
    const [[ax, ay], [bx, by]] = [points[i - 1], points[i]];
    const [dx, dy] = [bx - ax, by - ay];
    const top = Math.max(0, Math.floor(Math.min(ay, by) - reach));
    const bottom = Math.min(height - 1, Math.ceil(Math.max(ay, by) + reach));
    const left = Math.max(0, Math.floor(Math.min(ax, bx) - reach));
    const right = Math.min(width - 1, Math.ceil(Math.max(ax, bx) + reach));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy + 1e-9)));
        const distance = Math.hypot(x - ax - t * dx, y - ay - t * dy);
        cover[y * width + x] = Math.max(cover[y * width + x], Math.min(1, radius + 0.5 - distance));
      }
    }
  }
  const isBoard = median(light) < 90;
  for (let i = 0; i < light.length; i++) {
    if (cover[i] > 0) light[i] += strength * cover[i] * (isBoard ? 230 - light[i] : -light[i]);
  }
}

function median(values) {
  return Float32Array.from(values).sort()[values.length >> 1];
}
