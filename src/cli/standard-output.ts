import { UserError } from '../core/errors.js';
import { fileErrorReason } from '../node/files.js';

let failure: NodeJS.ErrnoException | undefined;

/**
 * Keeps a failing stdout from ending the process in the middle of its work: a reader that closes early
 * (`| head`) has what it wanted, while results are still to be written; another failure is told at the end.
 */
export function guardStandardOutput(): void {
  process.stdout.on('error', (error) => {
    failure ??= error;
  });
}

/** What is wrong with stdout, unless its reader only went away. */
export function standardOutputError(): UserError | undefined {
  if (!failure || isClosedReader(failure)) return undefined;
  return new UserError(`cannot write to standard output: ${fileErrorReason(failure)}`);
}

/** Whether a failure is that of a reader who closed early. */
export function isClosedReader(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
}

/** Whether a failure is stdout's own. */
export function isStandardOutputError(error: unknown): boolean {
  return failure !== undefined && (error as NodeJS.ErrnoException | undefined)?.code === failure.code;
}
