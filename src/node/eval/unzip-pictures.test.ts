import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { drawSeven } from '../../../test/drawings.js';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { encodePng } from '../images/encode-png.js';
import { silentReporter } from '../reporter.js';
import { loadImageFolder } from './image-folder.js';

const classes = [...'0123456789'];
const png = await encodePng(
  drawSeven({ width: 50, height: 60, box: { x: 10, y: 10, width: 26, height: 40 }, pen: 5 }),
);

let folder: string;
let temporary: string;

beforeEach(async () => {
  [folder, temporary] = [await temporaryFolder(), await temporaryFolder()];
  vi.stubEnv('TMPDIR', temporary);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  expect(await readdir(temporary)).toEqual([]);
});

async function load(bytes: Uint8Array) {
  const path = join(folder, 'mnist-corrections.zip');
  await writeFile(path, bytes);
  return loadImageFolder({ folder: path, classes, reporter: silentReporter });
}

test('a zip is read as the folder in it, and what was unpacked is removed', async () => {
  const { name, images, files } = await load(zipSync({ '7/a.png': png, '__MACOSX/7/._a.png': png }));
  expect(name).toBe('mnist-corrections.zip');
  expect([...images.labels]).toEqual([7]);
  expect(files![0]).toMatch(/mnist-corrections\.zip.7.a\.png$/);
});

test('a zip with its folder on top is read as that folder, and errors name what the user knows', async () => {
  const { name, files, images } = await load(zipSync({ 'own/7/a.png': png, 'own/.DS_Store': png }));
  expect([name, [...images.labels]]).toEqual(['mnist-corrections.zip', [7]]);
  expect(files![0]).toMatch(/mnist-corrections\.zip.own.7.a\.png$/);
  await expect(load(zipSync({ 'own/seven/a.png': png, 'own/7/a.png': png }))).rejects.toThrow(
    `${join(folder, 'mnist-corrections.zip/own/seven')}: the label "seven" is none of the model's classes`,
  );
});

test.each<[string, Uint8Array]>([
  ['nothing', zipSync({})],
  ['folders alone', zipSync({ '7/': new Uint8Array(), '8/': new Uint8Array() })],
  ['what macOS adds alone', zipSync({ '__MACOSX/7/._a.png': png })],
])('a zip of %s holds no pictures', async (_, bytes) => {
  const path = join(folder, 'mnist-corrections.zip');
  await expect(load(bytes)).rejects.toThrow(
    `${path} has neither sub-folders named for labels nor a labels.csv`,
  );
});

/** A zip whose one entry of 4 bytes is said to have so many. */
function claiming(size: number): Uint8Array {
  const bytes = zipSync({ '7/a.png': Uint8Array.of(1, 2, 3, 4) }, { level: 0 });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const directory = view.getUint32(bytes.length - 6, true);
  for (const at of [directory + 20, directory + 24]) view.setUint32(at, size, true);
  return bytes;
}

test.each<[string, Uint8Array, RegExp]>([
  ['a name that leads out of it', zipSync({ '../7/a.png': png }), /invalid relative path/],
  ['more than a gigabyte', claiming(1.5e9), /more than 1 GB/],
  ['a length that is none', claiming(5000), /./],
  ['only a part of it', zipSync({ '7/a.png': png }).subarray(0, 60), /[Ee]nd of central directory/],
])('one sentence tells of a zip with %s', async (_, bytes, reason) => {
  const failure = load(bytes);
  await expect(failure).rejects.toThrow(/^cannot unpack the pictures of .*mnist-corrections\.zip: /);
  await expect(failure).rejects.toThrow(reason);
});
