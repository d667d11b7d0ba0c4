import { nowMs } from '../now-ms.js';
import type { ImageChunk, ImageSource } from './chunk-inputs.js';
import { ENDED } from './ended.js';
import { takeThreadAhead } from './head-start.js';
import { type ReaderThread, startReaderThread, type ThreadSettings } from './reader-thread.js';
import { optimizeSparingly } from './tune-v8.js';

/** Reads the images of a chunk. */
type ChunkReader<R> = (sources: readonly ImageSource[]) => Promise<R>;

/** Readers that share out the chunks that come. */
export interface ReaderPool<R> {
  read(chunk: ImageChunk): Promise<R>;
  /** Ends the threads; what is not done yet is dropped. Resolves when nobody reads any more. */
  close(): Promise<void>;
  isClosed(): boolean;
}

interface Place<R> {
  readonly read: (chunk: ImageChunk) => Promise<R>;
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
 * @param ownReader gives what the threads make of the records by `options.format`; it ends soon where the pool is closed
 * @param options.threads readers in all, at least 1
 */
export function createReaderPool<R>(
  ownReader: ChunkReader<R>,
  { threads, ...settings }: ThreadSettings & { threads: number },
): ReaderPool<R> {
  let isClosed = false;
  const own = ownPlace(ownReader, () => isClosed);
  const places: Place<R>[] = [own];
  const add = (thread: ReaderThread): Place<R> => {
    thread.setUp(settings);
    const read = ({ sources }: ImageChunk) => thread.read(sources) as Promise<R>;
    const place = { read, close: thread.close, underWay: 0 };
    places.push(place);
    return place;
  };
  const ahead = threads > 1 ? takeThreadAhead() : undefined;
  if (ahead) {
    add(ahead);
    // Another would take twice as long to start then.
    if (threads === 2) optimizeSparingly();
  }
  let waiting: Job<R>[] = [];
  const waitingMs = () => own.slowness() * waiting.reduce((sum, { chunk }) => sum + chunk.workMs, 0);
  let isFirst = true;
  const choose = (): Place<R> => {
    // This thread opens the model, and says what is wrong with it, however few images there are.
    if (isFirst) return own;
    // At equal work a thread comes before this one, which also lists and writes.
    const best = places.reduce((least, place) => (place.underWay <= least.underWay ? place : least));
    if (best.underWay === 0 || places.length >= threads || waitingMs() < START_MS) return best;
    return add(startReaderThread());
  };
  const handOut = () => {
    while (waiting.length > 0) {
      const place = choose();
      if (place.underWay >= CHUNKS_A_READER) return;
      isFirst = false;
      const { chunk, resolve } = waiting.shift()!;
      place.underWay++;
      resolve(
        place.read(chunk).finally(() => {
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
    isClosed: () => isClosed,
    close: async () => {
      isClosed = true;
      for (const { reject } of waiting) reject(new Error(ENDED));
      waiting = [];
      await Promise.all(places.map((place) => place.close()));
    },
  };
}

/**
 * This thread's place. It reads when the event loop comes round, one chunk at a time: the chunks for the other threads
 * are handed out first.
 */
function ownPlace<R>(
  read: ChunkReader<R>,
  isClosed: () => boolean,
): Place<R> & { /** How often as long as was thought it takes. */ slowness(): number } {
  let last: Promise<unknown> = Promise.resolve();
  let [tookMs, thoughtMs] = [0, 0];
  const turn = async ({ sources, workMs }: ImageChunk) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (isClosed()) throw new Error(ENDED);
    const started = nowMs();
    const result = await read(sources);
    tookMs += nowMs() - started;
    thoughtMs += workMs;
    return result;
  };
  return {
    read: (chunk) => {
      const result = last.then(() => turn(chunk));
      last = result.catch(() => {});
      return result;
    },
    close: () => last,
    underWay: 0,
    // The first images take longer, until their code is compiled.
    slowness: () => Math.max(1, (tookMs - START_MS) / thoughtMs),
  };
}
