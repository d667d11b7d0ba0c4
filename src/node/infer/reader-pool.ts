import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../core/errors.js';
import { packageRoot } from '../paths.js';
import type { Device } from '../runtime/index.js';
import type { ImageChunk, ImageSource } from './chunk-inputs.js';
import type { OutputFormat } from './output-format.js';
import type { ReaderOptions } from './reader.js';

/** Compiled: a thread of Node cannot run TypeScript. */
const WORKER = join(packageRoot, 'dist/bundle/reader-worker.js');

const ENDED = 'a thread that reads images ended';

/** What a thread is told at its start. */
export interface WorkerSettings {
  /** The model's file. */
  readonly model: Uint8Array;
  readonly device: Device;
  readonly options: ReaderOptions;
  /** What it makes of the records: text of this format, or nothing. */
  readonly format?: OutputFormat | undefined;
}

/** What a thread looks at before each chunk. */
export interface WorkerControl {
  /** [1]: not 0 once the chunks that still wait are not wanted. */
  readonly dropsRest: Int32Array;
}

/** What was made of a chunk, or what was thrown; as JSON. */
export type WorkerAnswer =
  | { readonly result: unknown; readonly failure?: undefined }
  | {
      readonly failure: {
        readonly message: string;
        readonly stack?: string | undefined;
        readonly user?: { readonly hint?: string | undefined; readonly exitCode: 1 | 2 };
      };
    };

/** Reads the images of a chunk. */
type ChunkReader<R> = (sources: readonly ImageSource[]) => Promise<R>;

/** Readers that share out the chunks that come. */
export interface ReaderPool<R> {
  read(chunk: ImageChunk): Promise<R>;
  /** Ends the threads; what is under way is finished or dropped. */
  close(): Promise<void>;
}

interface Place<R> {
  readonly read: ChunkReader<R>;
  readonly close: () => Promise<unknown>;
  underWay: number;
}

/** A reader has so many chunks at a time: one is read, one waits, so that it need not wait for the next. */
export const CHUNKS_A_READER = 2;

/** About what it takes to start a thread, in milliseconds: it is not done for less work. */
const START_MS = 100;

/** A chunk that no reader has taken yet. */
interface Job<R> {
  readonly chunk: ImageChunk;
  resolve(result: Promise<R>): void;
  reject(error: Error): void;
}

/**
 * Makes a pool of this thread's own reader and threads, which start when there is work enough for them: each chunk goes
 * to the reader with the fewest, or waits until one has room.
 *
 * @param ownReader gives what the threads make of the records by `options.format`
 * @param options.threads readers in all, at least 1
 */
export function createReaderPool<R>(
  ownReader: ChunkReader<R>,
  { threads, ...settings }: WorkerSettings & { threads: number },
): ReaderPool<R> {
  const places: Place<R>[] = [{ read: later(ownReader), close: async () => {}, underWay: 0 }];
  let waiting: Job<R>[] = [];
  const waitingMs = () => waiting.reduce((sum, { chunk }) => sum + chunk.workMs, 0);
  const choose = (): Place<R> => {
    // At equal work a thread comes before this one, which also lists and writes.
    const best = places.reduce((least, place) => (place.underWay <= least.underWay ? place : least));
    if (best.underWay === 0 || places.length >= threads || waitingMs() < START_MS) return best;
    const started: Place<R> = { ...startWorker<R>(settings), underWay: 0 };
    places.push(started);
    return started;
  };
  const handOut = () => {
    while (waiting.length > 0) {
      const place = choose();
      if (place.underWay >= CHUNKS_A_READER) return;
      const { chunk, resolve } = waiting.shift()!;
      place.underWay++;
      resolve(
        place.read(chunk.sources).finally(() => {
          place.underWay--;
          handOut();
        }),
      );
    }
  };
  return {
    read: (chunk) =>
      new Promise((resolve, reject) => {
        waiting.push({ chunk, resolve, reject });
        handOut();
      }),
    close: async () => {
      for (const { reject } of waiting) reject(new Error(ENDED));
      waiting = [];
      await Promise.all(places.map((place) => place.close()));
    },
  };
}

/** Reads when the event loop comes round, one chunk at a time: the chunks for the other threads are handed out first. */
function later<R>(read: ChunkReader<R>): ChunkReader<R> {
  let last: Promise<unknown> = Promise.resolve();
  return (sources) => {
    const turn = last.then(() => new Promise((resolve) => setImmediate(resolve))).then(() => read(sources));
    last = turn.catch(() => {});
    return turn;
  };
}

function startWorker<R>(settings: WorkerSettings): Omit<Place<R>, 'underWay'> {
  const dropsRest = new Int32Array(new SharedArrayBuffer(4));
  const workerData: WorkerSettings & WorkerControl = { ...settings, dropsRest };
  const worker = new Worker(WORKER, { workerData });
  const waiting: { resolve(result: R): void; reject(error: Error): void }[] = [];
  let ended: Error | undefined;
  const fail = (error: Error) => {
    ended = error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', (text: string) => {
    const answer: WorkerAnswer = JSON.parse(text);
    const { resolve, reject } = waiting.shift()!;
    if (answer.failure === undefined) resolve(answer.result as R);
    else reject(toError(answer.failure));
  });
  worker.on('error', fail);
  const exited = new Promise<void>((resolve) =>
    worker.on('exit', () => {
      fail(ended ?? new Error(ENDED));
      resolve();
    }),
  );
  return {
    read: (sources: readonly ImageSource[]) =>
      new Promise<R>((resolve, reject) => {
        if (ended) return reject(ended);
        waiting.push({ resolve, reject });
        worker.postMessage(sources);
      }),
    close: () => {
      // To end a thread in which onnxruntime computes would abort the process: it finishes the chunk at hand.
      Atomics.store(dropsRest, 0, 1);
      worker.postMessage('close');
      return exited;
    },
  };
}

function toError({ message, stack, user }: NonNullable<WorkerAnswer['failure']>): Error {
  if (user === undefined) return Object.assign(new Error(message), { stack });
  const { hint, exitCode } = user;
  return new UserError(message, { exitCode, ...(hint === undefined ? {} : { hint }) });
}
