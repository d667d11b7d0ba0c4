import { describe, expect, it } from 'vitest';
import { joinImagesAndLabels, parseIdx, writeIdx } from './idx.js';

const labels = writeIdx({ shape: [3], data: Uint8Array.of(7, 2, 1) });

describe('IDX files', () => {
  it('come back as they were written', () => {
    const data = Uint8Array.from({ length: 24 }, (_, i) => i);
    expect(parseIdx(writeIdx({ shape: [2, 3, 4], data }), 'a file')).toEqual({ shape: [2, 3, 4], data });
  });

  it('have the header that the format prescribes', () => {
    expect([...labels]).toEqual([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]);
  });

  it.each([
    [
      'a wrong magic number',
      Uint8Array.of(0, 0, 9, 1, 0, 0, 0, 0),
      /t is not an IDX file.*begins with 00 00 09 01/,
    ],
    ['a web page', Uint8Array.from('<!doctype html>', (c) => c.charCodeAt(0)), /begins with 3c 21 64 6f/],
    ['nothing', new Uint8Array(), /it is empty/],
    ['a header cut off', Uint8Array.of(0, 0, 8, 3, 0, 0), /^t is cut off: it ends within its header$/],
    ['data cut off', labels.subarray(0, -1), /t is cut off: its header promises 3 bytes \(3\), and 2 follow/],
    ['bytes too many', Uint8Array.of(...labels, 0), /t has bytes too many/],
    ['a size that lies', Uint8Array.of(0, 0, 8, 4, ...new Array(16).fill(255)), /t is cut off/],
  ])('are refused with a sentence: %s', (_, bytes, message) => {
    expect(() => parseIdx(bytes, 't')).toThrow(message);
  });

  it('of images and labels must hold equally many, of 28x28', () => {
    const images = { shape: [2, 28, 28], data: new Uint8Array(2 * 784) };
    const names = { images: 'i', labels: 'l' };
    expect(() => joinImagesAndLabels(images, parseIdx(labels, 'l'), names)).toThrow(
      'i holds 2 images, but l holds 3 labels',
    );
    const small = { shape: [3, 8, 8], data: new Uint8Array(192) };
    expect(() => joinImagesAndLabels(small, parseIdx(labels, 'l'), names)).toThrow('not images of 28 x 28');
  });
});
