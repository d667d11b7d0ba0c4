import { sep } from 'node:path';
import { expect, test } from 'vitest';
import { outputPath } from './output-path.js';

test.each([
  ['a.png', 'out/a.png.jpg'],
  ['./x/a.png', 'out/x/a.png.jpg'],
  ['/data/a.png', 'out/data/a.png.jpg'],
  ['C:/data/a.png', 'out/C/data/a.png.jpg'],
  // Not where `a.png` itself goes, nor outside the folder.
  ['../a.png', 'out/_up_/a.png.jpg'],
  ['../../x/../a.png', 'out/_up_/_up_/x/_up_/a.png.jpg'],
  ['..', 'out/_up_.jpg'],
  ['-', 'out/stdin.jpg'],
])('what is made of %s is written to %s', (file, expected) => {
  expect(outputPath('out', file, '.jpg').split(sep).join('/')).toBe(expected);
});

test.runIf(sep === '\\')('a path of Windows keeps its folders', () => {
  expect(outputPath('out', 'C:\\data\\a.png', '.jpg')).toBe('out\\C\\data\\a.png.jpg');
});

test.runIf(sep === '/')(
  'a backslash is a part of a name, which stays apart from a folder with a file',
  () => {
    expect(outputPath('out', 'a\\b.png', '.jpg')).toBe('out/a\\b.png.jpg');
    expect(outputPath('out', 'a/b.png', '.jpg')).toBe('out/a/b.png.jpg');
  },
);
