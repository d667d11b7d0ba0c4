import { join } from 'node:path';
import { fileErrorReason } from '../../files.js';
import type { Reporter } from '../../reporter.js';
import { extractEntry, listEntries, openZip, type ZipFile } from '../../zip.js';
import { libraryNames } from './wheel-names.js';

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
  const zip = await openZip(path).catch((error: Error) => {
    throw new Error(`the wheel is damaged: ${error.message}`);
  });
  const progress = reporter.progress('  unpacking the library', 0);
  try {
    const entries = await selectEntries(zip, platform);
    const total = entries.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let done = 0;
    for (const { entry, target } of entries) {
      const onBytes = (bytes: number) => {
        done += bytes;
        progress.update(done, `${Math.round(done / 1e6)} of ${Math.round(total / 1e6)} MB`);
      };
      await extractEntry(zip, entry, join(outDir, target), { signal, onBytes, flush: true });
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
  const selected = (await listEntries(zip)).flatMap((entry) => {
    const target = targetOf(entry.fileName, platform);
    return target ? [{ entry, target }] : [];
  });
  const missing = libraryNames(platform).find(
    (file) => !selected.some(({ target }) => target === `lib/${file}`),
  );
  if (missing) throw new Error(`it has no ${missing}`);
  return selected;
}
