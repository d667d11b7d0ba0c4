import { UserError } from '../errors.js';
import { irVersionOf } from '../onnx/versions.js';
import type { OutputKind } from './outputs.js';

const WORDS = {
  layout: ['nchw', 'nhwc'],
  input: ['float32', 'uint8'],
  output: ['auto', 'logits', 'probabilities', 'both', 'class'] satisfies OutputKind[],
};

/** What a caller without types may give for the options of a conversion. */
interface GivenOptions extends Partial<Record<keyof typeof WORDS, unknown>> {
  readonly opset: number;
  readonly batch?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** @throws UserError naming the first option that cannot be what it is. */
export function checkOptions(options: GivenOptions): void {
  const refuse = (name: string, allowed: string, value: unknown): never => {
    const given = typeof value === 'string' ? `'${value}'` : String(value);
    throw new UserError(`the option ${name} must be ${allowed}, not ${given}`, { exitCode: 2 });
  };
  const { opset, batch, metadata = {} } = options;
  if (typeof opset !== 'number') refuse('opset', 'a number', opset);
  irVersionOf(opset);
  if (batch !== undefined && !(Number.isSafeInteger(batch) && (batch as number) >= 1))
    refuse('batch', 'a whole number of 1 or more', batch);
  for (const [name, words] of Object.entries(WORDS) as [keyof typeof WORDS, string[]][]) {
    const value = options[name];
    if (value !== undefined && !words.includes(value as string))
      refuse(name, `one of ${words.join(', ')}`, value);
  }
  for (const [key, value] of Object.entries(metadata))
    if (typeof value !== 'string') refuse(`metadata.${key}`, 'a text', value);
}
