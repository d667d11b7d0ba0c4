import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Entry, open, type ZipFile } from 'yauzl';
import { makeFolder } from './files.js';

export type { Entry, ZipFile } from 'yauzl';

const openLazily = promisify<string, { lazyEntries: boolean; autoClose: boolean }, ZipFile>(open);

/** Opens a zip, which is to be closed. */
export function openZip(path: string): Promise<ZipFile> {
  return openLazily(path, { lazyEntries: true, autoClose: false });
}

/** Lists a zip's files and folders; yauzl refuses names that lead out of it. */
export async function listEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  await new Promise<void>((done, reject) => {
    zip.on('error', reject);
    zip.on('end', done);
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
  return entries;
}

interface ExtractOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of each part that is written, by its length. */
  readonly onBytes?: (count: number) => void;
  /** Waits until the file is on the disk. */
  readonly flush?: boolean;
}

/** Writes a file of a zip to a path, whose folder it makes; yauzl refuses one that turns out longer than it says. */
export async function extractEntry(
  zip: ZipFile,
  entry: Entry,
  path: string,
  { signal, onBytes, flush = false }: ExtractOptions = {},
): Promise<void> {
  await makeFolder(dirname(path));
  const source = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      onBytes?.(chunk.length);
      callback(null, chunk);
    },
  });
  await pipeline(source, counter, createWriteStream(path, { flush }), signal ? { signal } : {});
}
