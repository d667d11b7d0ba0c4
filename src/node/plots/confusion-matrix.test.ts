import { expect, test } from 'vitest';
import { drawConfusionMatrix } from './confusion-matrix.js';
import { renderPng } from './render.js';

const draw = (classes: string[], confusion: number[][]) =>
  drawConfusionMatrix({ classes, confusion, caption: 'somewhere' });
const textsOf = (svg: string) => [...svg.matchAll(/>([^<>]+)<\/text>/g)].map((match) => match[1]!);

test('counts, shares of the true class, and nothing where nothing is', () => {
  const svg = draw(
    ['0', '1'],
    [
      [999, 1],
      [0, 40],
    ],
  );
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['999', '1', '40', '99.9', '0.1', '100', 'somewhere']));
  expect(textsOf(svg).filter((text) => text === '0')).toHaveLength(4);
});

test('every class of a few has its name at all four axes, cut where it is long', () => {
  const classes = ['T-shirt/top', 'Ankle boots, high', 'Bag'];
  const svg = draw(classes, [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  for (const name of ['T-shirt/top', 'Ankle boot…', 'Bag']) {
    expect(textsOf(svg).filter((text) => text === name)).toHaveLength(4);
  }
});

test('any name can be drawn: what XML forbids is replaced, also half of a character where a name is cut', async () => {
  // The pair of surrogates stands where the name is cut.
  const svg = draw(
    ['a\u0001\u001b[31m', '<b>&', '123456789\u{1f600}abc'],
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  );
  expect(textsOf(svg)).toContain('a\ufffd\ufffd[31m');
  await expect(renderPng(svg)).resolves.toBeDefined();
});

test('a class without images has no share', () => {
  expect(
    draw(
      ['a', 'b'],
      [
        [0, 0],
        [0, 3],
      ],
    ),
  ).not.toContain('NaN');
});
