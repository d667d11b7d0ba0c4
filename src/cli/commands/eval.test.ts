import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { drawSeven } from '../../../test/drawings.js';
import { runInProcess } from '../../../test/in-process.js';
import { tinyDataset, writeIdxFolder } from '../../../test/tiny-dataset.js';
import { tinyModel } from '../../../test/tiny-model.js';
import { encodePng } from '../../node/images/encode-png.js';

const run = (...argv: string[]) => runInProcess(argv);

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eval-'));
  for (const name of ['a.onnx', 'b.onnx', 'mnist_cnn.onnx']) await writeFile(at(name), tinyModel());
  await writeIdxFolder(at('data'), tinyDataset({ train: 3, test: 12 }));
});
afterAll(() => rm(folder, { recursive: true }));

describe('eval', () => {
  const common = () => ['--dataset', at('data'), '--no-pictures', '--results-dir', at('results')];

  it('measures a model, as text and as JSON', async () => {
    const { status, stdout, notes } = await run('eval', at('a.onnx'), ...common(), '--limit', '9');
    expect(status).toBe(0);
    expect(stdout).toMatch(/accuracy +100\.00% \(9 of 9\)/);
    expect(notes.at(-1)).toMatch(/^results: .*metrics\.json/);
    expect(JSON.parse((await run('eval', at('a.onnx'), ...common(), '--json')).stdout)).toMatchObject({
      accuracy: 1,
    });
  });

  it('tells what it removes of another model', async () => {
    await writeFile(at('c.onnx'), tinyModel({ output: 'probabilities' }));
    await run('eval', at('a.onnx'), ...common());
    await writeFile(at('results/report.html'), '');
    const notes = [];
    for (const model of ['a.onnx', 'c.onnx'])
      notes.push(...(await run('eval', at(model), ...common())).notes);
    expect(notes.filter((note) => note.startsWith('removed'))).toEqual([
      `removed from ${at('results')}, being of another model or other images: report.html (--results-dir keeps results apart)`,
    ]);
  });

  it('compares models: with the one that is named, with the one in use, or those that are listed', async () => {
    const home = process.cwd();
    onTestFinished(() => process.chdir(home));
    process.chdir(folder);
    const compared = async (...argv: string[]) => {
      const { status, stdout } = await run('eval', ...argv, '--dataset', 'data', '--json');
      expect(status).toBe(0);
      return JSON.parse(stdout).models.map(({ model }: { model: { path: string } }) => model.path);
    };
    expect(await compared('a.onnx', '--compare', 'b.onnx')).toEqual(['a.onnx', 'b.onnx']);
    expect(await compared('--compare', 'b.onnx')).toEqual(['mnist_cnn.onnx', 'b.onnx']);
    expect(await compared('--compare', 'b.onnx', 'a.onnx')).toEqual(['b.onnx', 'a.onnx']);
    const table = await run('eval', 'a.onnx', '--compare', 'b.onnx', '--dataset', 'data');
    expect(table.stdout).toContain('b.onnx');
  });

  it('shows what corruptions cost, below the clean images', async () => {
    const { stdout } = await run('eval', at('a.onnx'), ...common(), '--corruptions');
    expect(stdout).toMatch(/accuracy +100\.00%(.|\n)*corruption(.|\n)*blur/);
  });

  it('of pictures ends with 1 where one could not be read, alone and in a comparison', async () => {
    await mkdir(at('labelled/middle'), { recursive: true });
    const box = { x: 10, y: 10, width: 26, height: 40 };
    const drawing = drawSeven({ width: 50, height: 60, box, pen: 5 });
    await writeFile(at('labelled/middle/one.png'), await encodePng(drawing));
    const images = [
      'eval',
      at('a.onnx'),
      '--images',
      at('labelled'),
      '--no-pictures',
      '--results-dir',
      at('results'),
    ];
    expect((await run(...images)).status).toBe(0);
    await writeFile(at('labelled/middle/two.png'), 'text');
    const { status, stdout } = await run(...images);
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringContaining('left out   1 images that could not be read'),
    });
    const compare = ['eval', at('a.onnx'), '--compare', at('b.onnx'), '--images', at('labelled')];
    expect((await run(...compare)).status).toBe(1);
  });
});
