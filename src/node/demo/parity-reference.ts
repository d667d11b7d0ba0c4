import { classify } from '../../core/classify.js';
import { generateSynthetic } from '../../core/dataset/synthetic/index.js';
import type { ParityReference } from '../../core/demo-manifest.js';
import { silentReporter } from '../reporter.js';
import { openModelBytes } from '../runtime/open-model.js';

const COUNT = 100;
const SEED = 28;

/** The digits that every runtime is compared on: [100, 28, 28] uint8, our own drawing, always the same. */
export function parityDigits(): Uint8Array {
  return generateSynthetic({ seed: SEED, count: COUNT }).pixels;
}

/**
 * What onnxruntime-node says of those digits.
 *
 * @param options.name names the model in errors
 * @param options.digits the digits' address for the page
 * @throws UserError if the model is damaged or does not classify such images.
 */
export async function makeParityReference(
  model: Uint8Array,
  { name, digits }: { name: string; digits: string },
): Promise<ParityReference> {
  const { session, info } = await openModelBytes(model, {
    path: name,
    device: 'cpu',
    reporter: silentReporter,
  });
  try {
    const { logits, count } = await classify(session, info, parityDigits());
    // Nine digits hold every float32 exactly.
    const exact = Array.from(logits, (value) => Number(value.toPrecision(9)));
    return { runtime: session.runtime, digits, count, logits: exact };
  } finally {
    await session.release();
  }
}
