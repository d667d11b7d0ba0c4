import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

// All but the parts of the bundled command line (0.5 MB): those of earlier builds lie beside them in a checkout, until
// `prepack` clears them.
const MAX_UNPACKED_BYTES = 10e6;
const BUNDLED_PART = /^dist\/bundle\/.+-.{8}\.cjs$/;

interface Packed {
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

let packed: Packed;
let paths: readonly string[];
beforeAll(async () => {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    maxBuffer: 1e8,
    shell: process.platform === 'win32',
  });
  [packed] = JSON.parse(stdout);
  paths = packed.files.map(({ path }) => path);
});

describe('the package that is published', () => {
  it('is small', () => {
    const counted = packed.files.filter(({ path }) => !BUNDLED_PART.test(path));
    expect(counted.reduce((bytes, { size }) => bytes + size, 0)).toBeLessThan(MAX_UNPACKED_BYTES);
  });

  it.each([
    'bin/mnist-onnx.js',
    'bin/package.json',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/core/index.d.ts',
    'dist/core/convert/index.d.ts',
    'dist/bundle/main.cjs',
    'dist/bundle/reader-worker.cjs',
    'models/pretrained/mnist_cnn.onnx',
    'models/pretrained/mnist_cnn/model.json',
    'proto/onnx.proto',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'SECURITY.md',
  ])('holds %s', (path) => {
    expect(paths).toContain(path);
  });

  it('holds nothing that only the development needs', () => {
    const known =
      /^(bin|dist|models\/pretrained|proto|web-demo\/dist)\/|^(README|CHANGELOG|SECURITY)\.md$|^LICENSE$|^package\.json$/;
    expect(
      paths.filter((path) => !known.test(path) || /\.test\.|tsbuildinfo|^dist\/cli\//.test(path)),
    ).toEqual([]);
  });
});
