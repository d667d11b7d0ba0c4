import type { Prediction } from '../../core/prediction.js';
import type { RuntimeSession } from '../runtime/index.js';
import { chunkInputs, type ImageChunk } from './chunk-inputs.js';
import type { InputBatches } from './input.js';
import { listInputs } from './list-inputs.js';
import { mapOrdered } from './map-ordered.js';
import type { OutputFormat } from './output-format.js';
import { createReader, type ReaderOptions, type SessionSource } from './reader.js';
import { CHUNKS_A_READER, createReaderPool } from './reader-pool.js';
import { type RecordText, recordWriter } from './record-text.js';

/** So many chunks more for each thread may be done before their turn: the others go on while it starts, or reads a large photo. */
const AHEAD_A_THREAD = 24;

/** What `infer` reads, and with which model: `session` and `info` are those of `openModel`. */
export interface InferOptions extends Omit<ReaderOptions, 'segment'> {
  /** Files, folders, glob patterns, `-` for `stdin`; or the list that was made of them. */
  readonly inputs: readonly string[] | InputBatches;
  /**
   * A session, or a function that makes one. The function is called once the other threads have been started, which saves
   * time; they then run the model on the CPU. With a session, they run it where that does.
   */
  readonly session: SessionSource;
  /** Default `auto`. */
  readonly segment?: ReaderOptions['segment'];
  /** Threads that read, this one among them; default 1. More need `bytes`. */
  readonly threads?: number;
  /** The model's file, for the threads' own sessions. */
  readonly bytes?: Uint8Array;
  /** What the input `-` is read from; default `process.stdin`. */
  readonly stdin?: NodeJS.ReadableStream;
  /** Is called once, when there is something to read. */
  readonly onStart?: () => void;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the digits of images: one record an image, in the order of the inputs, as they come. Images are decoded and
 * classified in chunks, by several threads where there is more than one chunk; memory does not grow with their
 * number. An image that cannot be read gives an `error` record and stops nothing.
 *
 * @throws UserError if a picture that was asked for cannot be written; the signal's reason once it is aborted.
 */
export async function* infer(options: InferOptions): AsyncGenerator<Prediction> {
  for await (const predictions of readChunks(options, (some) => some)) yield* predictions;
}

/** {@link infer}, some records at a time, as text: the threads that read make it, and hand over nothing else. */
export function inferAsText(options: InferOptions, format: OutputFormat): AsyncGenerator<RecordText> {
  return readChunks(options, recordWriter(format), format);
}

/** @param format what the other threads are to make of the records; `finish` is the same for this one */
async function* readChunks<R>(
  options: InferOptions,
  finish: (predictions: Prediction[]) => R,
  format?: OutputFormat,
): AsyncGenerator<R> {
  const {
    inputs,
    session,
    stdin = process.stdin,
    signal,
    bytes,
    threads: wanted = 1,
    onStart,
    ...rest
  } = options;
  const readerOptions: ReaderOptions = { segment: 'auto', ...rest };
  const threads = bytes === undefined ? 1 : wanted;
  if (rest.annotateDir !== undefined) (await import('../plots/render.js')).useOwnFont();
  const read = createReader(session, readerOptions, () => pool.isClosed());
  const pool = createReaderPool(async (sources) => finish(await read(sources)), {
    threads,
    model: bytes ?? new Uint8Array(0),
    device: (session as Partial<RuntimeSession>).device === 'cuda' ? 'cuda' : 'cpu',
    options: readerOptions,
    format,
  });
  const underWay = CHUNKS_A_READER + AHEAD_A_THREAD * (threads - 1);
  const list = Symbol.asyncIterator in inputs ? inputs : listInputs(inputs, rest);
  let hasStarted = false;
  const readChunk = (chunk: ImageChunk) => {
    if (!hasStarted) onStart?.();
    hasStarted = true;
    return pool.read(chunk);
  };
  const stop = () => void pool.close();
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    for await (const some of mapOrdered(chunkInputs(list, stdin, signal), underWay, readChunk)) {
      // What was read by then counts.
      yield some;
      signal?.throwIfAborted();
    }
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.close();
  }
}
