// Makes images/: pictures of digits such as a user would have, drawn by the synthetic handwriting. The digit
// in each name is the true one. Run it after a build: `node scripts/make-sample-images.mjs`.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawDigit, drawDigitOnCanvas } from '../dist/core/dataset/synthetic/index.js';
import { createRandom, randomNormal } from '../dist/core/random.js';

const FOLDER = join(import.meta.dirname, '../images');

const WHITE = [250, 250, 250];
const CREAM = [243, 236, 220];
const GREY = [205, 205, 200];
const BLACK = [22, 22, 26];
const BLUE = [30, 52, 140];

/**
 * Paper and ink. `shadow` darkens the page towards the right by up to that fraction, `grain` is the noise's
 * standard deviation, `dusty` lets the ink's strength fall by up to that fraction.
 */
const MARKER = { paper: WHITE, ink: BLACK };
const BALLPOINT = { paper: CREAM, ink: BLUE };
const CRAYON = { paper: WHITE, ink: [176, 34, 40] };
const IN_SHADE = { paper: GREY, ink: BLACK, shadow: 0.2 };
const PHOTO = { paper: CREAM, ink: BLUE, shadow: 0.2, grain: 3 };
const DARK_PHOTO = { paper: GREY, ink: BLACK, shadow: 0.3, grain: 4 };
const PENCIL = { paper: CREAM, ink: [92, 92, 96], shadow: 0.1, grain: 3 };
const CHALK = { paper: [38, 52, 46], ink: [236, 236, 228], grain: 4, dusty: 0.35 };

/** File, look, seed, style, the pen's width (of the digit's height), the picture's size, the digit's box. */
const PICTURES = [
  ['digit-0.png', MARKER, 2, 'closed', 0.07, [200, 200], [40, 30, 120, 140]],
  ['digit-1.jpg', PHOTO, 4, 'serif', 0.06, [240, 320], [60, 60, 120, 200]],
  ['digit-2.webp', IN_SHADE, 5, 'looped', 0.11, [300, 300], [60, 60, 180, 180]],
  ['digit-3.png', BALLPOINT, 1, 'round', 0.08, [200, 200], [50, 30, 100, 140]],
  ['digit-4.jpg', DARK_PHOTO, 1, 'open', 0.07, [400, 300], [110, 50, 180, 200]],
  ['digit-5.png', CRAYON, 4, 'two strokes', 0.1, [240, 240], [50, 40, 140, 160]],
  ['digit-6.webp', IN_SHADE, 5, 'closed', 0.09, [260, 320], [60, 60, 140, 200]],
  ['digit-7.jpg', PENCIL, 4, 'crossed', 0.05, [300, 300], [70, 60, 160, 180]],
  ['digit-8.png', MARKER, 2, 'S-stroke', 0.13, [200, 260], [40, 40, 120, 180]],
  ['digit-9.jpg', PHOTO, 4, 'straight stem', 0.06, [320, 320], [80, 60, 160, 200]],
  ['chalk-7.jpg', CHALK, 4, 'plain', 0.11, [320, 280], [80, 50, 160, 180]],
  ['corner-2.png', MARKER, 5, 'cornered', 0.11, [400, 300], [300, 30, 60, 70]],
];

await mkdir(FOLDER, { recursive: true });
for (const [file, look, seed, style, penWidth, [width, height], place] of PICTURES) {
  const random = createRandom(seed);
  const [x, y, boxWidth, boxHeight] = place;
  const box = { x, y, width: boxWidth, height: boxHeight };
  const digit = Number(file.match(/\d/)[0]);
  const drawn = drawDigitOnCanvas({ digit, random, style, penWidth, stray: 0.5, width, height, box });
  await writeFile(join(FOLDER, file), await encode(paint(drawn, look, random), file));
}

const { data, width, height } = drawDigit({ digit: 5, random: createRandom(12), style: 'one stroke' });
const mnistForm = sharp(data, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
await writeFile(join(FOLDER, 'mnist-form-5.png'), await mnistForm.png().toBuffer());

function paint({ data, width, height }, { paper, ink, shadow = 0, grain = 0, dusty = 0 }, random) {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const light = 1 - shadow * ((i % width) / width);
    const cover = (data[i] / 255) * (1 - dusty * random());
    const noise = grain === 0 ? 0 : grain * randomNormal(random);
    for (let channel = 0; channel < 3; channel++) {
      const colour = paper[channel] + (ink[channel] - paper[channel]) * cover;
      pixels[i * 3 + channel] = Math.max(0, Math.min(255, Math.round(colour * light + noise)));
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

function encode(image, file) {
  if (file.endsWith('.jpg')) return image.jpeg({ quality: 80 }).toBuffer();
  if (file.endsWith('.webp')) return image.webp({ quality: 80 }).toBuffer();
  return image.png({ palette: true, colours: 32, effort: 10 }).toBuffer();
}
