import { messageOf, UserError } from '../../../src/core/errors.js';
import { texts } from '../texts.js';
import { explainMissing } from './fetch-file.js';

/** Why onnxruntime did not start: its WebAssembly file is missing, or else in its own words. */
export async function explainStart(cause: unknown, wasmUrl: string): Promise<UserError> {
  const missing = await explainMissing(new URL(wasmUrl, self.location.href).href, texts.errors.files.wasm);
  if (missing) return missing;
  const [reason] = messageOf(cause).split('\n', 1);
  return new UserError(texts.errors.runtime(reason ?? ''), { hint: texts.errors.runtimeHint, cause });
}
