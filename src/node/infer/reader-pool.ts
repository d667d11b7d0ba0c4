import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../core/errors.js';
import type { Prediction } from '../../core/prediction.js';
import { packageRoot } from '../paths.js';
import type { Device } from '../runtime/index.js';
import type { ImageSource } from './chunk-inputs.js';
import type { Reader, ReaderOptions } from './reader.js';

/** Compiled: a thread of Node cannot run TypeScript. */
const WORKER = join(packageRoot, 'dist/bundle/reader-worker.js');

const ENDED = 'a thread that reads images ended';

/** What a thread is told at its start. */
export interface WorkerSettings {
  /** The model's file. */
  readonly model: Uint8Array;
  readonly device: Device;
  readonly options: ReaderOptions;
}

/** What a thread looks at before each chunk. */
export interface WorkerControl {
  /** [1]: not 0 once the chunks that still wait are not wanted. */
  readonly dropsRest: Int32Array;
}

/** A chunk's records, or what was thrown; as JSON. */
export type WorkerAnswer =
  | { readonly predictions: Prediction[]; readonly failure?: undefined }
  | {
      readonly failure: {
        readonly message: string;
        readonly stack?: string | undefined;
        readonly user?: { readonly hint?: string | undefined; readonly exitCode: 1 | 2 };
      };
    };

/** Readers that share out the chunks that come. */
export interface ReaderPool {
  readonly read: Reader;
  /** Ends the threads; what is under way is finished or dropped. */
  close(): Promise<void>;
}

interface Place {
  readonly read: Reader;
  readonly close: () => Promise<unknown>;
  underWay: number;
}

/** A reader has so many chunks at a time: one is read, one waits, so that it need not wait for the next. */
export const CHUNKS_A_READER = 2;

/** A chunk that no reader has taken yet. */
interface Job {
  readonly sources: readonly ImageSource[];
  resolve(predictions: Promise<Prediction[]>): void;
  reject(error: Error): void;
}

/**
 * Makes a pool of this thread's own reader and threads, which start when there is work for them: each chunk goes to
 * the reader with the fewest, or waits until one has room.
 *
 * @param options.threads readers in all, at least 1
 */
export function createReaderPool(
  ownReader: Reader,
  { threads, ...settings }: WorkerSettings & { threads: number },
): ReaderPool {
  const places: Place[] = [{ read: later(ownReader), close: async () => {}, underWay: 0 }];
  let waiting: Job[] = [];
  const choose = (): Place => {
    // At equal work a thread comes before this one, which also lists and writes.
    const best = places.reduce((least, place) => (place.underWay <= least.underWay ? place : least));
    if (best.underWay === 0 || places.length >= threads) return best;
    const started: Place = { ...startWorker(settings), underWay: 0 };
    places.push(started);
    return started;
  };
  const handOut = () => {
    while (waiting.length > 0) {
      const place = choose();
      if (place.underWay >= CHUNKS_A_READER) return;
      const { sources, resolve } = waiting.shift()!;
      place.underWay++;
      resolve(
        place.read(sources).finally(() => {
          place.underWay--;
          handOut();
        }),
      );
    }
  };
  return {
    read: (sources) =>
      new Promise((resolve, reject) => {
        waiting.push({ sources, resolve, reject });
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
function later(read: Reader): Reader {
  let last: Promise<unknown> = Promise.resolve();
  return (sources) => {
    const turn = last.then(() => new Promise((resolve) => setImmediate(resolve))).then(() => read(sources));
    last = turn.catch(() => {});
    return turn;
  };
}

function startWorker(settings: WorkerSettings): Omit<Place, 'underWay'> {
  const dropsRest = new Int32Array(new SharedArrayBuffer(4));
  const workerData: WorkerSettings & WorkerControl = { ...settings, dropsRest };
  const worker = new Worker(WORKER, { workerData });
  const waiting: { resolve(predictions: Prediction[]): void; reject(error: Error): void }[] = [];
  let ended: Error | undefined;
  const fail = (error: Error) => {
    ended = error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', (text: string) => {
    const answer: WorkerAnswer = JSON.parse(text);
    const { resolve, reject } = waiting.shift()!;
    if (answer.failure === undefined) resolve(answer.predictions);
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
      new Promise<Prediction[]>((resolve, reject) => {
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
