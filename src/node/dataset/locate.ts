import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheDir } from '../cache-dir.js';
import { MNIST_FILES } from './mnist.js';
import { readIdxBytes } from './read-idx.js';

/** Paths of MNIST's four files, by stem. */
export type MnistPaths = Readonly<Record<string, string>>;

/** The folders where MNIST is sought, in this order. */
export function mnistFolders(dataDir?: string): string[] {
  const fromEnvironment = process.env.MNIST_ONNX_DATA;
  return [
    ...(dataDir ? [resolve(dataDir)] : []),
    ...(fromEnvironment ? [resolve(fromEnvironment)] : []),
    resolve('data/mnist'),
    join(cacheDir(), 'mnist'),
  ];
}

/** MNIST's files in a folder, gzipped or raw; undefined unless all four are there. */
export async function findMnistIn(folder: string): Promise<MnistPaths | undefined> {
  const names = new Set(await readdir(folder).catch(() => []));
  const paths: Record<string, string> = {};
  for (const { stem } of MNIST_FILES) {
    // `train-images.idx3-ubyte` is how some archives spell it.
    const spellings = [stem, `${stem}.gz`].flatMap((name) => [name, name.replace('-idx', '.idx')]);
    const found = spellings.find((name) => names.has(name));
    if (!found) return undefined;
    paths[stem] = join(folder, found);
  }
  return paths;
}

/** The first folder that holds MNIST's four files. */
export async function locateMnist(
  dataDir?: string,
): Promise<{ folder: string; paths: MnistPaths } | undefined> {
  for (const folder of mnistFolders(dataDir)) {
    const paths = await findMnistIn(folder);
    if (paths) return { folder, paths };
  }
  return undefined;
}

/**
 * The files whose content is not MNIST's, by path.
 *
 * @throws UserError if a file cannot be read or decompressed.
 */
export async function findForeignFiles(paths: MnistPaths): Promise<string[]> {
  const foreign: string[] = [];
  for (const { stem, sha256 } of MNIST_FILES) {
    const path = paths[stem]!;
    if ((await readIdxBytes(path)).sha256 !== sha256) foreign.push(path);
  }
  return foreign;
}
