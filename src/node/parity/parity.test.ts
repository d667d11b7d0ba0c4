import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { tinyDataset, writeIdxFolder } from '../../../test/tiny-dataset.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { silentReporter } from '../reporter.js';
import { RuntimeMissing } from '../runtime/runtime-missing.js';
import { formatParity } from './format-parity.js';
import type { RuntimeName } from './names.js';
import { measureParity, type ParityOptions } from './parity.js';
import { renderParityReport } from './parity-report.js';
import type { RuntimeScores } from './runtime-scores.js';
import { runRuntime } from './runtimes.js';

vi.mock('./runtimes.js', () => ({ runRuntime: vi.fn() }));

/** Scores of images, the right class of the first being `label`. */
function scoresOf(
  options: { label?: number; offset?: number; processor?: 'cpu' | 'gpu'; count?: number } = {},
): RuntimeScores {
  const { label = 0, offset = 0, processor = 'cpu', count = 24 } = options;
  const logits = new Float32Array(3 * count).map((_, i) => (i >= 3 && i % 3 === 0 ? 5 : 0));
  logits[label] = 5;
  logits[20]! += offset;
  return { description: '<b>a runtime</b>', processor, logits, probabilities: logits };
}

type Answers = Partial<Record<RuntimeName, RuntimeScores | Error>>;

async function compare(
  answers: Answers,
  { count = 24, ...options }: Partial<ParityOptions> & { count?: number } = {},
) {
  vi.mocked(runRuntime).mockImplementation(async (name) => {
    const answer = answers[name] ?? new RuntimeMissing('there is none');
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const folder = await temporaryFolder();
  const model = join(folder, 'model.onnx');
  await writeFile(model, tinyModel());
  await writeIdxFolder(join(folder, 'data'), tinyDataset({ test: count }));
  return measureParity({ model, dataset: join(folder, 'data'), reporter: silentReporter, ...options });
}

describe('measureParity', () => {
  it('passes where all agree, and names what was skipped and why', async () => {
    const { result } = await compare({
      tfjs: scoresOf(),
      node: scoresOf({ offset: 5e-6 }),
      wasm: scoresOf(),
    });
    expect(result.passed).toBe(true);
    expect(result.pairs.map(({ first, second }) => [first, second])).toEqual([
      ['tfjs', 'node'],
      ['tfjs', 'wasm'],
      ['node', 'wasm'],
    ]);
    expect(result.runtimes.at(-1)).toMatchObject({
      name: 'cuda',
      status: 'skipped',
      detail: 'there is none',
    });
    expect(formatParity(result)).toMatch(/^cuda +skipped: there is none$/m);
  });

  it('accepts 1e-5 of processors and 1e-3 of GPUs in fp32, unless --atol says otherwise', async () => {
    const far = { node: scoresOf(), wasm: scoresOf({ offset: 2e-5 }) };
    expect((await compare(far)).result.passed).toBe(false);
    expect((await compare(far, { atol: 1e-4 })).result.passed).toBe(true);
    const gpu = { node: scoresOf(), 'browser-webgpu': scoresOf({ offset: 9e-4, processor: 'gpu' }) };
    expect((await compare(gpu)).result.passed).toBe(true);
    expect((await compare(gpu, { atol: 1e-4 })).result.passed).toBe(false);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'fails on scores of %d, even where both have them',
    async (value) => {
      const { result } = await compare(
        { node: scoresOf({ offset: value }), wasm: scoresOf({ offset: value }) },
        { atol: 100 },
      );
      expect(result.passed).toBe(false);
      expect(formatParity(result)).toMatch(/^node - wasm: 1 score is NaN or infinite$/m);
      expect(JSON.stringify(result)).not.toContain('null');
    },
  );

  it('fails on one label that differs, and names the image', async () => {
    const { result } = await compare({ node: scoresOf(), wasm: scoresOf({ label: 1 }) }, { atol: 100 });
    expect(result.passed).toBe(false);
    expect(result.pairs[0]!.disagreeing).toEqual([{ index: 0, first: 0, second: 1 }]);
    expect(formatParity(result)).toContain('node - wasm disagree on no. 0 (left and middle)');
  });

  it('fails where a runtime fails, and where one that was asked for is not there', async () => {
    const agree = { tfjs: scoresOf(), node: scoresOf() };
    expect((await compare({ ...agree, wasm: new Error('out of memory') })).result.passed).toBe(false);
    expect((await compare(agree, { runtimes: ['tfjs', 'node'] })).result.passed).toBe(true);
    expect((await compare(agree, { runtimes: ['tfjs', 'node', 'cuda'] })).result.passed).toBe(false);
  });

  it('says why it failed: what was asked for, what broke, which pairs differ', async () => {
    const agree = { node: scoresOf(), wasm: scoresOf() };
    const runtimes = ['node', 'wasm', 'cuda', 'tfjs'] as const;
    const missing = await compare({ ...agree, tfjs: new Error('out of memory') }, { runtimes });
    expect(formatParity(missing.result)).toMatch(/^FAILED: cuda was asked for and skipped; tfjs failed$/m);
    const differing = await compare({ ...agree, tfjs: scoresOf({ label: 1 }) });
    expect(formatParity(differing.result)).toMatch(/^FAILED: 2 of 3 pairs failed$/m);
    expect(formatParity((await compare(agree)).result)).toMatch(/^passed$/m);
  });

  it('refuses a tfjs model where tfjs is not compared', async () => {
    const answers = { node: scoresOf(), wasm: scoresOf() };
    const options = { runtimes: ['node', 'wasm'], tfjs: 'no/such/model' } as const;
    await expect(compare(answers, options)).rejects.toMatchObject({
      message: '--tfjs names a model, and --runtimes leaves tfjs out',
      exitCode: 2,
    });
  });

  it('fails where a runtime gives scores of fewer images, but for a GPU that is a program', async () => {
    const all = { node: scoresOf({ count: 300 }), wasm: scoresOf({ count: 300 }) };
    const { result } = await compare({ ...all, tfjs: scoresOf({ count: 200 }) }, { count: 300 });
    expect(result.passed).toBe(false);
    expect(formatParity(result)).toMatch(/^tfjs +failed: it gave 600 scores, not 3 for each of 300 images$/m);
    const gpu = (count: number) => ({ ...all, 'browser-webgpu': scoresOf({ count, processor: 'gpu' }) });
    expect((await compare(gpu(100), { count: 300 })).result.passed).toBe(false);
    expect((await compare(gpu(0), { count: 300 })).result.passed).toBe(false);
    const found = await compare(gpu(200), { count: 300 });
    expect(found.result).toMatchObject({ passed: true, pairs: [{ images: 300 }, { images: 200 }, {}] });
  });

  it('never passes where there is nothing to compare', async () => {
    await expect(compare({ node: scoresOf() })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        /^there are no two runtimes to compare: tfjs skipped \(there is none\); node ran/,
      ),
    });
  });

  it('takes a runtime that is named twice for one, and refuses to compare one with itself', async () => {
    const { result } = await compare(
      { node: scoresOf(), wasm: scoresOf() },
      { runtimes: ['node', 'wasm', 'node'] },
    );
    expect(result.pairs).toHaveLength(1);
    for (const runtimes of [['node', 'node'], ['node'], []] as const) {
      await expect(compare({ node: scoresOf() }, { runtimes })).rejects.toMatchObject({
        message: '--runtimes must name two runtimes or more, which are compared with each other',
        exitCode: 2,
      });
    }
  });

  it('compares probabilities where one shows no logits', async () => {
    const { result } = await compare({ tfjs: { ...scoresOf(), logits: undefined }, node: scoresOf() });
    expect(result.quantity).toBe('probabilities');
  });
});

it('the report shows the images that disagree, and text from outside as text', async () => {
  const { result, images } = await compare({ node: scoresOf(), wasm: scoresOf({ label: 2 }) });
  const html = await renderParityReport(result, images);
  expect(html).toContain('FAILED');
  expect(html).toContain('data:image/png;base64,');
  expect(html).toContain('<div>wasm: right</div>');
  expect(html).toContain('&#60;b&#62;a runtime');
  expect(html).not.toContain('<b>');
});
