import { describe, expect, it } from 'vitest';
import { convertLayer, refusalOf } from '../../../../test/convert/layer.js';
import type { Dim } from '../../onnx/types.js';

/** What sliding a window of 3×2 over an image of that height and width becomes. */
function pool(height: Dim, width: Dim, config: Record<string, unknown>) {
  const input = { shape: ['N', 2, height, width], layout: 'NCHW' } as const;
  const { nodes, output } = convertLayer('MaxPooling2D', { pool_size: [3, 2], ...config }, [input]);
  return { sizes: output.shape.slice(2), attributes: nodes[0]!.attributes };
}

describe('a window', () => {
  it.each<[Dim, Dim, Record<string, unknown>, Dim[], object]>([
    [7, 6, { strides: [1, 1] }, [5, 5], {}],
    [7, 6, { strides: [2, 3] }, [3, 2], {}],
    [3, 2, { strides: [3, 2] }, [1, 1], {}],
    ['H', 6, { strides: [1, 1] }, ['layer_dim2', 5], {}],
    [7, 'W', { strides: [1, 1] }, [5, 'layer_dim3'], {}],
    [7, 6, { strides: [1, 1], padding: 'same' }, [7, 6], { pads: { ints: [1, 0, 1, 1] } }],
    [7, 6, { strides: [3, 2], padding: 'same' }, [3, 3], { pads: { ints: [1, 0, 1, 0] } }],
    [6, 6, { strides: [3, 2], padding: 'same' }, [2, 3], {}],
    // What the run decides needs no padding of its own where each place has one.
    [
      'H',
      'W',
      { strides: [1, 1], padding: 'same' },
      ['layer_dim2', 'layer_dim3'],
      { pads: { ints: [1, 0, 1, 1] } },
    ],
    ['H', 6, { strides: [2, 2], padding: 'same' }, ['layer_dim2', 3], { auto_pad: { text: 'SAME_UPPER' } }],
  ])('over %s×%s with %o gives %j', (height, width, config, sizes, padding) => {
    const planned = pool(height, width, config);
    expect(planned.sizes).toEqual(sizes);
    const { kernel_shape, strides, ...others } = planned.attributes;
    expect([kernel_shape, strides]).toEqual([{ ints: [3, 2] }, { ints: config.strides }]);
    expect(others).toMatchObject(padding);
    expect(Object.keys(others)).toEqual(Object.keys(padding));
  });

  it('that does not fit is refused', () => {
    const input = { shape: ['N', 2, 2, 6], layout: 'NCHW' } as const;
    expect(refusalOf('MaxPooling2D', { pool_size: [3, 2] }, [input])).toBe(
      'its window does not fit into its input of 2×6',
    );
  });

  it('has holes where it is dilated, and only there', () => {
    const conv = (dilation_rate: number[]) =>
      convertLayer(
        'Conv2D',
        { filters: 1, kernel_size: [2, 2], dilation_rate },
        [{ shape: ['N', 3, 6, 5], layout: 'NCHW' }],
        { kernel: [2, 2, 3, 1], bias: [1] },
      );
    expect(conv([1, 2]).nodes[0]!.attributes.dilations).toEqual({ ints: [1, 2] });
    expect(conv([1, 2]).output.shape).toEqual(['N', 1, 5, 3]);
    expect(conv([1, 1]).nodes[0]!.attributes).not.toHaveProperty('dilations');
  });
});

describe('what cannot be convolved is refused with the reason', () => {
  const image = ['N', 5, 4, 2] as const;

  it.each<[string, Parameters<typeof convertLayer>]>([
    [
      'it needs to know its input channels',
      ['Conv2D', { filters: 1, kernel_size: [2, 2] }, [{ shape: ['N', 'C', 5, 4], layout: 'NCHW' }]],
    ],
    [
      'tfjs itself does not implement causal padding',
      [
        'Conv2D',
        { filters: 1, kernel_size: [2, 2], padding: 'causal' },
        [image],
        { kernel: [2, 2, 2, 1], bias: [1] },
      ],
    ],
    [
      'tfjs mixes up the axes of a Conv1D with channels_first',
      ['Conv1D', { filters: 1, kernel_size: [2], data_format: 'channels_first' }, [['N', 5, 2]]],
    ],
    [
      'it cuts away the whole image',
      [
        'Cropping2D',
        {
          cropping: [
            [2, 3],
            [0, 0],
          ],
        },
        [image],
      ],
    ],
    [
      'it cuts away the whole image',
      [
        'Cropping2D',
        {
          cropping: [
            [0, 0],
            [4, 0],
          ],
        },
        [image],
      ],
    ],
  ])('%s', (reason, given) => {
    expect(refusalOf(...given)).toBe(reason);
  });

  it('what is left of one pixel is not', () => {
    expect(
      convertLayer(
        'Cropping2D',
        {
          cropping: [
            [2, 2],
            [3, 0],
          ],
        },
        [image],
      ).output.shape,
    ).toEqual(['N', 1, 1, 2]);
  });
});

describe('sizes that only the run decides', () => {
  const image = ['N', 'H', 4, 2] as const;

  it.each<[string, Parameters<typeof convertLayer>, Dim[]]>([
    [
      'stay open where they change',
      [
        'ZeroPadding2D',
        {
          padding: [
            [1, 2],
            [3, 4],
          ],
        },
        [image],
      ],
      ['N', 'layer_dim1', 11, 2],
    ],
    [
      'when they are cut',
      [
        'Cropping2D',
        {
          cropping: [
            [1, 2],
            [1, 0],
          ],
        },
        [image],
      ],
      ['N', 'layer_dim1', 3, 2],
    ],
    ['and when they grow', ['UpSampling2D', { size: [2, 3] }, [image]], ['N', 2, 'layer_dim2', 12]],
  ])('%s', (_, given, shape) => {
    expect(convertLayer(...given).output.shape).toEqual(shape);
  });
});
