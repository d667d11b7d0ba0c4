import { statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { messageOf } from '../../core/errors.js';
import { type Input, type InputBatches, STDIN } from './input.js';

/** An image to read: its file, its bytes where they came from a stream, or why there is none. */
export interface ImageSource {
  readonly file: string;
  readonly bytes?: Uint8Array | undefined;
  readonly error?: string | undefined;
}

/** Images that are read and classified in one go. */
export interface ImageChunk {
  readonly sources: readonly ImageSource[];
  /** About how long that takes, in milliseconds of one processor. */
  readonly workMs: number;
}

/**
 * Images that are read and classified in one go: few at first, so that they appear soon and all threads have some, and
 * more in a long list, so that threads exchange few messages; larger pictures, which may hold many digits, one by one.
 */
const FEWEST_IMAGES = 32;
const MOST_IMAGES = 128;
/** With so many images read, a chunk holds FEWEST_IMAGES more. */
const GROWTH = 256;
const CHUNK_BYTES = 65_536;
/** A small picture takes as long, decoding it and the model together... */
const MS_AN_IMAGE = 0.1;
/** ...and a JPEG of a camera so much longer, by its size. */
const MS_A_BYTE = 1e-4;
/** Where a file is this small, the next ones, up to so many, are taken to be as small, and not looked at. */
const SMALL_BYTES = 4096;
const ALIKE = 32;

/**
 * Parts a list of inputs into chunks, in their order: the same ones in every run on the same files.
 *
 * @param stdin what `-` stands for
 * @param signal ends the wait for a stream
 */
export async function* chunkInputs(
  inputs: InputBatches,
  stdin: NodeJS.ReadableStream,
  signal?: AbortSignal,
): AsyncGenerator<ImageChunk> {
  let chunk: ImageSource[] = [];
  let bytes = 0;
  let alike = 0;
  let chunked = 0;
  for await (const batch of inputs) {
    for (const input of batch) {
      const source: ImageSource = input.isStream ? await readStream(input, stdin, signal) : input;
      chunk.push(source);
      if (source.bytes !== undefined) bytes += source.bytes.length;
      else if (alike > 0) alike--;
      else {
        const size = sizeOf(input);
        bytes += size;
        if (size <= SMALL_BYTES) alike = ALIKE - 1;
      }
      if (chunk.length < chunkSize(chunked) && bytes < CHUNK_BYTES) continue;
      yield toChunk(chunk, bytes);
      chunked += chunk.length;
      chunk = [];
      bytes = 0;
    }
  }
  if (chunk.length > 0) yield toChunk(chunk, bytes);
}

/** How many images the chunk holds that so many precede: whole runs of the model. */
function chunkSize(preceding: number): number {
  return Math.min(MOST_IMAGES, FEWEST_IMAGES * Math.max(1, Math.floor(preceding / GROWTH)));
}

function toChunk(sources: readonly ImageSource[], bytes: number): ImageChunk {
  return { sources, workMs: sources.length * MS_AN_IMAGE + bytes * MS_A_BYTE };
}

/** @throws the signal's reason once it is aborted. */
async function readStream(
  { file }: Input,
  stdin: NodeJS.ReadableStream,
  signal: AbortSignal | undefined,
): Promise<ImageSource> {
  const { openStream, readImageStream } = await import('../images/read-image-stream.js');
  try {
    const stream = file === STDIN ? stdin : openStream(file);
    return { file, bytes: await readImageStream(stream as Readable, signal) };
  } catch (error) {
    signal?.throwIfAborted();
    return { file, error: messageOf(error) };
  }
}

/** Files that cannot be looked at count nothing: reading them says why. */
function sizeOf({ file, error }: Input): number {
  if (error !== undefined) return 0;
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
