import { resolve } from 'node:path';
import { UserError } from '../../core/errors.js';
import { ARCHITECTURES, isArchitectureName } from './architectures.js';

/** A hyperparameter's default, range and meaning; the command line's options are made from these. */
export interface NumberField {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
  readonly meaning: string;
  /** What the help calls the default, where the number alone says little. */
  readonly defaultText?: string;
  /** A switch on the command line: 1 on, 0 off. */
  readonly isFlag?: boolean;
  /** May a resumed run change it? */
  readonly resumable?: boolean;
}

/** Every number that a training run depends on. */
export const NUMBER_FIELDS = {
  epochs: {
    default: 5,
    min: 1,
    max: 10_000,
    integer: true,
    resumable: true,
    meaning: 'passes over the training images',
  },
  batchSize: { default: 64, min: 1, max: 8192, integer: true, meaning: 'images in each training step' },
  lr: { default: 0.003, min: 1e-8, max: 10, meaning: "Adam's learning rate at the start" },
  lrDecay: {
    default: 0.4,
    min: 0.01,
    max: 1,
    meaning:
      'exponential decay of the learning rate: its factor over an epoch, applied step by step, down to 1% of --lr',
  },
  labelSmoothing: {
    default: 0.01,
    min: 0,
    max: 0.5,
    meaning: 'share of each target that is spread evenly over all classes, which keeps logits small',
  },
  weightAveraging: {
    default: 0,
    min: 0,
    max: 0.99999,
    defaultText: 'off',
    meaning:
      'exponential moving average of the weights: its decay at each step (0.999: over about 1,000 steps)',
  },
  augment: {
    default: 0,
    min: 0,
    max: 1,
    integer: true,
    isFlag: true,
    defaultText: 'off',
    meaning:
      'vary the images anew in each epoch: shift, rotation, scale, shear, elastic, stroke width, noise',
  },
  refineFrom: {
    default: 0,
    min: 0,
    max: 10_000,
    integer: true,
    defaultText: 'never',
    meaning:
      'epoch from which on --augment is weaker: shifts, rotations and scales of half the size, strokes and ink unchanged',
  },
  synthetic: {
    default: 0,
    min: 0,
    max: 10,
    defaultText: 'none',
    meaning: 'add synthetic digits, which the program draws: how many for each training image',
  },
  nonDigits: {
    default: 0,
    min: 0,
    max: 1,
    defaultText: 'none',
    meaning:
      'add negative examples (letters, scribbles, digits cut wrongly), trained as no class: how many for each training image',
  },
  dropout: {
    default: 0.2,
    min: 0,
    max: 0.9,
    meaning: 'dropout rate: fraction of the features left out in training',
  },
  seed: {
    default: 1,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    integer: true,
    meaning: 'decides weights, split, order and dropout: the same seed, the same result',
  },
  valSplit: {
    default: 0.1,
    min: 0.001,
    max: 0.9,
    meaning: 'fraction of the training images held out for validation, which chooses the best epoch',
  },
  patience: {
    default: 0,
    min: 0,
    max: 10_000,
    integer: true,
    resumable: true,
    defaultText: 'off',
    meaning: 'early stopping: epochs without a better validation result after which training ends',
  },
  limit: {
    default: 0,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    integer: true,
    defaultText: 'all',
    meaning: 'use only so many training images, chosen by the seed',
  },
} as const satisfies Record<string, NumberField>;

/** A number of the configuration, by its name in the code: `batchSize` is `--batch-size`. */
export type NumberName = keyof typeof NUMBER_FIELDS;

/** All hyperparameters of a training run. */
export type TrainConfig = Readonly<Record<Exclude<NumberName, 'dropout'>, number>> & {
  /** Missing where the network came with the dropout of its layers. */
  readonly dropout?: number;
  /** A name of the table, or what the user calls another topology. */
  readonly arch: string;
  /** The split's own seed, where the images stay split as for the model that the run goes on from. */
  readonly splitSeed?: number;
};

/** Those hyperparameters that a user gave. */
export type GivenConfig = { readonly [Name in NumberName | 'arch']?: TrainConfig[Name] | undefined };

/** @throws UserError (exit status 2) naming a number that is outside its range. */
export function checkNumbers(config: GivenConfig): void {
  for (const [name, field] of Object.entries(NUMBER_FIELDS) as [NumberName, NumberField][]) {
    const { min, max, integer = false } = field;
    const value = config[name];
    if (value === undefined) continue;
    if (value >= min && value <= max && (!integer || Number.isInteger(value))) continue;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new UserError(
      `${optionName(name)} must be ${integer ? 'a whole number' : 'a number'} ${range}, not ${value}`,
      { exitCode: 2 },
    );
  }
}

/** Is it a file with a topology, rather than a name of the table? */
export function isNetworkFile(arch: string): boolean {
  return arch.endsWith('.json');
}

/** Going on from a trained model: short, with small steps, and as its training ended, so that what it knows stays. */
export const FINE_TUNING: GivenConfig = { epochs: 3, lr: 0.0005, lrDecay: 0.5, refineFrom: 1 };

/**
 * The defaults, then the architecture's own recipe, then `changes`, then what is given.
 *
 * @throws UserError as `checkNumbers`.
 */
export function createConfig(given: GivenConfig = {}, changes: GivenConfig = {}): TrainConfig {
  checkNumbers(given);
  const defaults = Object.fromEntries(
    Object.entries(NUMBER_FIELDS).map(([name, field]) => [name, field.default]),
  ) as Record<NumberName, number>;
  const arch = given.arch ?? 'cnn';
  const recipe = isArchitectureName(arch) ? ARCHITECTURES[arch].recipe : {};
  return { ...defaults, ...recipe, ...withoutUndefined(changes), ...withoutUndefined(given), arch };
}

/**
 * The configuration that a resumed run goes on with: the checkpoint's, with more epochs or another patience
 * where they are given.
 *
 * @throws UserError if anything else that is given differs, or if more epochs are done than are asked for, or as
 * `checkNumbers`.
 */
export function resumeConfig(
  { config: saved, history }: { config: TrainConfig; history: readonly unknown[] },
  given: GivenConfig,
): TrainConfig {
  checkNumbers(given);
  const wanted = withoutUndefined(given);
  const conflicts = (Object.keys(wanted) as (keyof GivenConfig)[]).filter((name) => {
    const resumable = name !== 'arch' && (NUMBER_FIELDS[name] as NumberField).resumable;
    return !resumable && wanted[name] !== saved[name] && !(name === 'arch' && isSameFile(wanted, saved));
  });
  if (conflicts.length > 0) {
    const list = conflicts.map(
      (name) => `${optionName(name)} ${wanted[name]} (it has ${saved[name] ?? 'none'})`,
    );
    throw new UserError(`the run to resume was started with other options: ${list.join(', ')}`, {
      hint: 'Leave these options away to go on with the run, or leave --resume away to start a new one.',
      exitCode: 2,
    });
  }
  if ((wanted.epochs ?? saved.epochs) < history.length)
    throw new UserError(
      `--epochs ${wanted.epochs} is less than the ${history.length} that the run has done`,
      {
        hint: 'Give at least that many, or leave --resume away to start a new run.',
        exitCode: 2,
      },
    );
  return { ...saved, ...wanted, arch: saved.arch };
}

/** `net.json` is `./net.json` too. */
function isSameFile({ arch = '' }: { arch?: string }, saved: TrainConfig): boolean {
  return isNetworkFile(arch) && resolve(arch) === resolve(saved.arch);
}

/** `batchSize` as it is typed: `--batch-size`. */
export function optionName(field: string): string {
  return `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * The learning rate of a step: an exponential decay that depends on the steps done alone, never on how many
 * are to come, so that a run with more epochs begins as the shorter one did.
 */
export function learningRate(config: TrainConfig, step: number, stepsPerEpoch: number): number {
  return config.lr * Math.max(0.01, config.lrDecay ** (step / stepsPerEpoch));
}

function withoutUndefined(given: GivenConfig): Partial<Pick<TrainConfig, keyof GivenConfig>> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
