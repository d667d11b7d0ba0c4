import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectOnnx, readOnnx, writeOnnx } from '../../core/onnx/index.js';
import { floatConstant, type Graph } from '../../core/onnx/types.js';
import { formatInspection } from './format-inspection.js';
import { inspectFile } from './inspect-file.js';
import { printableJson } from './printable-json.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inspect-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Clears the screen in three ways: ESC, the one-byte CSI, and a turn of the writing's direction. */
const hostile = 'a\u001b[2J\u009b2J\u202eb';
const graph: Graph = {
  name: 'g',
  inputs: [{ name: 'x', type: 'float32', shape: [2] }],
  outputs: [{ name: 'y', type: 'float32', shape: [2] }],
  nodes: [{ op: 'Add', name: hostile, inputs: ['x', 'w'], outputs: ['y'], attributes: {} }],
  constants: new Map([['w', floatConstant([2], [1, 2])]]),
  types: new Map(),
};

async function model(): Promise<string> {
  const path = join(folder, 'model.onnx');
  await writeFile(
    path,
    writeOnnx(graph, { opset: 21, producerVersion: '1', metadata: { [hostile]: hostile } }),
  );
  return path;
}

describe('inspectFile', () => {
  it('reads a model', async () => {
    expect(await inspectFile(await model())).toMatchObject({ totals: { nodes: 1, parameters: 2 } });
  });

  it('says of what is no file that it is none', async () => {
    await expect(inspectFile(folder)).rejects.toThrow(`cannot read the model ${folder}: it is a folder`);
    await expect(inspectFile(join(folder, 'none.onnx'))).rejects.toThrow('it does not exist');
  });

  it.skipIf(process.platform === 'win32')('waits for no pipe and reads no endless device', async () => {
    const pipe = join(folder, 'pipe.onnx');
    execFileSync('mkfifo', [pipe]);
    await expect(inspectFile(pipe)).rejects.toThrow('it is no regular file');
    await expect(inspectFile('/dev/zero')).rejects.toThrow('it is no regular file');
  });

  it('does not read a file beyond 2 GB', async () => {
    const path = join(folder, 'large.onnx');
    const file = await open(path, 'w');
    await file.truncate(2 ** 31);
    await file.close();
    await expect(inspectFile(path)).rejects.toThrow('is larger than 2 GB');
  });
});

it('shows control characters of names as escapes, as text and as JSON', async () => {
  const path = await model();
  const text = formatInspection(path, await inspectFile(path), { maxNodes: 9 });
  expect(text).toContain('a\\x1b[2J\\x9b2J\\u202eb');
  const json = printableJson({ hostile });
  for (const output of [text, json]) expect(output).not.toMatch(/[\u001b\u009b\u202e]/);
  expect(JSON.parse(json)).toEqual({ hostile });
});

it('as a command prints JSON alone on stdout, without a raw control character', async () => {
  const main = join(process.cwd(), 'bin/mnist-onnx.js');
  const child = spawn(process.execPath, [main, 'inspect', '--json', await model()]);
  let stdout = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  expect(stdout).not.toMatch(/[\u001b\u009b\u202e]/);
  expect(JSON.parse(stdout).nodes[0].name).toBe(hostile);
});

it('prints a table of more nodes than a function takes arguments', () => {
  const nodes = Array.from({ length: 150_000 }, (_, i) => ({
    ...graph.nodes[0]!,
    name: `n${i}`,
  }));
  const bytes = writeOnnx({ ...graph, nodes }, { opset: 21, producerVersion: '1', metadata: {} });
  const text = formatInspection('x', inspectOnnx(readOnnx(bytes)), { maxNodes: Number.POSITIVE_INFINITY });
  expect(text.split('\n').length).toBeGreaterThan(150_000);
});

it.each([
  [9_999, '9999'],
  [10_000, '10 k'],
  [1_234_567, '1.23 M'],
  [98_765_432_100, '98.8 G'],
])('%d multiply-adds are shown as %s', async (multiplyAdds, shown) => {
  const inspection = await inspectFile(await model());
  const [node] = inspection.nodes;
  const page = formatInspection('x', { ...inspection, nodes: [{ ...node!, multiplyAdds }] }, { maxNodes: 9 });
  expect(page.split('\n').find((line) => line.includes('Add') && line.endsWith(` ${shown}`))).toBeDefined();
});
