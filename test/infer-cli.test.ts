import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodePng } from '../src/node/images/encode-png.js';
import { drawSeven } from './drawings.js';
import { tinyDataset, writeIdxFolder } from './tiny-dataset.js';
import { temporaryFolder, tinyModel } from './tiny-model.js';

const program = join(import.meta.dirname, '../bin/mnist-onnx.js');
const drawing = drawSeven({ width: 50, height: 60, box: { x: 10, y: 10, width: 26, height: 40 }, pen: 5 });

/** A folder with a model where it is looked for by default, and one drawing. */
async function workplace() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'mnist_cnn.onnx'), tinyModel());
  const png = await encodePng(drawing);
  await writeFile(join(folder, 'in/a.png'), png);
  const run = (args: string[], input?: Uint8Array) => {
    const result = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8', input });
    return { status: result.status, stdout: result.stdout, stderr: result.stderr };
  };
  return { folder, png, run };
}

test('infer prints data alone on stdout, notes on stderr, and exits 0', async () => {
  const { run } = await workplace();
  const { status, stdout, stderr } = run(['infer', 'in', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([{ file: join('in', 'a.png'), text: 'middle', status: 'ok' }]);
  expect(stderr).toContain('model: mnist_cnn.onnx');
});

test('predict is infer; a bare dash is standard input, or output', async () => {
  const { run, png } = await workplace();
  const { stdout, stderr } = run(['predict', '-', '--format', 'ndjson', '--quiet', '--output', '-'], png);
  expect(JSON.parse(stdout)).toMatchObject({ file: '-', text: 'middle' });
  expect(stderr).toBe('');
});

test('one bad image among good ones: all records, one sentence, exit 1', async () => {
  const { folder, run } = await workplace();
  await writeFile(join(folder, 'in/b.png'), 'text');
  const { status, stderr } = run(['infer', 'in', 'nowhere.png', '--format', 'csv', '--output', 'out/x.csv']);
  expect(status).toBe(1);
  expect(stderr).toContain(`cannot read ${join('in', 'b.png')}: it is a text file, not an image\n`);
  expect(stderr).toContain('cannot read nowhere.png: it does not exist\n');
  expect((await readFile(join(folder, 'out/x.csv'), 'utf8')).trimEnd().split('\n')).toHaveLength(4);
});

test('parts read by several threads, one of them stopped and resumed, are joined to what one run gives', async () => {
  const { folder, run } = await workplace();
  const small = await encodePng(
    drawSeven({ width: 28, height: 28, box: { x: 9, y: 4, width: 11, height: 20 }, pen: 3 }),
  );
  for (let i = 0; i < 300; i++) await writeFile(join(folder, `in/${i}.png`), i % 50 === 0 ? 'text' : small);
  const csv = (...args: string[]) => run(['infer', 'in', '--format', 'csv', '--quiet', ...args]);
  const whole = csv('--threads', '1');
  const first = csv('--threads', '2', '--shard', '1/2', '--output', '1.csv');
  const goOn = () => csv('--threads', '2', '--shard', '2/2', '--output', '2.csv', '--resume');
  goOn();
  const full = await readFile(join(folder, '2.csv'), 'utf8');
  await writeFile(join(folder, '2.csv.partial'), full.slice(0, full.length / 2));
  const second = goOn();
  expect([whole.status, first.status, second.status]).toEqual([1, 1, 1]);
  const joined = await Promise.all(['1.csv', '2.csv'].map((name) => readFile(join(folder, name), 'utf8')));
  expect(joined.join('')).toBe(whole.stdout);
  expect(whole.stdout.split('\n')).toHaveLength(303);
});

test('several threads write what one writes, in every format, and warn of the same images', async () => {
  const { folder, run } = await workplace();
  const small = await encodePng(
    drawSeven({ width: 28, height: 28, box: { x: 9, y: 4, width: 11, height: 20 }, pen: 3 }),
  );
  for (let i = 0; i < 300; i++) await writeFile(join(folder, `in/${i}.png`), i % 60 === 0 ? 'text' : small);
  for (const format of ['table', 'csv', 'json', 'ndjson']) {
    const [one, two] = ['1', '2'].map((threads) =>
      run(['infer', 'in', '--format', format, '--threads', threads]),
    );
    expect(two!.stdout).toBe(one!.stdout);
    const warnings = ({ stderr }: { stderr: string }) =>
      stderr.split('\n').filter((line) => line.startsWith('warning:'));
    expect(warnings(two!)).toEqual(warnings(one!));
    expect(warnings(one!)).toHaveLength(5);
  }
  expect(JSON.parse(run(['infer', 'in', '--json', '--threads', '2']).stdout)).toHaveLength(301);
});

test('a folder so large that a thread is started ahead is read alike, and what goes wrong is one sentence', async () => {
  const { folder, png, run } = await workplace();
  for (let i = 0; i < 1000; i++) await writeFile(join(folder, `in/${i}.png`), i < 100 ? png : 'text');
  const read = (...threads: string[]) => run(['infer', 'in', '--format', 'csv', '--quiet', ...threads]);
  expect(read()).toEqual(read('--threads', '1'));
  // What it says of itself can be read, but onnxruntime knows no such operator.
  const odd = Buffer.from(tinyModel());
  odd.write('OddMul', odd.indexOf('MatMul'));
  await writeFile(join(folder, 'odd.onnx'), odd);
  for (const [args, status, sentence] of [
    [['--model', 'none.onnx'], 1, 'cannot read the model none.onnx: it does not exist'],
    [['--model', 'odd.onnx'], 1, 'onnxruntime-node cannot load the model'],
    [['--conf', '1.5'], 2, '--conf must be a number from 0 to 1'],
  ] as const) {
    const result = run(['infer', 'in', ...args]);
    expect(result).toMatchObject({ status, stdout: '' });
    const lines = result.stderr
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('model:'));
    expect(lines).toEqual([expect.stringContaining(`mnist-onnx: ${sentence}`), expect.anything()]);
  }
});

test.each([
  [[], 'name the images to read'],
  [['in', '--shard', '3/2', '--format', 'csv'], 'there is no part 3 of 2'],
  [['in', '--shard', '1/2', '--json'], 'parts of a JSON array cannot be joined'],
  [['in', '--resume', '--format', 'csv'], '--resume needs the --output'],
  [['in', '--resume', '--output', 'x.txt'], '--resume cannot go on with --format table'],
  [['in', '--top-k', '0'], '--top-k must be a whole number from 1 to 1000'],
  [['in', '--conf', '1.5'], '--conf must be a number from 0 to 1'],
  [['in', '--json', '--format', 'csv'], '--json and --format csv exclude each other'],
  [['in', '--formt', 'csv'], 'Did you mean --format?'],
])('wrong usage %j exits 2 with one sentence', async (args, message) => {
  const { run } = await workplace();
  const { status, stdout, stderr } = run(['infer', ...args]);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test('eval measures the model on a folder of IDX files, as a page or as JSON', async () => {
  const { folder, run } = await workplace();
  await writeIdxFolder(join(folder, 'data'), tinyDataset());
  const page = run(['eval', '--dataset', 'data', '--quiet']);
  expect(page).toMatchObject({ status: 0, stderr: '' });
  expect(page.stdout).toContain('100.00% (24 of 24)');
  const json = run(['val', 'mnist_cnn.onnx', '--dataset', 'data', '--json', '--limit', '10']);
  expect(JSON.parse(json.stdout)).toMatchObject({ count: 10, accuracy: 1, dataset: { split: 'test' } });
});

test('eval of a file that is no model is one sentence and exit 1', async () => {
  const { folder, run } = await workplace();
  await writeFile(join(folder, 'page.onnx'), '<html>');
  const { status, stdout, stderr } = run(['eval', 'page.onnx', '--dataset', 'data']);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^mnist-onnx: page\.onnx is no ONNX model/);
});
