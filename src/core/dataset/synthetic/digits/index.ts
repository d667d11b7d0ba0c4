import { EIGHT } from './eight.js';
import { FIVE } from './five.js';
import { FOUR } from './four.js';
import { NINE } from './nine.js';
import { ONE } from './one.js';
import { SEVEN } from './seven.js';
import { SIX } from './six.js';
import type { Style } from './style.js';
import { THREE } from './three.js';
import { TWO } from './two.js';
import { ZERO } from './zero.js';

/** The ways to write each digit, in the digits' order. */
export const DIGIT_STYLES: readonly (readonly Style[])[] = [
  ZERO,
  ONE,
  TWO,
  THREE,
  FOUR,
  FIVE,
  SIX,
  SEVEN,
  EIGHT,
  NINE,
];
