import { expect } from 'vitest';
import { RuntimeMissing } from '../src/node/runtime/runtime-missing.js';

/** Why a runtime is missing; fails where it is not, or where it fails in another way. */
export async function whyMissing(run: Promise<unknown>): Promise<string> {
  const error = await run.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(RuntimeMissing);
  return (error as Error).message;
}
