import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { silentReporter } from '../reporter.js';
import { writeTritonModel } from './triton.js';
import { formatTritonConfig } from './triton-config.js';

const CONFIG = `name: "tiny"
backend: "onnxruntime"
max_batch_size: 256
input [
  {
    name: "input"
    data_type: TYPE_FP32
    dims: [ 1, 28, 28 ]
  }
]
output [
  {
    name: "logits"
    data_type: TYPE_FP32
    dims: [ 3 ]
    label_filename: "labels.txt"
  }
]
dynamic_batching { }
`;

it('writes the repository that Triton describes: configuration, labels, a numbered version', async () => {
  const folder = await temporaryFolder();
  const bytes = tinyModel();
  const written = await writeTritonModel({ folder, name: 'tiny', bytes, reporter: silentReporter });
  expect(written).toEqual({ path: join(folder, 'tiny'), version: 1 });
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(
    ['tiny', 'tiny/1', 'tiny/1/model.onnx', 'tiny/config.pbtxt', 'tiny/labels.txt'].map((path) => join(path)),
  );
  expect(await readFile(join(folder, 'tiny/config.pbtxt'), 'utf8')).toBe(CONFIG);
  expect(await readFile(join(folder, 'tiny/labels.txt'), 'utf8')).toBe('left\nmiddle\nright\n');
  expect(Buffer.compare(await readFile(join(folder, 'tiny/1/model.onnx')), bytes)).toBe(0);
});

it('the same model adds no version, another one the next, and an edited configuration is kept', async () => {
  const folder = await temporaryFolder();
  const warnings: string[] = [];
  const reporter = { ...silentReporter, warn: (line: string) => void warnings.push(line) };
  const write = (bytes: Uint8Array) => writeTritonModel({ folder, name: 'm', bytes, reporter });
  await write(tinyModel());
  expect((await write(tinyModel())).version).toBe(1);
  const config = join(folder, 'm/config.pbtxt');
  await writeFile(config, 'name: "m" # mine');
  expect((await write(tinyModel({ classes: ['a', 'b', 'c'] }))).version).toBe(2);
  expect(await readFile(config, 'utf8')).toBe('name: "m" # mine');
  expect(warnings).toEqual([expect.stringContaining('config.pbtxt was edited and is kept')]);
});

it('models that are added at once become a version each', async () => {
  const folder = await temporaryFolder();
  const write = (bytes: Uint8Array) =>
    writeTritonModel({ folder, name: 'm', bytes, reporter: silentReporter });
  const models = ['a', 'b', 'c', 'd'].map((name) => tinyModel({ classes: [name, 'x', 'y'] }));
  const written = await Promise.all(models.map(write));
  expect(written.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4]);
  expect((await readdir(join(folder, 'm'))).sort()).toEqual([
    '1',
    '2',
    '3',
    '4',
    'config.pbtxt',
    'labels.txt',
  ]);
});

it('a class whose name holds a line break keeps one line of the labels', async () => {
  const folder = await temporaryFolder();
  const bytes = tinyModel({ classes: ['a\nb', 'c', 'd'] });
  await writeTritonModel({ folder, name: 'm', bytes, reporter: silentReporter });
  expect(await readFile(join(folder, 'm/labels.txt'), 'utf8')).toBe('a\\x0ab\nc\nd\n');
});

it('a pinned batch stands in the shapes, and the server puts nothing together', () => {
  const model = {
    inputs: [{ name: 'input', type: 'uint8', shape: [4, 1, 28, 28] }],
    outputs: [{ name: 'logits', type: 'float32', shape: [4, 10] }],
  };
  const config = formatTritonConfig({ name: 'm', model });
  expect(config).toContain('max_batch_size: 0');
  expect(config).toContain('data_type: TYPE_UINT8\n    dims: [ 4, 1, 28, 28 ]');
  expect(config).not.toContain('dynamic_batching');
});

it('one number an image gets the shape that Triton wants, open sizes are -1, and names are escaped', () => {
  const model = {
    inputs: [{ name: 'a "b"\n', type: 'float32', shape: ['N', 'T', 3] }],
    outputs: [{ name: 'class', type: 'int64', shape: ['N'] }],
  };
  const config = formatTritonConfig({ name: 'm', model });
  expect(config).toContain('name: "a \\"b\\"\\012"\n    data_type: TYPE_FP32\n    dims: [ -1, 3 ]');
  expect(config).toContain('data_type: TYPE_INT64\n    dims: [ 1 ]\n    reshape: { shape: [ ] }');
});
