import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const CELL = { width: 300, height: 260, picture: 180, crop: 42 };
const COLUMNS = 5;
const PER_SHEET = 30;

/**
 * Writes what was misread as pictures: each image with its digits' boxes, the crops that the model saw, the
 * truth and the reading.
 *
 * @param mistakes `{ title, truth, image, reading }`
 */
export async function writeContactSheets(folder, name, mistakes) {
  await mkdir(folder, { recursive: true });
  for (let start = 0; start < mistakes.length; start += PER_SHEET) {
    const part = mistakes.slice(start, start + PER_SHEET);
    const cells = await Promise.all(part.map(drawCell));
    await sharp({
      create: {
        width: COLUMNS * CELL.width,
        height: Math.ceil(part.length / COLUMNS) * CELL.height,
        channels: 3,
        background: '#334',
      },
    })
      .composite(
        cells.map((input, i) => ({
          input,
          left: (i % COLUMNS) * CELL.width,
          top: Math.floor(i / COLUMNS) * CELL.height,
        })),
      )
      .png()
      .toFile(join(folder, `${name}-${1 + start / PER_SHEET}.png`));
  }
}

async function drawCell({ title, truth, image, reading }) {
  const width = CELL.width - 6;
  const scale = Math.min(width / image.width, CELL.picture / image.height);
  const picture = await sharp(image.data, { raw: { width: image.width, height: image.height, channels: 1 } })
    .resize(Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale)))
    .toColourspace('srgb')
    .png()
    .toBuffer();
  const boxes = reading.prediction.digits.map(
    ({ box, digit, probability }) =>
      `<rect x="${box.x * scale}" y="${box.y * scale}" width="${box.width * scale}" height="${box.height * scale}" fill="none" stroke="${probability < 0.65 ? 'red' : 'lime'}"/>
       <text x="${box.x * scale}" y="${box.y * scale - 1}" fill="magenta" font-size="11">${digit}${probability < 0.95 ? Math.round(100 * probability) : ''}</text>`,
  );
  const text = `<text x="2" y="${CELL.height - 20}" fill="yellow" font-size="11">${title.slice(-45)}</text>
    <text x="2" y="${CELL.height - 7}" fill="white" font-size="11">${truth.slice(0, 20)} read ${(reading.digits || 'blank').slice(0, 24)}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" width="${CELL.width}" height="${CELL.height}">${boxes.join('')}${text}</svg>`;
  const crops = reading.crops.slice(0, 7).map(async ({ pixels }, i) => ({
    input: await sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } })
      .resize(CELL.crop - 2, CELL.crop - 2, { kernel: 'nearest' })
      .png()
      .toBuffer(),
    left: i * CELL.crop,
    top: CELL.picture + 4,
  }));
  return sharp({ create: { width: CELL.width, height: CELL.height, channels: 3, background: '#224' } })
    .composite([
      { input: picture, left: 0, top: 0 },
      ...(await Promise.all(crops)),
      { input: Buffer.from(svg), left: 0, top: 0 },
    ])
    .png()
    .toBuffer();
}
