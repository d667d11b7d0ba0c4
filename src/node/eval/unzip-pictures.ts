import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { fileErrorReason, makeFolder } from '../files.js';
import { type Entry, extractEntry, listEntries, openZip, type ZipFile } from '../zip.js';

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
    const zip = await openZip(path);
    try {
      const files = await listFiles(zip);
      // Of a zip without a file too there is a folder that can be looked into.
      await makeFolder(folder);
      for (const entry of files) await extractEntry(zip, entry, join(folder, entry.fileName), { signal });
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

async function listFiles(zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > MAX_FILES) throw new Error(`it holds more than ${MAX_FILES} files`);
  const files = (await listEntries(zip)).filter(({ fileName }) => !isAside(fileName));
  const bytes = files.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (bytes > MAX_BYTES) throw new Error(`unpacked, it has more than ${MAX_BYTES / 1e9} GB`);
  return files;
}

/** Folders, which come with their files, and what macOS puts beside them. */
const isAside = (name: string) => name.endsWith('/') || name.startsWith('__MACOSX/');
