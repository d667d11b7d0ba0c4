import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { MNIST_FILES } from '../dataset/mnist.js';
import { checkMnist, checkModel } from './data-checks.js';

const home = process.cwd();
let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  process.chdir(folder);
  vi.stubEnv('MNIST_ONNX_DATA', '');
  vi.stubEnv('MNIST_ONNX_CACHE', join(folder, 'cache'));
});
afterEach(() => {
  process.chdir(home);
  vi.unstubAllEnvs();
});

describe('MNIST', () => {
  const data = () => join(folder, 'data/mnist');
  const paths = () => MNIST_FILES.map(({ stem }) => join(data(), `${stem}.gz`));
  const write = async (content: Uint8Array) => {
    await mkdir(data(), { recursive: true });
    for (const path of paths()) await writeFile(path, content);
  };
  const fix = () =>
    `rm ${paths()
      .map((path) => `'${path}'`)
      .join(' ')}`;

  it('that is not here yet only limits', async () => {
    expect(await checkMnist()).toMatchObject({
      status: 'limited',
      detail: expect.stringContaining('not here'),
    });
  });

  it('of another content is named, with what removes it', async () => {
    await write(gzipSync('something else'));
    expect(await checkMnist()).toEqual({
      status: 'missing',
      detail: `${data()}: not MNIST by its checksum: ${paths().join(', ')}`,
      fix: fix(),
    });
  });

  it('that is cut off says which file', async () => {
    await write(gzipSync('something else').subarray(0, 15));
    expect(await checkMnist()).toEqual({
      status: 'missing',
      detail: expect.stringContaining(`${paths()[0]} is damaged or cut off`),
      fix: fix(),
    });
  });

  const real = process.env.MNIST_ONNX_DATA;
  it.skipIf(!real)('that is right is told with its folder (needs MNIST_ONNX_DATA)', async () => {
    process.chdir(home);
    vi.unstubAllEnvs();
    expect(await checkMnist()).toEqual({ status: 'ok', detail: `${resolve(real!)}, checksums right` });
  });
});

describe('the model', () => {
  it('is told without an accuracy that it does not know', async () => {
    await writeFile('mnist_cnn.onnx', tinyModel());
    expect(await checkModel()).toEqual({ status: 'ok', detail: 'mnist_cnn.onnx' });
  });

  it('that comes along is told with its accuracy', async () => {
    expect(await checkModel()).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/mnist_deep\.onnx, test accuracy 99\.\d\d%$/),
    });
  });

  it('that does not load says why in one line', async () => {
    await writeFile('mnist_cnn.onnx', '<!doctype html>');
    expect(await checkModel()).toEqual({
      status: 'missing',
      detail: expect.stringMatching(/^mnist_cnn\.onnx is no ONNX model[^\n]*$/),
      fix: 'npx mnist-onnx train && npx mnist-onnx export mnist_cnn.onnx',
    });
  });
});
