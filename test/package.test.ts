import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { typeErrors } from './type-errors.js';

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

  it('has a name for each type that its functions take and give', async () => {
    const types = {
      'mnist-onnx': [
        ...['ArchitectureName', 'Checkpoint', 'Comparison', 'Evaluation', 'EvaluationRun', 'GivenConfig'],
        ...['NodeSessionOptions', 'OpenOptions', 'RunTrainingOptions', 'RuntimeSession', 'TestSet'],
        ...['TrainingOutcome', 'TrainingRecord', 'Verification'],
      ],
      'mnist-onnx/core': [
        ...['Candidate', 'ClassificationMetrics', 'FindDigitsOptions', 'PredictionOptions'],
        ...['PredictionStatus', 'RawPixels', 'Reading', 'TensorType'],
      ],
      'mnist-onnx/convert': ['Graph', 'LayerTrace', 'Shape', 'OutputKind'],
    };
    const sources = Object.entries(types).map(
      ([from, names]) =>
        `import type { ${names.join(', ')} } from '${from}';\nexport type Used = [${names.join(', ')}];\n`,
    );
    expect(await typeErrors('.types', sources)).toBe('');
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
