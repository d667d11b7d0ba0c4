import type { Style } from '../digits/style.js';
import { LETTERS } from './letters.js';
import { SIGNS } from './signs.js';

/** What people write beside digits, one letter as often as the commonest sign. */
export const NON_DIGIT_STYLES: readonly Style[] = [
  ...LETTERS.map((letter) => ({ ...letter, weight: 4 })),
  ...SIGNS,
];
