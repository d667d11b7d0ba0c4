import { UserError } from '../core/errors.js';

/** `--json` and `--quiet`, as every command that prints data has them. */
export const outputOptions = {
  json: { type: 'boolean', default: false, describe: 'print the result as JSON on stdout' },
  quiet: { type: 'boolean', default: false, describe: 'no notes and no progress, warnings only' },
} as const;

/** `--dataset` and `--data-dir`, as every command that reads labelled images has them. Not given means `auto`. */
export const datasetOptions = {
  dataset: {
    type: 'string',
    describe: 'auto, mnist, synthetic, or a folder of IDX files of 28x28 images',
    defaultDescription: 'auto: MNIST or, where it cannot be had, synthetic digits',
  },
  'data-dir': { type: 'string', describe: 'where MNIST is sought first and downloaded to' },
} as const;

/** What a bare `-` on the command line arrives as: standard input or output. */
export const STANDARD_STREAM = '<stdio>';

interface Range {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
}

/**
 * Makes a yargs `coerce` function that accepts numbers of a range.
 *
 * @throws UserError (exit status 2), from the function, naming the option and the range.
 */
export function numberInRange(
  option: string,
  { min, max, integer = false }: Range,
): (value: unknown) => number {
  return (value) => {
    const number = typeof value === 'number' ? value : Number.NaN;
    if (number >= min && number <= max && (!integer || Number.isInteger(number))) return number;
    const kind = integer ? 'a whole number' : 'a number';
    const upper =
      max === Number.POSITIVE_INFINITY || max === Number.MAX_SAFE_INTEGER
        ? `of at least ${min}`
        : `from ${min} to ${max}`;
    throw new UserError(`--${option} must be ${kind} ${upper}, given once`, { exitCode: 2 });
  };
}
