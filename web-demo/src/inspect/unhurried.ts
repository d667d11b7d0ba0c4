import type { InferenceSession, TensorInfo } from '../../../src/core/session.js';

/** A few milliseconds' work: the pen that comes back waits no longer. */
const BATCH = 2;

/**
 * A session that takes few images at a time and lets other work pass between them.
 *
 * @throws the signal's reason from `run`, once it is aborted
 */
export function unhurried(session: InferenceSession, signal: AbortSignal): InferenceSession {
  return {
    ...session,
    inputs: session.inputs.map(withSmallBatch),
    run: async (feeds, outputs) => {
      await nextTask();
      signal.throwIfAborted();
      return session.run(feeds, outputs);
    },
  };
}

/** A model that takes but one batch size keeps it. */
function withSmallBatch(input: TensorInfo): TensorInfo {
  const [batch, ...rest] = input.shape;
  const isFixed = typeof batch === 'number' && batch > 0;
  return isFixed ? input : { ...input, shape: [BATCH, ...rest] };
}

/** Messages to the worker are handled before this goes on; a promise alone would not let them in. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
