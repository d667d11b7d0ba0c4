import { createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Entry, open as openCallback, type ZipFile } from 'yauzl';
import { fileErrorReason, makeFolder } from '../../files.js';
import type { Reporter } from '../../reporter.js';
import { libraryNames } from './wheel-names.js';

const openZip = promisify<string, { lazyEntries: boolean; autoClose: boolean }, ZipFile>(openCallback);

export interface UnpackOptions {
  readonly path: string;
  /** Made with `lib/` and `include/` inside. */
  readonly outDir: string;
  readonly platform: NodeJS.Platform;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks the two libraries of a TensorFlow wheel and the headers that the binding needs: a hundred files of
 * twenty thousand.
 *
 * @throws Error with one line: a damaged wheel, one without the libraries, a full disk.
 */
export async function unpackWheel(options: UnpackOptions): Promise<void> {
  const { path, outDir, platform, reporter, signal } = options;
  const zip = await openZip(path, { lazyEntries: true, autoClose: false }).catch((error: Error) => {
    throw new Error(`the wheel is damaged: ${error.message}`);
  });
  const progress = reporter.progress('  unpacking the library', 0);
  try {
    const entries = await selectEntries(zip, platform);
    const total = entries.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let done = 0;
    for (const { entry, target } of entries) {
      await extract(zip, entry, join(outDir, target), signal, (bytes) => {
        done += bytes;
        progress.update(done, `${Math.round(done / 1e6)} of ${Math.round(total / 1e6)} MB`);
      });
    }
    progress.end(`${Math.round(total / 1e6)} MB`);
  } catch (error) {
    progress.end('failed');
    signal?.throwIfAborted();
    throw new Error(`the wheel cannot be unpacked: ${fileErrorReason(error)}`);
  } finally {
    zip.close();
  }
}

/** Where an entry of the wheel goes, below the folder of the library; `undefined` if it is not needed. */
export function targetOf(name: string, platform: NodeJS.Platform): string | undefined {
  const library = libraryNames(platform).find((file) => name === `tensorflow/${file}`);
  if (library) return `lib/${library}`;
  const header = /^tensorflow\/(include\/.*\.h)$/.exec(name)?.[1];
  if (!header) return undefined;
  // The C API, and what its headers and the binding's own include.
  const needed =
    header.startsWith('include/tensorflow/c/') ||
    header.includes('/tsl/c/') ||
    /\/platform\/ctstring(_internal)?\.h$/.test(header);
  return needed ? header : undefined;
}

async function selectEntries(zip: ZipFile, platform: NodeJS.Platform) {
  const selected: { entry: Entry; target: string }[] = [];
  await new Promise<void>((done, reject) => {
    zip.on('error', reject);
    zip.on('end', done);
    zip.on('entry', (entry: Entry) => {
      const target = targetOf(entry.fileName, platform);
      if (target) selected.push({ entry, target });
      zip.readEntry();
    });
    zip.readEntry();
  });
  const missing = libraryNames(platform).find(
    (file) => !selected.some(({ target }) => target === `lib/${file}`),
  );
  if (missing) throw new Error(`it has no ${missing}`);
  return selected;
}

async function extract(
  zip: ZipFile,
  entry: Entry,
  path: string,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<void> {
  await makeFolder(dirname(path));
  const source = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      onBytes(chunk.length);
      callback(null, chunk);
    },
  });
  await pipeline(source, counter, createWriteStream(path, { flush: true }), signal ? { signal } : {});
}
