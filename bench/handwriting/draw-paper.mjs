import sharp from 'sharp';
import { randomNormal } from '../../dist/core/random.js';

/**
 * Draws a bare sheet as a camera would see it: uneven light, a shadow, grain, and maybe lines.
 *
 * @param options shadow: 'none' | 'soft' | 'sharp'; ruling: 'none' | 'ruled' | 'squared'; isBoard: dark
 * @returns Float32Array [height, width] of light, 0 to 255
 */
export function drawPaper(width, height, random, { shadow, ruling, isBoard = false }) {
  const between = (low, high) => low + (high - low) * random();
  const base = isBoard ? between(35, 70) : between(150, 245);
  const [slopeX, slopeY] = [between(-0.35, 0.35), between(-0.35, 0.35)];
  const shade = createShade(width, height, random, shadow);
  const grain = createGrain(width, height, random);
  const line = createRuling(width, height, random, ruling);
  const noise = between(0.5, 4);
  const paper = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const lit = 1 + slopeX * (x / width - 0.5) + slopeY * (y / height - 0.5);
      const value = base * lit * shade(x, y) * (1 + grain(x, y)) * (1 - line(x, y));
      paper[y * width + x] = value + noise * randomNormal(random);
    }
  }
  return paper;
}

/** Light as 8 bits, through a JPEG of that quality if one is given. */
export async function toImage(light, width, height, quality) {
  const data = Uint8Array.from(light, (v) => Math.max(0, Math.min(255, Math.round(v))));
  if (quality === undefined) return { width, height, data };
  const jpeg = await sharp(data, { raw: { width, height, channels: 1 } })
    .jpeg({ quality })
    .toBuffer();
  const decoded = await sharp(jpeg).toColourspace('b-w').raw().toBuffer();
  return { width, height, data: new Uint8Array(decoded) };
}

function createShade(width, height, random, kind) {
  if (kind === 'none') return () => 1;
  const angle = 2 * Math.PI * random();
  const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
  const at = 0.25 * (random() - 0.5) * Math.max(width, height);
  const depth = 0.25 + 0.35 * random();
  const softness = (kind === 'sharp' ? 0.004 : 0.08) * Math.max(width, height);
  return (x, y) => {
    const distance = (x - width / 2) * nx + (y - height / 2) * ny - at;
    return 1 - depth / (1 + Math.exp(-distance / softness));
  };
}

/** Smooth noise of two sizes: the paper's fibres and its waves. */
function createGrain(width, height, random) {
  const layers = [
    { size: 3 + 4 * random(), depth: 0.02 * random() },
    { size: 0.12 * Math.max(width, height), depth: 0.05 * random() },
  ].map(({ size, depth }) => {
    const columns = Math.ceil(width / size) + 2;
    const values = Float32Array.from(
      { length: columns * (Math.ceil(height / size) + 2) },
      () => 2 * random() - 1,
    );
    return { size, depth, columns, values };
  });
  return (x, y) => {
    let sum = 0;
    for (const { size, depth, columns, values } of layers) {
      const [u, v] = [x / size, y / size];
      const [i, k] = [Math.floor(u), Math.floor(v)];
      const at = (dx, dy) => values[(k + dy) * columns + i + dx];
      const above = at(0, 0) + (at(1, 0) - at(0, 0)) * (u - i);
      const below = at(0, 1) + (at(1, 1) - at(0, 1)) * (u - i);
      sum += depth * (above + (below - above) * (v - k));
    }
    return sum;
  };
}

function createRuling(width, height, random, kind) {
  if (kind === 'none') return () => 0;
  const pitch =
    Math.max(width, height) * (kind === 'squared' ? 0.04 + 0.05 * random() : 0.07 + 0.08 * random());
  const thick = Math.max(1, 0.003 * Math.max(width, height) * (0.6 + random()));
  const depth = 0.12 + 0.25 * random();
  const slant = 0.06 * (random() - 0.5);
  const offset = random() * pitch;
  const onLine = (distance) => {
    const from = Math.abs(((distance + offset) % pitch) - pitch / 2);
    return Math.max(0, Math.min(1, thick / 2 + 0.5 - from));
  };
  return (x, y) => {
    const across = onLine(10 * pitch + y + slant * x);
    const down = kind === 'squared' ? onLine(10 * pitch + x - slant * y) : 0;
    return depth * Math.max(across, down);
  };
}
