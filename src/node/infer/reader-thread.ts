import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../core/errors.js';
import { packageRoot } from '../paths.js';
import type { Device } from '../runtime/index.js';
import type { ImageSource } from './chunk-inputs.js';
import type { OutputFormat } from './output-format.js';
import type { ReaderOptions } from './reader.js';

/** Compiled: a thread of Node cannot run TypeScript. */
const WORKER = join(packageRoot, 'dist/bundle/reader-worker.cjs');

export const ENDED = 'a thread that reads images ended';

/** How a thread is to read. */
export interface ThreadSettings {
  /** The model's file. */
  readonly model: Uint8Array;
  readonly device: Device;
  readonly options: ReaderOptions;
  /** What it makes of the records: text of this format, or nothing. */
  readonly format?: OutputFormat | undefined;
}

/** What a thread looks at before each chunk. */
export interface ThreadControl {
  /** [1]: not 0 once the chunks that still wait are not wanted. */
  readonly dropsRest: Int32Array;
}

/** What a thread is sent, in this order: its settings once, chunks, and that there are no more. */
export type ThreadMessage =
  | { readonly settings: ThreadSettings }
  | { readonly sources: readonly ImageSource[] }
  | 'close';

/** What was made of a chunk, or what was thrown; as JSON. */
export type ThreadAnswer =
  | { readonly result: unknown; readonly failure?: undefined }
  | {
      readonly failure: {
        readonly message: string;
        readonly stack?: string | undefined;
        readonly user?: { readonly hint?: string | undefined; readonly exitCode: 1 | 2 };
      };
    };

/** A thread that reads images, with a session of its own. */
export interface ReaderThread {
  /** Says how; once, before the first chunk. */
  setUp(settings: ThreadSettings): void;
  /** Resolves to what the settings' format makes of the chunk; rejects too if the thread does not start, or ends. */
  read(sources: readonly ImageSource[]): Promise<unknown>;
  /** Ends it; the chunk at hand is finished, those that wait are dropped. */
  close(): Promise<void>;
}

/** Starts a thread; what it takes to start goes on beside what this one does. */
export function startReaderThread(): ReaderThread {
  const dropsRest = new Int32Array(new SharedArrayBuffer(4));
  const control: ThreadControl = { dropsRest };
  const worker = new Worker(WORKER, { workerData: control });
  const waiting: { resolve(result: unknown): void; reject(error: Error): void }[] = [];
  let ended: Error | undefined;
  const fail = (error: Error) => {
    ended = error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', (text: string) => {
    const answer: ThreadAnswer = JSON.parse(text);
    const { resolve, reject } = waiting.shift()!;
    if (answer.failure === undefined) resolve(answer.result);
    else reject(toError(answer.failure));
  });
  worker.on('error', fail);
  const exited = new Promise<void>((resolve) =>
    worker.on('exit', () => {
      fail(ended ?? new Error(ENDED));
      resolve();
    }),
  );
  const send = (message: ThreadMessage) => worker.postMessage(message);
  return {
    setUp: (settings) => send({ settings }),
    read: (sources) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting.push({ resolve, reject });
        send({ sources });
      }),
    close: () => {
      // To end a thread in which onnxruntime computes would abort the process: it finishes the chunk at hand.
      Atomics.store(dropsRest, 0, 1);
      send('close');
      return exited;
    },
  };
}

function toError({ message, stack, user }: NonNullable<ThreadAnswer['failure']>): Error {
  if (user === undefined) return Object.assign(new Error(message), { stack });
  const { hint, exitCode } = user;
  return new UserError(message, { exitCode, ...(hint === undefined ? {} : { hint }) });
}
