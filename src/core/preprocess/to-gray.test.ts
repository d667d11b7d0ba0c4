import { describe, expect, test } from 'vitest';
import { grayFromPixels } from './to-gray.js';

/** A row of RGBA pixels. */
const row = (...pixels: [number, number, number, number][]) =>
  Array.from(
    grayFromPixels({ width: pixels.length, height: 1, channels: 4, data: Uint8Array.from(pixels.flat()) })
      .data,
  );

test('every grey keeps its value exactly, whatever the number of channels', () => {
  for (let v = 0; v < 256; v++) {
    expect(row([v, v, v, 255])).toEqual([v]);
    for (const channels of [1, 2, 3] as const) {
      const data = channels === 2 ? Uint8Array.of(v, 255) : new Uint8Array(channels).fill(v);
      expect(Array.from(grayFromPixels({ width: 1, height: 1, channels, data }).data)).toEqual([v]);
    }
  }
});

test('the given pixels are not changed', () => {
  const data = Uint8Array.of(10, 0);
  grayFromPixels({ width: 1, height: 1, channels: 2, data });
  expect(Array.from(data)).toEqual([10, 0]);
});

describe('transparent pixels', () => {
  const nothing: [number, number, number, number] = [0, 0, 0, 0];

  test('dark ink on nothing is dark on white', () => {
    expect(row(nothing, [20, 20, 20, 255], nothing, nothing)).toEqual([255, 20, 255, 255]);
  });

  test('white ink on nothing is white on black', () => {
    expect(row(nothing, [255, 255, 255, 255], nothing, nothing)).toEqual([0, 255, 0, 0]);
  });

  test('half transparent ink is half as strong', () => {
    expect(row(nothing, [0, 0, 0, 128], [0, 0, 0, 255], nothing, nothing)[1]).toBe(127);
  });

  test('the cut corners of an opaque picture get its paper', () => {
    const paper: [number, number, number, number] = [230, 230, 230, 255];
    expect(row(nothing, paper, [0, 0, 0, 255], paper, paper)).toEqual([230, 230, 0, 230, 230]);
  });
});
