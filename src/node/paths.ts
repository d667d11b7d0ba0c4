import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of this package: its checkout, or its folder in node_modules. */
export const packageRoot: string = fileURLToPath(new URL('../..', import.meta.url));

/** This package's version. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(`${packageRoot}package.json`, 'utf8')).version;
}

/** Where the commands write and look, relative to the working folder. */
export const MODEL_DIR = 'models/mnist_cnn';
/** Where the models of other architectures lie: `models/mnist_deep`. */
export const modelDirOf = (arch: string): string => `models/mnist_${arch}`;
export const RESULTS_DIR = 'results';
/** The trained model that comes with the package. */
export const PRETRAINED_DIR: string = `${packageRoot}models/pretrained`;
