import { setImmediate } from 'node:timers/promises';
import type { Steps } from '../core/steps.js';

/** Steps between two turns of the event loop: a few hundredths of a second where an image is drawn in each. */
const STEPS_A_TURN = 100;

/** Does work to its end and lets signals in meanwhile; undefined where the signal came first. */
export async function finishInTurns<Result>(
  work: Steps<Result>,
  signal: AbortSignal | undefined,
): Promise<Result | undefined> {
  for (let done = 1; !signal?.aborted; done++) {
    const step = work.next();
    if (step.done) return step.value;
    if (done % STEPS_A_TURN === 0) await setImmediate();
  }
  return undefined;
}
