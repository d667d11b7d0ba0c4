import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { convModel } from '../../../test/conv-model.js';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { silentReporter } from '../reporter.js';
import { openModel } from '../runtime/index.js';
import { runEvaluation } from './evaluate.js';
import { readLayers } from './layer-pictures.js';
import { drawPictures, type Picture } from './pictures.js';
import { testSetOf } from './test-set.js';
import { writePictures } from './write-results.js';

async function prepare(bytes: Uint8Array, dataset = tinyDataset()) {
  const path = join(await temporaryFolder(), 'model.onnx');
  await writeFile(path, bytes);
  const model = await openModel({ model: path, device: 'cpu', reporter: silentReporter });
  const run = await runEvaluation({ model, testSet: testSetOf(dataset), reporter: silentReporter });
  return { model, run, samples: dataset.train };
}

async function collect(pictures: AsyncIterable<Picture>): Promise<Record<string, string>> {
  const svgs: Record<string, string> = {};
  for await (const { name, svg } of pictures) svgs[name] = svg;
  return svgs;
}

/** Labels turned round, so that most are mistaken. */
function mislabelled() {
  const dataset = tinyDataset();
  return {
    ...dataset,
    test: { ...dataset.test, labels: dataset.test.labels.map((label) => (label + 1) % 3) },
  };
}

test('all pictures, each with data set, model and figure; the same each time', async () => {
  const options = await prepare(convModel());
  const svgs = await collect(drawPictures(options));
  const own = 'predictions incorrect_predictions confusion_matrix calibration filters feature_maps saliency';
  expect(Object.keys(svgs)).toEqual(['sample_digits', ...own.split(' ')]);
  for (const name of own.split(' ')) {
    expect(svgs[name], name).toMatch(
      /tiny test \(sha256 0{8}\), 24 images · model\.onnx \(sha256 [0-9a-f]{8}\)/,
    );
    expect(svgs[name], name).toContain('accuracy 100.00%');
  }
  expect(await collect(drawPictures(options))).toEqual(svgs);
});

test('a model without convolutions has no pictures of them', async () => {
  const names = Object.keys(await collect(drawPictures(await prepare(tinyModel()))));
  expect(names).not.toContain('filters');
  expect(names).toContain('saliency');
});

test('mistakes are told by words and marks, not by colour alone', async () => {
  const svgs = await collect(drawPictures(await prepare(convModel(), mislabelled())));
  expect(svgs.predictions).toContain('10 of the 24 mistakes');
  expect(svgs.predictions?.match(/>≠ \S+</g)).toContain('>≠ middle<');
  expect(svgs.incorrect_predictions).toContain('All 24 mistakes in 24 images');
});

test('a name from outside stands in a picture as text', async () => {
  const dataset = { ...tinyDataset(), name: '<script>alert(1)</script>' };
  const svgs = await collect(drawPictures(await prepare(convModel(), dataset)));
  for (const [name, svg] of Object.entries(svgs)) {
    expect(svg, name).not.toContain('<script');
    expect(svg.replaceAll('&#60;', '<').replaceAll('&lt;', '<'), name).toContain('<script');
  }
});

test('kernels and answers come out as they are, the answers after the activation', async () => {
  const { model } = await prepare(convModel());
  const pixels = new Uint8Array(784).fill(255);
  const layers = await readLayers(model, pixels);
  expect(layers!.kernels).toMatchObject([{ name: 'first', outputs: 2, inputs: 1, height: 3, width: 3 }]);
  expect([...layers!.kernels[0]!.data.subarray(9, 18)]).toEqual([0, 0, 0, 0, -1, 0, 0, 0, 0]);
  const [answer] = layers!.answers;
  expect(answer).toMatchObject({ name: 'first', count: 2, height: 28, width: 28 });
  expect([answer!.data[0], answer!.data[784]]).toEqual([1, 0]);
});

test('PNG of twice the size in units; charts as SVG beside it where wanted', async () => {
  const folder = await temporaryFolder();
  const written = await writePictures(folder, drawPictures(await prepare(tinyModel())), { svg: true });
  expect(await sharp(written.at(-1)!.png).metadata()).toMatchObject({ format: 'png', width: 1660 });
  const names = (await readdir(folder)).sort();
  expect(names.filter((name) => name.endsWith('.svg'))).toEqual(['calibration.svg', 'confusion_matrix.svg']);
  expect(names.filter((name) => name.endsWith('.png'))).toHaveLength(written.length);
});

test('an interruption ends the drawing', async () => {
  const folder = await temporaryFolder();
  const controller = new AbortController();
  const onPicture = () => controller.abort(new Error('enough'));
  const pictures = drawPictures(await prepare(tinyModel()));
  const writing = writePictures(folder, pictures, { onPicture, signal: controller.signal });
  await expect(writing).rejects.toThrow('enough');
  expect(await readdir(folder)).toEqual(['sample_digits.png']);
});
