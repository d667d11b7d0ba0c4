import { UserError } from '../../errors.js';
import type { DrawDigitOnCanvasOptions } from './draw-digit.js';
import type { GenerateSyntheticOptions } from './generate.js';

const MAX_SIDE = 8192;
/** 700 MB of pixels. */
const MAX_COUNT = 1_000_000;

/**
 * Checks what to draw before any of it is drawn: beyond these ranges time and memory would have no bound.
 *
 * @throws UserError naming the option.
 */
export function checkDigitOptions(options: Omit<DrawDigitOnCanvasOptions, 'digit'>): void {
  const { width, height, box, penWidth = 0.1, stray = 1 } = options;
  checkWhole('width', width, 1, MAX_SIDE);
  checkWhole('height', height, 1, MAX_SIDE);
  checkNumber('x', box.x, -MAX_SIDE, MAX_SIDE);
  checkNumber('y', box.y, -MAX_SIDE, MAX_SIDE);
  checkNumber('box width', box.width, 1, MAX_SIDE);
  checkNumber('box height', box.height, 1, MAX_SIDE);
  checkNumber('pen width', penWidth, 0.001, 1);
  checkNumber('stray', stray, 0, 10);
}

/** @throws UserError naming the option. */
export function checkSetOptions({ seed, count, part = 0 }: GenerateSyntheticOptions): void {
  checkWhole('count', count, 0, MAX_COUNT);
  checkWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  checkWhole('part', part, 0, Number.MAX_SAFE_INTEGER);
}

function checkWhole(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value)) throw outside(name, 'a whole number', min, max);
  checkNumber(name, value, min, max);
}

function checkNumber(name: string, value: number, min: number, max: number): void {
  if (!(value >= min && value <= max)) throw outside(name, 'a number', min, max);
}

function outside(name: string, kind: string, min: number, max: number): UserError {
  return new UserError(`the ${name} of synthetic digits must be ${kind} from ${min} to ${max}`, {
    exitCode: 2,
  });
}
