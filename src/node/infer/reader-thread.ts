import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../core/errors.js';
import { packageRoot } from '../paths.js';
import type { Device } from '../runtime/index.js';
import { refuseTelemetry } from '../runtime/refuse-telemetry.js';
import type { ImageSource } from './chunk-inputs.js';
import { ENDED } from './ended.js';
import type { OutputFormat } from './output-format.js';
import type { ReaderOptions } from './reader.js';

/** Compiled: a thread of Node cannot run TypeScript. */
const WORKER = join(packageRoot, 'dist/bundle/reader-worker.cjs');

/** How a thread is to read. */
export interface ThreadSettings {
  /** The model's file. */
  readonly model: Uint8Array;
  readonly device: Device;
  readonly options: ReaderOptions;
  /** What it makes of the records: text of this format, or nothing. */
  readonly format?: OutputFormat | undefined;
}

/** What a thread looks at before each image. */
export interface ThreadControl {
  /** [1]: not 0 once it is to end. */
  readonly end: Int32Array;
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
  /** Ends it: the image at hand is finished, the rest is dropped. */
  close(): Promise<void>;
}

/** Starts a thread; what it takes to start goes on beside what this one does. */
export function startReaderThread(): ReaderThread {
  const end = new Int32Array(new SharedArrayBuffer(4));
  const control: ThreadControl = { end };
  // The thread may be the first to load onnxruntime.
  refuseTelemetry();
  const worker = new Worker(WORKER, { workerData: control });
  const waiting: { resolve(result: unknown): void; reject(error: Error): void }[] = [];
  let ended: Error | undefined;
  const fail = (error: Error) => {
    ended = error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', (text: string) => {
    const answer: ThreadAnswer = JSON.parse(text);
    // What a thread answers may come after the error that ended it.
    const asked = waiting.shift();
    if (answer.failure === undefined) asked?.resolve(answer.result);
    else asked?.reject(toError(answer.failure));
  });
  worker.on('error', fail);
  const exited = new Promise<void>((resolve) =>
    worker.on('exit', () => {
      fail(ended ?? new Error('a thread that reads images ended'));
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
      // To end a thread in which onnxruntime computes would abort the process: it ends of itself. Told twice, it would
      // release its session twice.
      if (Atomics.exchange(end, 0, 1) === 0) send('close');
      ended ??= new Error(ENDED);
      return exited;
    },
  };
}

function toError({ message, stack, user }: NonNullable<ThreadAnswer['failure']>): Error {
  if (user === undefined) return Object.assign(new Error(message), { stack });
  const { hint, exitCode } = user;
  return new UserError(message, { exitCode, ...(hint === undefined ? {} : { hint }) });
}
