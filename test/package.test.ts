import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** What a program that imports the package by its name gets. */
async function importNames(specifier: string): Promise<string[]> {
  const script = `console.log(JSON.stringify(Object.keys(await import('${specifier}'))))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout);
}

describe('the package', () => {
  it.each([
    ['mnist-onnx', ['train', 'exportModel', 'evaluate', 'infer', 'convertLayersModel', 'loadDataset']],
    ['mnist-onnx/core', ['prepareDigits', 'classify', 'readOnnx', 'parseIdx']],
    ['mnist-onnx/convert', ['convertLayersModel']],
  ])('%s can be imported by its name', async (specifier, names) => {
    expect(await importNames(specifier)).toEqual(expect.arrayContaining(names));
  });

  it.each([
    ['mnist-onnx', /tfjs|onnxruntime/],
    ['mnist-onnx/core', /tfjs|onnxruntime|sharp/],
    ['mnist-onnx/convert', /tfjs|onnxruntime|sharp/],
  ])('%s loads no native runtime before it is used', async (specifier, native) => {
    const script = `await import('${specifier}');
      console.log(JSON.stringify(Object.keys((await import('node:module')).default._cache)));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(JSON.parse(stdout).filter((path: string) => native.test(path))).toEqual([]);
  });
});
