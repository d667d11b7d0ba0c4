import { sliceImages } from '../../dist/core/index.js';
import { createRandom } from '../../dist/core/random.js';
import { loadDataset } from '../../dist/node/dataset/index.js';
import { readAll } from './read-folder.mjs';

const SIDE = 28;
const SEED = 5;

/** What is done to MNIST's test images, each in a way of its own that the seed fixes. */
const CHANGES = {
  'as they are': () => (data) => data,
  'shifted by up to 4 px': (random) => {
    const [dx, dy] = [whole(random, 4), whole(random, 4)];
    return (data) => move(data, (x, y) => [x - dx, y - dy]);
  },
  'rotated by up to 20°': (random) => {
    const angle = ((2 * random() - 1) * 20 * Math.PI) / 180;
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    const middle = (SIDE - 1) / 2;
    return (data) =>
      move(data, (x, y) => [
        middle + (x - middle) * cosine + (y - middle) * sine,
        middle - (x - middle) * sine + (y - middle) * cosine,
      ]);
  },
  inverted: () => (data) => data.map((v) => 255 - v),
};

/** Measures MNIST's test images, moved and inverted, read as `infer` reads images. */
export async function measureMovedDigits(model, { reporter, count }) {
  const { test } = await loadDataset({ dataset: 'mnist', reporter });
  const images = count === undefined ? test : sliceImages(test, 0, count);
  const rows = [];
  for (const [name, change] of Object.entries(CHANGES)) {
    const random = createRandom(SEED);
    const changed = Array.from({ length: images.count }, (_, i) => ({
      width: SIDE,
      height: SIDE,
      data: change(random)(images.pixels.slice(i * SIDE * SIDE, (i + 1) * SIDE * SIDE)),
    }));
    const readings = await readAll(model, changed);
    const right = readings.filter(({ digits }, i) => digits === String(images.labels[i])).length;
    const bar = name === 'as they are' ? 0.997 : 0.99;
    rows.push({ what: `MNIST test, ${name}`, bar, right, of: images.count });
  }
  return rows;
}

function whole(random, most) {
  return Math.floor(random() * (2 * most + 1)) - most;
}

/** The image whose pixel at (x, y) comes from `from(x, y)`, between pixels by bilinear weights. */
function move(data, from) {
  const at = (x, y) => (x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : data[y * SIDE + x]);
  return Uint8Array.from(data, (_, i) => {
    const [x, y] = from(i % SIDE, Math.floor(i / SIDE));
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [x - left, y - top];
    const above = (1 - u) * at(left, top) + u * at(left + 1, top);
    const below = (1 - u) * at(left, top + 1) + u * at(left + 1, top + 1);
    return Math.round((1 - v) * above + v * below);
  });
}
