import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../core/errors.js';
import type { Prediction } from '../../core/prediction.js';
import { setUpOnnxRuntime } from '../runtime/import-runtime.js';
import { createNodeSession } from '../runtime/node-session.js';
import type { RuntimeSession } from '../runtime/runtime-session.js';
import type { ImageSource } from './chunk-inputs.js';
import { createReader } from './reader.js';
import type { ThreadAnswer, ThreadControl, ThreadMessage, ThreadSettings } from './reader-thread.js';
import { recordWriter } from './record-text.js';
import { tuneV8 } from './tune-v8.js';

// A thread that reads images with a session of its own: it answers chunk by chunk, in the order in which they come, in
// JSON, which takes half the time of a copy of the records.

/** What becomes of a chunk's images. */
let read: (sources: readonly ImageSource[]) => Promise<unknown>;
let session: RuntimeSession | undefined;

async function setUp({ model, device, options, format }: ThreadSettings): Promise<void> {
  try {
    session = await createNodeSession(model, { device, threads: 1 });
  } catch (error) {
    // Told for each chunk.
    read = () => Promise.reject(error);
    return;
  }
  tuneV8();
  const toPredictions = createReader(session, options, isEnded);
  const finish = format === undefined ? (predictions: Prediction[]) => predictions : recordWriter(format);
  read = async (sources) => finish(await toPredictions(sources));
}

async function answer(sources: readonly ImageSource[]): Promise<ThreadAnswer> {
  try {
    return { result: await read(sources) };
  } catch (error) {
    const { message, stack } = error as Error;
    if (!(error instanceof UserError)) return { failure: { message, stack } };
    return { failure: { message, user: { hint: error.hint, exitCode: error.exitCode } } };
  }
}

async function handle(message: ThreadMessage): Promise<void> {
  if (message === 'close') {
    await session?.release();
    parentPort!.close();
  } else if ('settings' in message) await setUp(message.settings);
  else if (!isEnded()) parentPort!.postMessage(JSON.stringify(await answer(message.sources)));
}

const { end } = workerData as ThreadControl;
const isEnded = () => Atomics.load(end, 0) !== 0;
let last: Promise<void> = Promise.resolve();

async function start(): Promise<void> {
  // The settings may take longer to come.
  await setUpOnnxRuntime();
  parentPort!.on('message', (message: ThreadMessage) => {
    last = last.then(() => handle(message));
  });
}
void start();
