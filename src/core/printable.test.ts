import { expect, it } from 'vitest';
import { printable, printableLines } from './printable.js';

/** Clears the screen in two ways, ends the line, and turns the writing's direction. */
const hostile = 'a\u001b[2J\u009b2J\n\u202eb';

it('shows what a terminal acts on as an escape', () => {
  expect(printable(hostile)).toBe('a\\x1b[2J\\x9b2J\\x0a\\u202eb');
  expect(printable('Größe 7 🙂 数字')).toBe('Größe 7 🙂 数字');
});

it('keeps the lines of a longer text, and cuts off what nobody reads', () => {
  expect(printableLines(hostile)).toBe('a\\x1b[2J\\x9b2J\n\\u202eb');
  expect(printableLines('x'.repeat(50), 10)).toBe('xxxxxxx...');
  expect(printableLines('x'.repeat(10), 10)).toBe('x'.repeat(10));
});
