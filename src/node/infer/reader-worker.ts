import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../core/errors.js';
import type { Prediction } from '../../core/prediction.js';
import { createNodeSession } from '../runtime/node-session.js';
import type { ImageSource } from './chunk-inputs.js';
import { keepMemoryFlat } from './keep-memory-flat.js';
import { createReader } from './reader.js';
import type { WorkerAnswer, WorkerControl, WorkerSettings } from './reader-pool.js';
import { recordWriter } from './record-text.js';

// A thread that reads images with a session of its own: it answers chunk by chunk, in the order in which they come, in
// JSON, which takes half the time of a copy of the records.
keepMemoryFlat();
const { model, device, options, format, dropsRest } = workerData as WorkerSettings & WorkerControl;
const session = await createNodeSession(model, { device, threads: 1 });
const read = createReader(session, options);
const finish = format === undefined ? (predictions: Prediction[]) => predictions : recordWriter(format);

async function answer(sources: readonly ImageSource[]): Promise<WorkerAnswer> {
  try {
    return { result: finish(await read(sources)) };
  } catch (error) {
    const { message, stack } = error as Error;
    if (!(error instanceof UserError)) return { failure: { message, stack } };
    return { failure: { message, user: { hint: error.hint, exitCode: error.exitCode } } };
  }
}

let last: Promise<void> = Promise.resolve();
parentPort!.on('message', (sources: readonly ImageSource[] | 'close') => {
  last = last.then(async () => {
    if (sources !== 'close') {
      if (Atomics.load(dropsRest, 0) === 0) parentPort!.postMessage(JSON.stringify(await answer(sources)));
      return;
    }
    await session.release();
    parentPort!.close();
  });
});
