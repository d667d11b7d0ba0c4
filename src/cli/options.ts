import { UserError } from '../core/errors.js';

/** Which ONNX file is taken where none is named, as the help says it. */
export const DEFAULT_MODEL =
  'mnist_cnn.onnx or mnist_deep.onnx here or in models/, else the one that comes with mnist-onnx';

/** `--json` and `--quiet`, as every command that prints data has them. */
export const outputOptions = {
  json: { type: 'boolean', default: false, describe: 'print the result as JSON on stdout' },
  quiet: { type: 'boolean', default: false, describe: 'no notes and no progress, warnings only' },
} as const;

/** `--dataset` and `--data-dir`, as every command that reads labelled images has them. Not given means `auto`. */
export const datasetOptions = {
  dataset: {
    type: 'string',
    describe:
      'auto, mnist, synthetic, or a folder of IDX files of 28x28 images (labels.txt there names the classes)',
    defaultDescription: 'auto: MNIST or, where it cannot be had, synthetic digits',
  },
  'data-dir': {
    type: 'string',
    describe: 'folder where MNIST is sought first and downloaded to',
    defaultDescription: "MNIST_ONNX_DATA's, data/mnist or the user's cache",
  },
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
export function numberInRange(option: string, range: Range): (value: unknown) => number {
  return (value) => {
    // One that is given more than once is refused as any other option is.
    if (isInRange(value, range) || Array.isArray(value)) return value as number;
    throw new UserError(`--${option} must be ${describeRange(range)}`, { exitCode: 2 });
  };
}

/** The same for an option that takes several numbers. */
export function numbersInRange(option: string, range: Range): (values: unknown) => number[] {
  return (values) => {
    const numbers = [values].flat().filter((value) => isInRange(value, range));
    if (numbers.length === [values].flat().length) return numbers;
    throw new UserError(`each of --${option} must be ${describeRange(range)}`, { exitCode: 2 });
  };
}

function isInRange(value: unknown, { min, max, integer = false }: Range): value is number {
  if (typeof value !== 'number') return false;
  return value >= min && value <= max && (!integer || Number.isInteger(value));
}

function describeRange({ min, max, integer = false }: Range): string {
  const kind = integer ? 'a whole number' : 'a number';
  const isOpen = max === Number.POSITIVE_INFINITY || max === Number.MAX_SAFE_INTEGER;
  return `${kind} ${isOpen ? `of at least ${min}` : `from ${min} to ${max}`}`;
}
