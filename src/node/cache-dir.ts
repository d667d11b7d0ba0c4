// Before env-paths; the command line has imported it before all else.
import './home.js';
import { createRequire } from 'node:module';

// A module, which the bundle, CommonJS, would take for its default export.
const { default: envPaths }: typeof import('env-paths') = createRequire(import.meta.url)('env-paths');

/** The user's cache folder for everything that is downloaded or built once for all checkouts. */
export function cacheDir(): string {
  return process.env.MNIST_ONNX_CACHE || envPaths('mnist-onnx', { suffix: '' }).cache;
}
