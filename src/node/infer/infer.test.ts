import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drawSeven } from '../../../test/drawings.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import type { Box, GrayImage } from '../../core/image.js';
import type { Prediction } from '../../core/prediction.js';
import { prepareDigits } from '../../core/preprocess/prepare.js';
import { decodeImage } from '../images/decode-image.js';
import { encodePng } from '../images/encode-png.js';
import { silentReporter } from '../reporter.js';
import { type OpenModel, openModel } from '../runtime/index.js';
import { type InferOptions, infer } from './infer.js';

const drawing = drawSeven({ width: 50, height: 60, box: { x: 10, y: 10, width: 26, height: 40 }, pen: 5 });
const blank: GrayImage = { width: 20, height: 20, data: new Uint8Array(400).fill(240) };

let png: Buffer;
let model: OpenModel;
let modelFolder: string;
let folder: string;

beforeAll(async () => {
  png = await encodePng(drawing);
  modelFolder = await mkdtemp(join(tmpdir(), 'mnist-onnx-'));
  const path = join(modelFolder, 'tiny.onnx');
  await writeFile(path, tinyModel());
  model = await openModel({ model: path, device: 'cpu', reporter: silentReporter });
});
afterAll(async () => {
  await model.session.release();
  await rm(modelFolder, { recursive: true });
});
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function run(inputs: string[], options: Partial<InferOptions> = {}): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  const { session, info } = model;
  for await (const p of infer({ inputs, session, info, topK: 2, minProbability: 0.4, ...options }))
    predictions.push(p);
  return predictions;
}

/** Makes files below the test's folder. */
async function put(files: Record<string, Uint8Array | string>): Promise<void> {
  for (const [name, data] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), data);
  }
}

const names = (predictions: Prediction[]) => predictions.map(({ file }) => file.slice(folder.length + 1));

describe('one record an image', () => {
  test('a drawing has its reading, candidates and box', async () => {
    await put({ 'a.png': png });
    const [record] = await run([join(folder, 'a.png')]);
    expect(record).toMatchObject({ file: join(folder, 'a.png'), text: 'middle', status: 'ok', error: null });
    expect(record!.digits).toHaveLength(1);
    expect(record!.digits[0]!.topK.map(({ digit }) => digit)[0]).toBe('middle');
    expect(record!.digits[0]!.topK).toHaveLength(2);
    expect(record!.digits[0]!.box).toEqual({ x: 10, y: 10, width: 26, height: 40 });
  });

  test('blank paper is blank', async () => {
    await put({ 'a.png': await encodePng(blank) });
    expect(await run([folder])).toMatchObject([{ text: '', status: 'blank', digits: [], error: null }]);
  });

  test('a threshold above the probability makes it unsure', async () => {
    await put({ 'a.png': png });
    expect(await run([folder], { minProbability: 1 })).toMatchObject([{ text: '?', status: 'unsure' }]);
  });

  test('one image comes from standard input', async () => {
    expect(await run(['-'], { stdin: Readable.from([png]) })).toMatchObject([{ file: '-', text: 'middle' }]);
  });
});

/** Sevens that stand in boxes of equal size. */
function drawSevens(width: number, height: number, boxes: readonly Box[]): GrayImage {
  const data = new Uint8Array(width * height).fill(255);
  for (const box of boxes) {
    const one = drawSeven({ width, height, box, pen: box.height / 8 });
    for (let i = 0; i < data.length; i++) data[i] = Math.min(data[i]!, one.data[i]!);
  }
  return { width, height, data };
}

describe('several digits', () => {
  const boxes = [10, 60, 200].map((x) => ({ x, y: 20, width: 30, height: 45 }));
  const below = { x: 14, y: 100, width: 30, height: 45 };

  test('are grouped into numbers and lines, with a box each', async () => {
    await put({ 'a.png': await encodePng(drawSevens(260, 170, [...boxes, below])) });
    const [record] = await run([folder]);
    expect(record!.text).toBe('middlemiddle middle\nmiddle');
    expect(record!.digits).toHaveLength(4);
    for (const [i, box] of [...boxes, below].entries()) expectNear(record!.digits[i]!.box, box, 2);
  });

  test('are one where the user says so', async () => {
    await put({ 'a.png': await encodePng(drawSevens(110, 80, boxes.slice(0, 2))) });
    expect((await run([folder], { segment: 'single' }))[0]!.digits).toHaveLength(1);
    expect((await run([folder], { segment: 'multi' }))[0]!.digits).toHaveLength(2);
  });

  test('have their boxes in the pixels of a large photo, upright, though it is searched smaller', async () => {
    const box = { x: 1200, y: 500, width: 600, height: 900 };
    const { width, height, data } = drawSevens(4000, 3000, [box]);
    const photo = sharp(data, { raw: { width, height, channels: 1 } });
    // What the camera, held upright, stores lying on its side.
    const jpeg = await photo.rotate(270).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    await put({ 'a.jpg': jpeg });
    const [record] = await run([folder]);
    expect(record!.digits).toHaveLength(1);
    expectNear(record!.digits[0]!.box, box, 24);
  });
});

function expectNear(found: Box, wanted: Box, pixels: number): void {
  for (const side of ['x', 'y', 'width', 'height'] as const) {
    expect(Math.abs(found[side] - wanted[side]), `${side} of ${JSON.stringify(found)}`).toBeLessThanOrEqual(
      pixels,
    );
  }
}

describe('which images, in which order', () => {
  test('folders give all images below them by name, files whatever their name, in the order of the inputs', async () => {
    await put({
      'f/b.png': png,
      'f/a.PNG': png,
      'f/a/z.jpg': png,
      'f/notes.txt': 'x',
      'f/.hidden.png': png,
      plain: png,
    });
    const predictions = await run([join(folder, 'plain'), join(folder, 'f')]);
    expect(names(predictions)).toEqual(['plain', 'f/a.PNG', 'f/a/z.jpg', 'f/b.png']);
  });

  test('a pattern', async () => {
    await put({ 'x1.png': png, 'x2.png': png, 'y.png': png, 'd/x3.png': png });
    expect(names(await run([join(folder, 'x*.png')]))).toEqual(['x1.png', 'x2.png']);
    expect(names(await run([join(folder, '**/x*.png')]))).toEqual(['d/x3.png', 'x1.png', 'x2.png']);
  });

  test('a folder and the pattern for all below it give the same: links to files, but none to folders', async () => {
    await put({
      'in/a.png': png,
      'in/b/x.png': png,
      'in/b.png': png,
      'other/c.png': png,
      'in/.hidden/d.png': png,
    });
    await symlink(join(folder, 'other/c.png'), join(folder, 'in/link.png'));
    await symlink(join(folder, 'other'), join(folder, 'in/links'));
    await symlink(join(folder, 'nowhere'), join(folder, 'in/broken.png'));
    await symlink(join(folder, 'in/circle.png'), join(folder, 'in/circle.png'));
    const listed = await run([join(folder, 'in')]);
    expect(names(listed)).toEqual(
      ['a.png', 'b.png', 'b/x.png', 'broken.png', 'circle.png', 'link.png'].map((name) => `in/${name}`),
    );
    expect(await run([join(folder, 'in/**/*')])).toEqual(listed);
  });

  test.skipIf(process.platform !== 'linux')(
    'what has a name that is not UTF-8 says so, folders too',
    async () => {
      await put({ 'in/a.png': png });
      const odd = (name: string) =>
        Buffer.concat([Buffer.from(`${folder}/in/`), Buffer.from(name, 'latin1')]);
      await writeFile(odd('b\xe9.png'), png);
      await mkdir(odd('c\xe9'));
      for (const input of ['in', 'in/**/*']) {
        const read = await run([join(folder, input)]);
        expect(names(read)).toEqual(['in/a.png', 'in/b\ufffd.png', 'in/c\ufffd']);
        expect(read.map(({ error }) => error)).toEqual([
          null,
          'its name is not UTF-8: rename it',
          'its name is not UTF-8: rename it',
        ]);
      }
    },
  );

  test('a pattern longer than any name is one', async () => {
    await put({ 'a1.png': png, 'a2.png': png });
    const pattern = join(folder, `{a1,a2,${'x'.repeat(255)}}.png`);
    expect(names(await run([pattern]))).toEqual(['a1.png', 'a2.png']);
  });

  test.each(['saveInputsDir', 'annotateDir'])('pictures of an earlier run are none: %s', async (option) => {
    await put({ 'in/a.png': png, 'in/z/a.png': png });
    await symlink(join(folder, 'in'), join(folder, 'link'));
    const options = { [option]: join(folder, 'link/out/new') };
    for (const input of ['in', 'link', 'in/**/*.png']) {
      for (let i = 0; i < 2; i++) {
        const inputs = [join(folder, input)];
        expect(names(await run(inputs, options)).map((name) => name.replace('link', 'in'))).toEqual([
          'in/a.png',
          'in/z/a.png',
        ]);
      }
    }
    // What the user names is read.
    expect((await run([join(folder, 'in/out/new')], options)).length).toBeGreaterThan(0);
  });

  test('a file whose name looks like a pattern is that file', async () => {
    await put({ 'scan[1].png': png });
    expect(await run([join(folder, 'scan[1].png')])).toMatchObject([{ status: 'ok' }]);
  });

  test('a folder that links to itself ends', async () => {
    await put({ 'a.png': png });
    await symlink(folder, join(folder, 'again'));
    expect(names(await run([folder]))).toEqual(['a.png']);
  });

  test('a link that leads round in a circle is one sentence', async () => {
    await symlink(join(folder, 'b.png'), join(folder, 'a.png'));
    await symlink(join(folder, 'a.png'), join(folder, 'b.png'));
    expect(await run([folder])).toMatchObject([
      { error: 'its symbolic links run in a circle' },
      { error: 'its symbolic links run in a circle' },
    ]);
  });

  test('batches leave the order and the answers as they are', async () => {
    const right = drawSeven({ width: 50, height: 60, box: { x: 10, y: 10, width: 26, height: 40 }, pen: 9 });
    const files: Record<string, Uint8Array> = {};
    for (let i = 0; i < 300; i++) {
      const image = i % 7 === 0 ? blank : i % 3 === 0 ? right : drawing;
      files[`${String(i).padStart(3, '0')}.png`] = await encodePng(image);
    }
    await put(files);
    const together = await run([folder]);
    expect(names(together)).toEqual(Object.keys(files));
    expect(together.filter(({ status }) => status === 'blank')).toHaveLength(43);
    const [alone] = await run([join(folder, '201.png')]);
    expect(together[201]).toEqual(alone);
  });
});

describe('one bad input stops no other', () => {
  test('each has a record that says why', async () => {
    await put({
      'f/1.png': 'this is no picture',
      'f/2.png': png.subarray(0, 60),
      'f/3.png': '',
      'f/4.png': png,
      'empty/notes.txt': 'x',
    });
    const missing = join(folder, 'missing.png');
    const predictions = await run([
      missing,
      join(folder, 'empty'),
      join(folder, 'none*.png'),
      join(folder, 'f'),
    ]);
    expect(predictions.map(({ error }) => error)).toEqual([
      'it does not exist',
      'there are no images in this folder',
      'no file matches this pattern',
      'it is a text file, not an image',
      expect.stringContaining('the image is damaged or cut off'),
      'the file is empty',
      null,
    ]);
    expect(predictions.at(-1)!.text).toBe('middle');
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'a file without permission',
    async () => {
      await put({ 'a.png': png });
      await chmod(join(folder, 'a.png'), 0);
      expect(await run([folder])).toMatchObject([{ status: 'error', error: 'permission denied' }]);
    },
  );
});

test.skipIf(process.platform === 'win32')('a pipe among the images is not waited for', async () => {
  await put({ 'f/b.png': png });
  execFileSync('mkfifo', [join(folder, 'f/a.png')]);
  expect(await run([join(folder, 'f')])).toMatchObject([
    { status: 'error', error: 'it is no file but a pipe or a device' },
    { text: 'middle' },
  ]);
});

describe('--save-inputs', () => {
  test('writes what the model saw, equal names of different folders apart, nothing for blank images', async () => {
    await put({ 'in/a.png': png, 'in/b/a.png': png, 'in/c.png': await encodePng(blank) });
    const out = join(folder, 'out');
    await run([join(folder, 'in')], { saveInputsDir: out });
    const saved = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.png'));
    const inside = join(folder.slice(1), 'in');
    expect(saved.sort()).toEqual([join(inside, 'a.png.png'), join(inside, 'b', 'a.png.png')]);
    const picture = await decodeImage(await readFile(join(out, saved[0]!)));
    expect(picture.data).toEqual(prepareDigits(drawing)[0]!.pixels);
  });

  test('every digit of an image has its own', async () => {
    const boxes = [10, 60].map((x) => ({ x, y: 20, width: 30, height: 45 }));
    await put({ 'in/a.png': await encodePng(drawSevens(110, 80, boxes)) });
    await run([join(folder, 'in')], { saveInputsDir: join(folder, 'out') });
    const saved = (await readdir(join(folder, 'out'), { recursive: true })).filter((name) =>
      name.endsWith('.png'),
    );
    expect(saved.map((name) => basename(name)).sort()).toEqual(['a.png.2.png', 'a.png.png']);
  });

  test('an image whose name leaves no room for more stops no run', async () => {
    const long = 'a'.repeat(249);
    await put({ [`in/${long}a.png`]: png, [`in/${long}b.png`]: png, 'in/é.png': png });
    const read = await run([join(folder, 'in')], { saveInputsDir: join(folder, 'out') });
    expect(read.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
    const saved = await readdir(join(folder, 'out', folder, 'in'));
    expect(saved).toHaveLength(3);
    expect(saved).toContain('é.png.png');
  });

  test('never outside the folder', async () => {
    await put({ 'a.png': png, 'sub/x': '' });
    const home = process.cwd();
    process.chdir(join(folder, 'sub'));
    try {
      await run([join('..', 'a.png')], { saveInputsDir: 'out' });
    } finally {
      process.chdir(home);
    }
    expect(await readdir(join(folder, 'sub', 'out'), { recursive: true })).toEqual([
      '_up_',
      join('_up_', 'a.png.png'),
    ]);
    expect(await readdir(join(folder, 'sub'))).toEqual(['out', 'x']);
  });
});

test('an interruption ends it between images', async () => {
  await put({ 'a.png': png });
  await expect(run([folder], { signal: AbortSignal.abort() })).rejects.toThrow();
});

test('what was read before an interruption counts, and nothing is done after it', async () => {
  const noise = {
    create: {
      width: 400,
      height: 300,
      channels: 3 as const,
      noise: { type: 'gaussian' as const, mean: 200, sigma: 9 },
    },
  };
  // So large that each is read alone.
  const large = await sharp(noise as never)
    .png({ compressionLevel: 0 })
    .toBuffer();
  await put(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`in/${i}.png`, large])));
  const controller = new AbortController();
  const { session, info } = model;
  const inputs = [join(folder, 'in')];
  const annotateDir = join(folder, 'out');
  const came: string[] = [];
  const reading = (async () => {
    const options = { inputs, session, info, topK: 1, annotateDir, signal: controller.signal };
    for await (const { file } of infer(options)) {
      came.push(basename(file));
      if (came.length === 2) controller.abort();
    }
  })();
  await expect(reading).rejects.toThrow('aborted');
  const drawn = await readdir(annotateDir, { recursive: true });
  expect(came).toEqual(['0.png', '1.png']);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await readdir(annotateDir, { recursive: true })).toEqual(drawn);
});

describe('--annotate', () => {
  test('what makes a decoder merely warn is read, and drawn on', async () => {
    const jpeg = await sharp(png).jpeg().toBuffer();
    // Bytes without meaning between two segments: "extraneous bytes before marker".
    const scan = jpeg.indexOf(Buffer.of(0xff, 0xda));
    await put({ 'in/a.jpg': Buffer.concat([jpeg.subarray(0, scan), Buffer.alloc(4), jpeg.subarray(scan)]) });
    const options = { annotateDir: join(folder, 'out') };
    expect(await run([join(folder, 'in')], options)).toMatchObject([{ text: 'middle', error: null }]);
    expect(
      (await readdir(folder, { recursive: true })).filter((name) => name.startsWith('out/')),
    ).not.toEqual([]);
  });

  const sizes = async (name: string) => {
    const { width, height, format } = await sharp(join(folder, 'out', folder, 'in', name)).metadata();
    return [width, height, format];
  };

  test('draws on tiny images enlarged, on others as they are, on photos shrunk; on blank ones too', async () => {
    const wide = { create: { width: 3000, height: 1000, channels: 3 as const, background: '#eee' } };
    await put({
      'in/tiny.png': await encodePng(
        drawSeven({ width: 28, height: 28, box: { x: 8, y: 4, width: 12, height: 20 }, pen: 3 }),
      ),
      'in/plain.png': await encodePng(drawSevens(500, 400, [{ x: 100, y: 100, width: 100, height: 150 }])),
      'in/wide.jpg': await sharp(wide).jpeg().toBuffer(),
    });
    await run([join(folder, 'in')], { annotateDir: join(folder, 'out') });
    expect(await sizes('tiny.png.png')).toEqual([504, 504 + 24, 'png']);
    expect(await sizes('plain.png.png')).toEqual([500, 400 + 24, 'png']);
    expect(await sizes('wide.jpg.jpg')).toEqual([2000, 667 + 48, 'jpeg']);
  });

  test('the box stands round the digit, in the picture as it is seen', async () => {
    const box = { x: 100, y: 100, width: 100, height: 150 };
    await put({ 'in/a.png': await encodePng(drawSevens(500, 400, [box])) });
    await run([join(folder, 'in')], { annotateDir: join(folder, 'out') });
    const raw = await sharp(join(folder, 'out', folder, 'in/a.png.png'))
      .removeAlpha()
      .raw()
      .toBuffer();
    const isBlue = (x: number, y: number) => raw[3 * (500 * y + x) + 2]! > raw[3 * (500 * y + x)]! + 60;
    expect([
      isBlue(100, 200),
      isBlue(200, 200),
      isBlue(150, 250),
      isBlue(150, 200),
      isBlue(300, 300),
    ]).toEqual([true, true, true, false, false]);
  });
});
