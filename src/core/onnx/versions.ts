import { UserError } from '../errors.js';

/** The IR version that the ONNX release which introduced an opset writes. */
const IR_VERSION: Readonly<Record<number, number>> = {
  18: 8,
  19: 9,
  20: 9,
  21: 10,
  22: 10,
  23: 11,
  24: 12,
  25: 13,
  26: 13,
};

export const MIN_OPSET = 18;
export const MAX_OPSET = 26;
/** Old enough for the runtimes in use, new enough for every operator that the converter needs. */
export const DEFAULT_OPSET = 21;

/** @throws UserError if we do not write that opset. */
export function irVersionOf(opset: number): number {
  const version = IR_VERSION[opset];
  if (version === undefined) {
    throw new UserError(`opset ${opset} is not supported`, {
      hint: `Choose one from ${MIN_OPSET} to ${MAX_OPSET}; ${DEFAULT_OPSET} is the default.`,
      exitCode: 2,
    });
  }
  return version;
}
