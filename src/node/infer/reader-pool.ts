import type { ImageChunk, ImageSource } from './chunk-inputs.js';
import { takeThreadAhead } from './head-start.js';
import { ENDED, type ReaderThread, startReaderThread, type ThreadSettings } from './reader-thread.js';

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
  { threads, ...settings }: ThreadSettings & { threads: number },
): ReaderPool<R> {
  const places: Place<R>[] = [{ read: later(ownReader), close: async () => {}, underWay: 0 }];
  const add = (thread: ReaderThread): Place<R> => {
    thread.setUp(settings);
    const read = (sources: readonly ImageSource[]) => thread.read(sources) as Promise<R>;
    const place = { read, close: thread.close, underWay: 0 };
    places.push(place);
    return place;
  };
  const ahead = threads > 1 ? takeThreadAhead() : undefined;
  if (ahead) add(ahead);
  let waiting: Job<R>[] = [];
  const waitingMs = () => waiting.reduce((sum, { chunk }) => sum + chunk.workMs, 0);
  const choose = (): Place<R> => {
    // At equal work a thread comes before this one, which also lists and writes.
    const best = places.reduce((least, place) => (place.underWay <= least.underWay ? place : least));
    if (best.underWay === 0 || places.length >= threads || waitingMs() < START_MS) return best;
    return add(startReaderThread());
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
