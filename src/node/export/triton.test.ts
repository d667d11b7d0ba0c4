import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { silentReporter } from '../reporter.js';
import { tritonName, writeTritonModel } from './triton.js';
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
  const [mark, ...config] = (await readFile(join(folder, 'tiny/config.pbtxt'), 'utf8')).split(/(?<=\n)/);
  expect(mark).toMatch(/^# Written by mnist-onnx/);
  expect(config.join('')).toBe(CONFIG);
  expect(await readFile(join(folder, 'tiny/labels.txt'), 'utf8')).toBe('left\nmiddle\nright\n');
  expect(Buffer.compare(await readFile(join(folder, 'tiny/1/model.onnx')), bytes)).toBe(0);
});

describe('a repository with a version', () => {
  let folder: string;
  let config: string;
  let warnings: string[];
  const write = (bytes: Uint8Array) => {
    const reporter = { ...silentReporter, warn: (line: string) => void warnings.push(line) };
    return writeTritonModel({ folder, name: 'm', bytes, reporter });
  };
  beforeEach(async () => {
    folder = await temporaryFolder();
    config = join(folder, 'm/config.pbtxt');
    warnings = [];
    await write(tinyModel());
  });

  it('gets no other of the same model, and of another the next', async () => {
    expect((await write(tinyModel())).version).toBe(1);
    expect((await write(tinyModel({ classes: ['a', 'b', 'c'] }))).version).toBe(2);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['layout', { input: ['N', 28, 28, 1] }, ['max_batch_size: 256', 'dims: [ 28, 28, 1 ]']],
    ['batch', { input: [4, 1, 28, 28] }, ['max_batch_size: 0', 'dims: [ 4, 1, 28, 28 ]']],
  ])('gets a configuration that fits a model of another %s', async (_, options, lines) => {
    expect((await write(tinyModel(options))).version).toBe(2);
    for (const line of lines) expect(await readFile(config, 'utf8')).toContain(line);
    expect(warnings).toEqual([]);
  });

  it('keeps a configuration that was edited, but takes no model that it was not written for', async () => {
    const edited = (await readFile(config, 'utf8')).replace('256', '16');
    await writeFile(config, edited);
    const classes = ['a', 'b', 'c'];
    expect((await write(tinyModel({ classes }))).version).toBe(2);
    expect(warnings).toEqual([
      `${config} was edited and is kept as it is; delete it to have it written anew`,
    ]);
    await expect(write(tinyModel({ input: ['N', 28, 28, 1] }))).rejects.toMatchObject({
      message: `${config} was edited, and was written for a model with other inputs or outputs`,
      exitCode: 1,
    });
    expect(await readFile(config, 'utf8')).toBe(edited);
    expect(await readFile(join(folder, 'm/labels.txt'), 'utf8')).toBe('a\nb\nc\n');
    expect((await readdir(join(folder, 'm'))).sort()).toEqual(['1', '2', 'config.pbtxt', 'labels.txt']);
  });

  it('keeps a configuration that somebody else wrote, and says that nobody knows whether it fits', async () => {
    await writeFile(config, 'name: "m" # mine');
    expect((await write(tinyModel({ input: [4, 1, 28, 28] }))).version).toBe(2);
    expect(await readFile(config, 'utf8')).toBe('name: "m" # mine');
    expect(warnings).toEqual([
      expect.stringContaining('was edited and is kept as it is, though it may not fit'),
    ]);
  });
});

it('a file without a name gives none to a model', () => {
  expect(tritonName('models/cnn.v2.ONNX')).toBe('cnn.v2');
  for (const file of ['.onnx', 'a/..onnx', 'a/...onnx']) {
    expect(() => tritonName(file)).toThrow(
      expect.objectContaining({
        message: `the output ${file} gives the model no name for --triton`,
        exitCode: 2,
      }),
    );
  }
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
