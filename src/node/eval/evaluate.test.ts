import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { silentReporter } from '../reporter.js';
import { type OpenModel, openModel } from '../runtime/index.js';
import { evaluate } from './evaluate.js';
import { formatEvaluation } from './format-evaluation.js';

async function openTiny(bytes = tinyModel()): Promise<OpenModel> {
  const path = join(await temporaryFolder(), 'tiny.onnx');
  await writeFile(path, bytes);
  return openModel({ model: path, device: 'cpu', reporter: silentReporter });
}

const dataset = tinyDataset();

test('a model that knows the answer has all of them right, and the result says what was measured on what', async () => {
  const model = await openTiny();
  const result = await evaluate({ model, dataset, reporter: silentReporter });
  expect(result).toMatchObject({
    count: 24,
    correct: 24,
    accuracy: 1,
    classes: ['left', 'middle', 'right'],
    model: { path: model.path, sha256: model.sha256 },
    dataset: { name: 'tiny', sha256: dataset.sha256, split: 'test' },
    runtime: { device: 'cpu' },
  });
  expect(result.confusion.flat().reduce((sum, n) => sum + n, 0)).toBe(24);
});

test('probabilities as the only output give the same loss as logits', async () => {
  const [logits, probabilities] = await Promise.all(
    [tinyModel(), tinyModel({ output: 'probabilities' })].map(async (bytes) =>
      evaluate({ model: await openTiny(bytes), dataset, reporter: silentReporter }),
    ),
  );
  expect(probabilities!.loss).toBeCloseTo(logits!.loss, 5);
});

test('twice the same but for the timing; --limit takes the first images', async () => {
  const model = await openTiny();
  const results = [];
  for (let i = 0; i < 2; i++) {
    const { timing: _, ...result } = await evaluate({ model, dataset, limit: 10, reporter: silentReporter });
    results.push(JSON.stringify(result));
  }
  expect(results[0]).toBe(results[1]);
  expect(JSON.parse(results[0]!).count).toBe(10);
});

test('another number of classes is refused in one sentence', async () => {
  const model = await openTiny();
  const other = { ...dataset, classes: ['0', '1'] };
  await expect(evaluate({ model, dataset: other, reporter: silentReporter })).rejects.toThrow(
    `${model.path} knows 3 classes, the data set tiny has 2`,
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'scores of %d are told, and counted for no class',
  async (score) => {
    const model = await openTiny();
    const { session } = model;
    const broken: typeof session = {
      ...session,
      run: async (feeds, names) => {
        const results = await session.run(feeds, names);
        for (const { data } of Object.values(results)) (data as Float32Array).fill(score, 3, 4);
        return results;
      },
    };
    const evaluating = evaluate({
      model: { ...model, session: broken },
      dataset: tinyDataset(),
      limit: 10,
      reporter: silentReporter,
    });
    await expect(evaluating).rejects.toThrow(
      'the model gives NaN or infinity, which are no scores, for 1 of 10 images',
    );
  },
);

describe('a model that says what it was trained on', () => {
  const measureTrainedOn = async (trainedOn: { name: string; sha256: string }, met = dataset) => {
    const model = await openTiny();
    const warnings: string[] = [];
    const reporter = { ...silentReporter, warn: (line: string) => warnings.push(line) };
    const trained = { ...model, path: 'm.onnx', info: { ...model.info, dataset: trainedOn } };
    const { accuracy } = await evaluate({ model: trained, dataset: met, reporter });
    return { accuracy, warnings };
  };

  test('is measured on another set of the same classes with one warning, on its own with none', async () => {
    expect(await measureTrainedOn({ name: 'fashion', sha256: 'ab' })).toEqual({
      accuracy: 1,
      warnings: ['m.onnx was trained on fashion, and is measured on tiny; its own data are --dataset DIR'],
    });
    const { warnings } = await measureTrainedOn({ name: 'synthetic', sha256: 'ab' });
    expect(warnings).toEqual([expect.stringMatching(/--dataset synthetic$/)]);
    expect(await measureTrainedOn({ name: 'renamed', sha256: dataset.sha256 })).toMatchObject({
      warnings: [],
    });
  });

  test('and on own pictures too, which change the checksum of the set, is not warned of', async () => {
    expect(await measureTrainedOn({ name: 'tiny', sha256: 'ab' })).toMatchObject({ warnings: [] });
  });

  test('is not measured on a set of other classes', async () => {
    const digits = { ...dataset, classes: ['0', '1', '2'] };
    await expect(measureTrainedOn({ name: 'fashion', sha256: 'ab' }, digits)).rejects.toMatchObject({
      message: 'm.onnx was trained on fashion (left, middle, right), and tiny has other classes (0, 1, 2)',
      hint: 'Name the data that it was trained on: --dataset DIR.',
      exitCode: 2,
    });
  });
});

test('the page names model, data, runtime and figures, and lines its tables up', async () => {
  const page = formatEvaluation(
    await evaluate({ model: await openTiny(), dataset, reporter: silentReporter }),
  );
  expect(page).toMatch(/accuracy +100\.00% \(24 of 24\)/);
  expect(page).toMatch(/data +tiny test, 24 images \(sha256 0{11}/);
  const rows = page.split('\n').filter((line) => /^(class|left|middle|right) +(precision|\d+\.)/.test(line));
  expect(rows).toHaveLength(4);
  expect(new Set(rows.map((line) => line.length)).size).toBe(1);
});

test('the page tells the size of the file in units of 1024 bytes', async () => {
  const evaluation = await evaluate({ model: await openTiny(), dataset, reporter: silentReporter });
  const page = formatEvaluation({ ...evaluation, model: { ...evaluation.model, sizeBytes: 1024 * 1805 } });
  expect(page).toMatch(/^model .*, 1805 KiB\)$/m);
});

test('the page tells what was left out, and how texts of several digits were read', async () => {
  const evaluation = await evaluate({ model: await openTiny(), dataset, reporter: silentReporter });
  const page = formatEvaluation({
    ...evaluation,
    skipped: [{ file: 'a.png', reason: 'it is empty' }],
    texts: {
      count: 8,
      exact: 6,
      characters: 40,
      characterErrors: 3,
      miscounted: { pictures: 2, digits: 9 },
      mistakes: [],
    },
  });
  expect(page).toContain('left out   1 images that could not be read\n');
  expect(page).toContain('75.00% of several digits read exactly (6 of 8), 92.50% of their characters\n');
  expect(page).toContain('left out   9 digits of 2 pictures that were read with another number of digits\n');
  expect(page).toContain('tiny test, 24 digits (');
  expect(formatEvaluation(evaluation)).not.toMatch(/left out|texts/);
});

test('names from foreign files cannot write to the terminal', async () => {
  const evaluation = await evaluate({ model: await openTiny(), dataset, reporter: silentReporter });
  const page = formatEvaluation({
    ...evaluation,
    classes: ['\u001b[2Jleft', 'middle', 'ri\nght'],
    dataset: { ...evaluation.dataset, name: 'a\u0007b' },
  });
  expect(page).toContain('\\x1b[2Jleft');
  expect(page).toContain('a\\x07b');
  expect(page.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(page.match(/ri\\x0aght/g)).toHaveLength(3);
});
