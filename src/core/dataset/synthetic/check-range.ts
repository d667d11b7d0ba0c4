import { UserError } from '../../errors.js';

/** @throws UserError naming the option, if it is no whole number from `min` to `max`. */
export function checkWhole(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value)) throw outside(name, 'a whole number', min, max);
  checkNumber(name, value, min, max);
}

/** @throws UserError naming the option, if it is no number from `min` to `max`. */
export function checkNumber(name: string, value: number, min: number, max: number): void {
  if (!(value >= min && value <= max)) throw outside(name, 'a number', min, max);
}

function outside(name: string, kind: string, min: number, max: number): UserError {
  return new UserError(`the ${name} of synthetic digits must be ${kind} from ${min} to ${max}`, {
    exitCode: 2,
  });
}
