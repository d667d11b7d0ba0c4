import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from './shell-word.js';

test('plain names stay as they are', () => {
  for (const word of ['models/mnist_cnn', 'a-b.c', 'C:/models']) expect(shellWord(word)).toBe(word);
  expect(shellWord('C:\\models', 'win32')).toBe('C:\\models');
});

test.skipIf(process.platform === 'win32')('a shell takes any other name as one word, unchanged', () => {
  for (const word of ['my models', "it's", '$HOME', '~/a', 'a;b', '"', '', 'a\\b', 'naïve'])
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })).toBe(word);
});

test('on Windows, a name with a space is in double quotes', () => {
  expect(shellWord('C:\\my models', 'win32')).toBe('"C:\\my models"');
});
