import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { runEvaluation } from '../eval/evaluate.js';
import { type TestSet, testSetOf } from '../eval/test-set.js';
import { silentReporter } from '../reporter.js';
import { type OpenModel, openModel } from '../runtime/index.js';
import { measureParity } from './parity.js';
import { renderReport } from './report.js';

const EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
const png = Uint8Array.from([1, 2, 3]);

/** A model and a test set most of whose images are mistaken. */
async function prepare(change: { bytes?: Uint8Array; testSet?: Partial<TestSet> } = {}) {
  const path = join(await temporaryFolder(), 'model.onnx');
  await writeFile(path, change.bytes ?? tinyModel());
  const model = await openModel({ model: path, device: 'cpu', reporter: silentReporter });
  const testSet = testSetOf(tinyDataset());
  const labels = testSet.images.labels.map((label, i) => (i < 4 ? label : (label + 1) % 3));
  const changed = { ...testSet, images: { ...testSet.images, labels }, ...change.testSet };
  return { model, run: await runEvaluation({ model, testSet: changed, reporter: silentReporter }) };
}

const render = async (prepared: Awaited<ReturnType<typeof prepare>>) =>
  renderReport({
    ...prepared,
    record: undefined,
    parity: [],
    pictures: [
      { name: 'predictions', png },
      { name: 'sample_digits', png },
    ],
  });

describe('the report', () => {
  const report = async () => render(await prepare());

  test('has figures, tables, pictures, mistakes and layers', async () => {
    const html = await report();
    for (const id of ['configuration', 'training', 'classes', 'pictures', 'mistakes', 'parity', 'layers']) {
      expect(html).toContain(`<section id="${id}">`);
    }
    expect(html).toContain('<dd>16.67%</dd>');
    expect(html.match(/<figure data-index/g)).toHaveLength(20);
    expect(html).toContain('data:image/png;base64,AQID');
    expect(html).toContain('<td>MatMul</td>');
  });

  test('asks no network, and its policy lets just its own style and script run', async () => {
    const html = await report();
    expect(html.match(/(?:src|href)="(?!data:|#)[^"]*"/g)).toBeNull();
    expect(html).not.toMatch(/https?:\/\//);
    const digest = (code: string) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
    expect(html).toContain(`style-src ${digest(/<style>(.*?)<\/style>/s.exec(html)![1]!)}`);
    expect(html).toContain(`script-src ${digest(/<script>(.*?)<\/script>/s.exec(html)![1]!)}`);
    expect(html).not.toMatch(/ (?:style|on[a-z]+)="/);
  });

  test('of a model without mistakes, and without pictures, has no empty chapters', async () => {
    const { images } = testSetOf(tinyDataset());
    const prepared = await prepare({ testSet: { images } });
    const html = await renderReport({ ...prepared, record: undefined, parity: [], pictures: [] });
    expect(html).toContain('<dd>100.00%</dd>');
    expect(html).toContain('<p>Every image was read right.</p>');
    for (const id of ['training', 'pictures', 'robustness'])
      expect(html).not.toContain(`<section id="${id}">`);
    expect(html).not.toContain('<figure');
  });

  test('shows the worst 300 of very many mistakes, and says where the others are', async () => {
    const { images } = testSetOf(tinyDataset({ test: 310 }));
    const labels = images.labels.map((label, i) => (i < 5 ? label : (label + 1) % 3));
    const html = await render(await prepare({ testSet: { images: { ...images, labels } } }));
    expect(html.match(/<figure data-index/g)).toHaveLength(300);
    expect(html).toContain('The worst 300 of 305 mistakes; all are in predictions.csv.');
  });

  test('shows every mistake where scripts do not run', async () => {
    const html = await report();
    expect(html).toContain('<div class="controls" hidden>');
    expect(html).not.toMatch(/<figure data-[^>]* hidden/);
  });
});

describe('what comes from outside stands as text', () => {
  test.each([
    ['names of files', { testSet: { files: new Array<string>(24).fill(EVIL) } }],
    ['the name of the data', { testSet: { name: EVIL } }],
    ['classes, which are metadata of the model', { bytes: tinyModel({ classes: [EVIL, 'b', 'c'] }) }],
  ])('%s', async (_, change) => {
    const html = await render(await prepare(change));
    expect(html).not.toContain('<img src=x');
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('&#60;img src=x onerror=alert(1)&#62;');
  });
});

describe('parity', () => {
  const options = async () => ({ resultsDir: await temporaryFolder(), reporter: silentReporter });

  test("with the browser's runtime is measured", async () => {
    const { model, run } = await prepare();
    const [row] = await measureParity(model, run, await options());
    expect(row).toMatchObject({ sameClass: '24 of 24', output: 'probabilities' });
    expect(row!.second).toContain('onnxruntime-web');
    expect(row!.maxDifference).toBeLessThan(1e-5);
  });

  test('with tfjs comes from parity.json, if it is of this model and not damaged', async () => {
    const { model, run } = await prepare();
    const { resultsDir } = await options();
    const write = (value: string) => writeFile(join(resultsDir, 'parity.json'), value);
    const verification = {
      reference: 'tfjs 4',
      runtime: 'ort',
      samples: { description: '24 images' },
      outputs: [{ name: 'logits', maxDifference: 1e-6, maxValue: 3 }],
      sameLabels: { count: 24, of: 24 },
    };
    const first = async (m: OpenModel = model) =>
      (await measureParity(m, run, { resultsDir, reporter: silentReporter })).map((row) => row.first);
    await write(JSON.stringify({ sha256: model.sha256, verification }));
    expect((await first())[0]).toBe('tfjs 4');
    await write(JSON.stringify({ sha256: 'other', verification }));
    expect(await first()).toHaveLength(1);
    await write('{');
    expect(await first()).toHaveLength(1);
  });
});
