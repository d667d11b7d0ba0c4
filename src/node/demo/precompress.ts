import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { writeFileAtomic } from '../files.js';
import { sha256Of } from '../hash.js';
import { packageRoot } from '../paths.js';
import { listFiles } from './file-table.js';

/** Formats that are not compressed themselves. */
const COMPRESSIBLE = new Set(['.html', '.js', '.mjs', '.css', '.json', '.svg', '.wasm', '.onnx', '.bin']);

/** A compressed file that saves less is not worth its place. */
const MIN_SAVING = 0.05;

const compressors: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  '.br': (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  '.gz': (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

/**
 * Writes `x.br` (brotli 11) and `x.gz` (gzip 9) beside each file of a folder that they make smaller. Brotli takes
 * half a minute for onnxruntime's WebAssembly; what was compressed once is kept in node_modules/.cache.
 *
 * @param options.only chooses files by their address from `/` on; by default all
 */
export async function precompress(
  folder: string,
  { only = () => true }: { only?: (address: string) => boolean } = {},
): Promise<void> {
  for (const address of (await listFiles(folder)).keys()) {
    if (!COMPRESSIBLE.has(extname(address)) || !only(address)) continue;
    const path = join(folder, address);
    const bytes = await readFile(path);
    for (const [ending, compress] of Object.entries(compressors)) {
      const smaller = await compressOnce(bytes, ending, compress);
      if (smaller.length < (1 - MIN_SAVING) * bytes.length) await writeFileAtomic(path + ending, smaller);
    }
  }
}

async function compressOnce(
  bytes: Buffer,
  ending: string,
  compress: (bytes: Buffer) => Promise<Buffer>,
): Promise<Buffer> {
  const sha256 = sha256Of(bytes);
  const kept = join(packageRoot, 'node_modules/.cache/mnist-onnx/precompressed', `${sha256}${ending}`);
  try {
    return await readFile(kept);
  } catch {
    const compressed = await compress(bytes);
    await writeFileAtomic(kept, compressed);
    return compressed;
  }
}
