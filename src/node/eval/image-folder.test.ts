import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { drawSeven } from '../../../test/drawings.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { prepareDigits } from '../../core/preprocess/prepare.js';
import { encodePng } from '../images/encode-png.js';
import { type Reporter, silentReporter } from '../reporter.js';
import { openModel } from '../runtime/index.js';
import { loadImageFolder } from './image-folder.js';

const classes = ['left', 'middle', 'right'];
const drawing = drawSeven({ width: 50, height: 60, box: { x: 10, y: 10, width: 26, height: 40 }, pen: 5 });
const blank = { width: 30, height: 30, data: new Uint8Array(900).fill(250) };

let folder: string;
let warnings: string[];
let progressEnds: string[];
const reporter: Reporter = {
  ...silentReporter,
  warn: (line) => warnings.push(line),
  progress: (label) => ({ update() {}, end: (detail) => progressEnds.push(`${label}: ${detail}`) }),
};

beforeEach(async () => {
  folder = await temporaryFolder();
  [warnings, progressEnds] = [[], []];
});

async function put(files: Record<string, Uint8Array | string>): Promise<void> {
  for (const [name, data] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), data);
  }
}

const load = (limit?: number) => loadImageFolder({ folder, classes, limit, reporter });

describe('labels', () => {
  test('are the names of the sub-folders; pictures go the way that infer takes them', async () => {
    const png = await encodePng(drawing);
    await put({ 'right/b.png': png, 'left/a.png': png, 'left/deep/c.png': png, 'notes.txt': 'x' });
    const { images, files, name } = await load();
    expect([...images.labels]).toEqual([0, 0, 2]);
    expect(files!.map((file) => file.slice(folder.length + 1))).toEqual([
      join('left', 'a.png'),
      join('left', 'deep', 'c.png'),
      join('right', 'b.png'),
    ]);
    expect(images.pixels.subarray(0, 784)).toEqual(prepareDigits(drawing)[0]!.pixels);
    expect(name).toBe(folder.split('/').at(-1));
    expect((await load(1)).images.count).toBe(1);
  });

  test('are the names of links to folders too', async () => {
    await put({ 'in/right/b.png': await encodePng(drawing), 'other/a.png': await encodePng(drawing) });
    await symlink(join(folder, 'other'), join(folder, 'in/left'));
    const { images } = await loadImageFolder({ folder: join(folder, 'in'), classes, reporter });
    expect([...images.labels]).toEqual([0, 2]);
  });

  test('are all among some of the pictures', async () => {
    const png = await encodePng(drawing);
    const names = ['left/1', 'left/2', 'left/3', 'middle/1', 'right/1', 'right/2'];
    await put(Object.fromEntries(names.map((name) => [`${name}.png`, png])));
    expect([...(await load(4)).images.labels]).toEqual([0, 1, 2, 0]);
    expect([...(await load(6)).images.labels]).toEqual([0, 1, 2, 0, 2, 0]);
  });

  test('stand in labels.csv, in its order', async () => {
    const png = await encodePng(drawing);
    await put({
      'x/1.png': png,
      '2,2.png': png,
      'labels.csv': '\ufeff"label",file\r\nright,"2,2.png"\r\nmiddle,x/1.png\r\n',
    });
    const { images, files } = await load();
    expect([...images.labels]).toEqual([2, 1]);
    expect(files![0]).toBe(join(folder, '2,2.png'));
  });

  test('that the model does not know are named', async () => {
    await put({ 'up/a.png': await encodePng(drawing) });
    await expect(load()).rejects.toThrow(
      `${join(folder, 'up')}: the label "up" is none of the model's classes`,
    );
    await put({ 'labels.csv': 'file,label\na.png,down\n' });
    await expect(load()).rejects.toThrow('labels.csv, row 2: the label "down" is none');
  });
});

test('pictures that cannot be used are left out, each with its reason', async () => {
  await put({
    'left/a.png': await encodePng(drawing),
    'left/b.png': await encodePng(blank),
    'left/c\n.png': 'text',
  });
  const { images, skipped } = await load();
  expect(images.count).toBe(1);
  expect(skipped!.map(({ reason }) => reason)).toEqual(['it is blank', 'it is a text file, not an image']);
  expect(warnings[1]).toBe(`left out ${join(folder, 'left/c\\x0a.png')}: it is a text file, not an image`);
});

test.each([
  ['nothing', {}, 'has neither sub-folders named for labels nor a labels.csv'],
  ['an empty label', { 'left/notes.txt': 'x' }, 'holds no picture of a digit that can be read'],
  ['a table without header', { 'labels.csv': 'a.png,left\n' }, 'has no columns file and label'],
  ['a row without file', { 'labels.csv': 'file,label\n,left\n' }, 'names no file in its row 2'],
])('a folder with %s is one sentence', async (_, files, message) => {
  await put(files as Record<string, string>);
  await expect(load()).rejects.toThrow(message);
});

test('a folder that does not exist', async () => {
  const failed = loadImageFolder({ folder: join(folder, 'no'), classes, reporter });
  await expect(failed).rejects.toMatchObject({
    message: expect.stringMatching(/: it does not exist$/),
    hint: 'Give --images a folder whose sub-folders are the labels, or a zip of one.',
  });
});

test('a label that a data set does not have leads to --dataset', async () => {
  await put({ 'a/1.png': '' });
  const failed = loadImageFolder({ folder, classes, dataset: 'mnist', reporter });
  await expect(failed).rejects.toMatchObject({
    message: `${join(folder, 'a')}: the label "a" is none of the classes of the data set mnist`,
    hint: `They are ${classes.join(', ')}; name the data set that has yours with --dataset.`,
  });
});

test('pictures of several digits are read as a whole, and give their digits where as many were found', async () => {
  const width = 120;
  const pair = { width, height: 80, data: new Uint8Array(width * 80).fill(255) };
  for (const x of [10, 70]) {
    const one = drawSeven({ width, height: 80, box: { x, y: 18, width: 30, height: 45 }, pen: 6 });
    for (let i = 0; i < one.data.length; i++) pair.data[i] = Math.min(pair.data[i]!, one.data[i]!);
  }
  const png = await encodePng(pair);
  await put({
    'a.png': png,
    'b.png': png,
    'c.png': await encodePng(drawing),
    'labels.csv': 'file,label\na.png,M M\nb.png,MLM\nc.png,M\n',
  });
  const path = join(folder, 'tiny.onnx');
  await writeFile(path, tinyModel({ classes: ['L', 'M', 'R'] }));
  const model = await openModel({ model: path, device: 'cpu', reporter: silentReporter });
  const { texts, files } = await loadImageFolder({ folder, classes: ['L', 'M', 'R'], model, reporter });
  await put({ 'labels.csv': 'file,label\nb.png,MLM\n' });
  await expect(loadImageFolder({ folder, classes: ['L', 'M', 'R'], model, reporter })).rejects.toThrow(
    `no picture of ${folder} was read with as many digits as its label has`,
  );
  await model.session.release();
  expect(files).toEqual(['a.png', 'a.png', 'c.png'].map((name) => join(folder, name)));
  const mistakes = [{ file: join(folder, 'b.png'), expected: 'MLM', read: 'MM' }];
  const miscounted = { pictures: 1, digits: 3 };
  expect(texts).toEqual({ count: 2, exact: 1, characters: 5, characterErrors: 1, miscounted, mistakes });
  expect(progressEnds[0]).toBe('reading pictures: 3 of 3 pictures, 3 digits');
});
