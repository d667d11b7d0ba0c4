import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { MNIST_PIXELS, MNIST_SIZE } from '../../dist/core/index.js';

const PHOTO = { width: 4000, height: 3000 };
const DIFFERENT_PHOTOS = 10;
/** A photo holds so many digits in a row. */
const DIGITS = 3;

/** Writes test images as 28x28 PNG files, again from the first where there are too few. */
export function makeSmallImages(folder, { pixels, count: available }, count) {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const path = join(folder, `${String(i).padStart(7, '0')}.png`);
    if (i >= available) linkSync(join(folder, `${String(i % available).padStart(7, '0')}.png`), path);
    else writeFileSync(path, encodeGrey(pixels.subarray(i * MNIST_PIXELS, (i + 1) * MNIST_PIXELS)));
  }
}

/** The plainest PNG, as most programs write it: one chunk of pixels, rows without a filter. */
function encodeGrey(pixels) {
  const rows = Buffer.alloc(MNIST_SIZE * (MNIST_SIZE + 1));
  for (let y = 0; y < MNIST_SIZE; y++)
    rows.set(pixels.subarray(y * MNIST_SIZE, (y + 1) * MNIST_SIZE), y * (MNIST_SIZE + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(MNIST_SIZE);
  header.writeUInt32BE(MNIST_SIZE, 4);
  header[8] = 8;
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, body) {
  const out = Buffer.concat([Buffer.alloc(4), Buffer.from(type), body, Buffer.alloc(4)]);
  out.writeUInt32BE(body.length);
  out.writeUInt32BE(crc32(out.subarray(4, -4)), out.length - 4);
  return out;
}

/** Writes 12-megapixel JPEG files: digits in dark ink on unevenly lit, grainy paper; ten different ones under many names. */
export async function makePhotos(folder, images, count) {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const path = join(folder, `${String(i).padStart(4, '0')}.jpg`);
    if (i < DIFFERENT_PHOTOS) writeFileSync(path, await takePhoto(images, i));
    else linkSync(join(folder, `${String(i % DIFFERENT_PHOTOS).padStart(4, '0')}.jpg`), path);
  }
}

async function takePhoto({ pixels }, index) {
  const { width, height } = PHOTO;
  const side = 600;
  const digits = [];
  for (let k = 0; k < DIGITS; k++) {
    const start = (index * DIGITS + k) * MNIST_PIXELS;
    const raw = { width: MNIST_SIZE, height: MNIST_SIZE, channels: 1 };
    const digit = sharp(pixels.slice(start, start + MNIST_PIXELS), { raw });
    digits.push(await digit.resize(side, side).toColourspace('b-w').raw().toBuffer());
  }
  const data = Buffer.alloc(width * height * 3);
  let random = index + 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      const paper = 215 - (60 * x) / width - (25 * y) / height + (random >>> 28) - 8;
      const k = Math.floor((x - 900) / 800);
      const [dx, dy] = [x - 900 - k * 800, y - 1200];
      const ink =
        k >= 0 && k < DIGITS && dx < side && dy >= 0 && dy < side ? digits[k][dy * side + dx] / 255 : 0;
      const grey = paper * (1 - 0.75 * ink);
      data.set([grey, grey * 0.98, grey * 0.92], (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
