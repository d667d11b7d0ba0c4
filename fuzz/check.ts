import { getHeapStatistics } from 'node:v8';
import { UnsupportedLayersError } from '../src/core/convert/problems.js';
import { UserError } from '../src/core/errors.js';

/** Every case works on a few kilobytes: one that takes this much believed a number in the file. */
const MAX_BYTES_A_CASE = 256 * 2 ** 20;
const MAX_HINT = 2000;

/**
 * Runs a case: it must end with a result or in a UserError of one sentence, and must not take memory that
 * its input does not explain.
 *
 * @returns whether the input was accepted.
 */
export async function holds(work: () => unknown): Promise<boolean> {
  const before = bytesInUse();
  let accepted = true;
  try {
    const result = work();
    // Waiting costs a turn of the event loop, which a synchronous parser need not pay a million times.
    if (result instanceof Promise) await result;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    checkSentence(error);
    accepted = false;
  }
  const taken = bytesInUse() - before;
  if (taken > MAX_BYTES_A_CASE) throw new Error(`it took ${Math.round(taken / 2 ** 20)} MiB`);
  return accepted;
}

function checkSentence(error: UserError): void {
  // The one error that is a list: a line for each layer that cannot be converted.
  const isList = error instanceof UnsupportedLayersError;
  const isSentence = error.message !== '' && (isList || !/\n\s+at /.test(error.message));
  const isPlain = !/\b(undefined|NaN)\b|\[object /.test(error.message);
  if (!isSentence || !isPlain || (error.hint?.length ?? 0) > MAX_HINT)
    throw new Error(`not a sentence for a user: ${error.message} / ${error.hint}`);
}

function bytesInUse(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
