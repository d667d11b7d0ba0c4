import { drawDigitOnCanvas } from '../../dist/core/index.js';
import { createRandom } from '../../dist/core/random.js';
import { drawPaper, toImage } from './draw-paper.mjs';

const PER_KIND = 6;

/** What a photo of digits may look like; sides and heights in pixels. */
const KINDS = {
  'one digit': { lines: 1, digits: 1, height: [60, 300] },
  'one line': { lines: 1, digits: 5, height: [50, 120] },
  'several lines': { lines: 3, digits: 5, height: [40, 80], slope: 0.06 },
  'ruled paper': { lines: 2, digits: 4, height: [50, 120], ruling: 'ruled' },
  'squared paper': { lines: 2, digits: 4, height: [50, 120], ruling: 'squared' },
  blackboard: { lines: 1, digits: 5, height: [60, 140], isBoard: true },
  'pale thin ink': { lines: 1, digits: 5, height: [60, 140], pen: [0.03, 0.05], strength: [0.25, 0.4] },
  'sharp shadow': { lines: 2, digits: 5, height: [50, 120], shadow: 'sharp' },
  touching: { lines: 1, digits: 4, height: [80, 160], spacing: [-0.06, 0.0] },
  'broken strokes': { lines: 1, digits: 4, height: [80, 160], breaks: true },
  frame: { lines: 1, digits: 3, height: [60, 120], frame: true },
  'table edge': { lines: 1, digits: 4, height: [60, 120], table: true },
  'tiny page': { lines: 6, digits: 12, height: [24, 32], spacing: [0.3, 0.6] },
};

/** Photos of digits that the seed fixes, each `{ kind, truth, image }`; lines are parted by a line break. */
export async function* drawPhotos(seed = 11, kinds = Object.keys(KINDS)) {
  for (const [k, [kind, look]] of Object.entries(KINDS).entries()) {
    if (!kinds.includes(kind)) continue;
    for (let i = 0; i < PER_KIND; i++) yield { kind, ...(await drawPhoto(createRandom(seed, k, i), look)) };
  }
}

async function drawPhoto(random, look) {
  const between = ([low, high]) => low + (high - low) * random();
  const height = between(look.height);
  const pitch = 1.7 * height;
  const margin = 1.2 * height;
  const width = Math.round(2 * margin + look.digits * height * (0.8 + Math.max(0, look.spacing?.[1] ?? 0.5)));
  const tall = Math.round(2 * margin + look.lines * pitch + (look.slope ?? 0) * width);
  const cover = new Float32Array(width * tall);
  const pen = look.pen ? between(look.pen) : between([0.05, 0.12]);
  const slope = (look.slope ?? 0) * (2 * random() - 1);
  const truth = [];
  for (let line = 0; line < look.lines; line++) {
    let x = margin;
    let text = '';
    while (text.length < look.digits) {
      const digit = Math.floor(10 * random());
      const size = height * between([0.88, 1.1]);
      const drawn = drawAlone(digit, size, pen, random, look.breaks);
      const y = margin + line * pitch + slope * (x - width / 2) + 0.06 * height * (random() - 0.5);
      if (x + drawn.width > width - 2) break;
      stamp(cover, width, tall, drawn, Math.round(x), Math.round(y));
      x += drawn.width + height * between(look.spacing ?? [0.18, 0.5]);
      text += digit;
    }
    truth.push(text);
  }
  if (look.frame) drawFrame(cover, width, tall, Math.round(0.4 * height), Math.max(2, pen * height));
  const shadow = look.shadow ?? (random() < 0.5 ? 'soft' : 'none');
  const light = drawPaper(width, tall, random, {
    shadow,
    ruling: look.ruling ?? 'none',
    isBoard: look.isBoard,
  });
  const strength = between(look.strength ?? [0.5, 0.9]);
  for (let i = 0; i < light.length; i++) {
    light[i] += strength * cover[i] * (look.isBoard ? 225 - light[i] : -light[i]);
  }
  if (look.table) drawTable(light, width, tall, random);
  return {
    truth: truth.join('\n'),
    image: await toImage(light, width, tall, 70 + Math.floor(25 * random())),
  };
}

/** A digit cut to its ink. */
function drawAlone(digit, size, pen, random, breaks) {
  const side = Math.ceil(size) + 4;
  const width = 2 * side;
  const { data } = drawDigitOnCanvas({
    digit,
    random,
    width,
    height: side,
    box: { x: 1, y: 1, width: width - 2, height: side - 2 },
    penWidth: pen,
  });
  if (breaks) breakStroke(data, width, random, pen * size);
  let [left, right] = [width, 0];
  for (let i = 0; i < data.length; i++) {
    if (data[i] > 60) [left, right] = [Math.min(left, i % width), Math.max(right, i % width)];
  }
  const cut = { width: right - left + 1, height: side, data: new Uint8Array((right - left + 1) * side) };
  for (let y = 0; y < side; y++)
    cut.data.set(data.subarray(y * width + left, y * width + right + 1), y * cut.width);
  return cut;
}

/** Rubs out a spot of about a stroke's width on some inked pixel. */
function breakStroke(data, width, random, stroke) {
  const inked = [...data.keys()].filter((i) => data[i] > 200);
  const at = inked[Math.floor(random() * inked.length)];
  const [cx, cy] = [at % width, Math.floor(at / width)];
  const radius = 0.8 * stroke + 1;
  for (let i = 0; i < data.length; i++) {
    if (Math.hypot((i % width) - cx, Math.floor(i / width) - cy) < radius) data[i] = 0;
  }
}

function stamp(cover, width, height, drawn, left, top) {
  for (let y = 0; y < drawn.height; y++) {
    for (let x = 0; x < drawn.width; x++) {
      if (left + x < 0 || left + x >= width || top + y < 0 || top + y >= height) continue;
      const at = (top + y) * width + left + x;
      cover[at] = Math.max(cover[at], drawn.data[y * drawn.width + x] / 255);
    }
  }
}

function drawFrame(cover, width, height, inset, thick) {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const rim = Math.min(x, y, width - 1 - x, height - 1 - y) - inset;
      if (rim >= 0 && rim < thick) cover[y * width + x] = 1;
    }
  }
}

/** A dark table along one or two sides. */
function drawTable(light, width, height, random) {
  const left = Math.round(0.08 * width * random()) + 3;
  const bottom = Math.round(0.12 * height * random());
  const slant = 0.08 * (random() - 0.5);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x < left + slant * y || y >= height - bottom) light[y * width + x] = 45 + 8 * random();
    }
  }
}
