import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Entry, open as openCallback, type ZipFile } from 'yauzl';
import { UserError } from '../../core/errors.js';
import { fileErrorReason, makeFolder } from '../files.js';

const openZip = promisify<string, { lazyEntries: boolean; autoClose: boolean }, ZipFile>(openCallback);

/** No page's corrections come near; a zip that unpacks to more is a mistake, or made to fill the disk. */
const MAX_FILES = 100_000;
const MAX_BYTES = 1e9;

/**
 * Unpacks a zip of pictures, as the demo's page saves corrections, for as long as they are used.
 *
 * @param use gets the folder, which is removed after it
 * @throws UserError if the file is no zip, damaged, names places outside of it, or unpacks to more than a gigabyte.
 */
export async function withUnzippedPictures<T>(
  path: string,
  use: (folder: string) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const place = await mkdtemp(join(tmpdir(), 'mnist-onnx-zip-'));
  // What is said of the folder then names the zip.
  const folder = join(place, basename(path));
  try {
    await unzip(path, folder, signal);
    return await use(folder);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function unzip(path: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    const zip = await openZip(path, { lazyEntries: true, autoClose: false });
    try {
      for (const entry of await listFiles(zip))
        await extract(zip, entry, join(folder, entry.fileName), signal);
    } finally {
      zip.close();
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw new UserError(`cannot unpack the pictures of ${path}: ${fileErrorReason(cause)}`, {
      hint: 'Give the zip that the demo saved, or a folder of pictures with a sub-folder a label.',
      cause,
    });
  }
}

/** yauzl refuses names that lead out of the zip, and entries that turn out longer than they say. */
async function listFiles(zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > MAX_FILES) throw new Error(`it holds more than ${MAX_FILES} files`);
  const files: Entry[] = [];
  await new Promise<void>((done, reject) => {
    zip.on('error', reject);
    zip.on('end', done);
    zip.on('entry', (entry: Entry) => {
      if (!isAside(entry.fileName)) files.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
  const bytes = files.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (bytes > MAX_BYTES) throw new Error(`unpacked, it has more than ${MAX_BYTES / 1e9} GB`);
  return files;
}

/** Folders, which come with their files, and what macOS puts beside them. */
const isAside = (name: string) => name.endsWith('/') || name.startsWith('__MACOSX/');

async function extract(
  zip: ZipFile,
  entry: Entry,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await makeFolder(dirname(path));
  const source = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
  await pipeline(source, createWriteStream(path), signal ? { signal } : {});
}
