import { expect, it } from 'vitest';
import { chain, checkParity, combinations, tf } from '../../../../test/convert/parity.js';

const FORMATS = ['channelsLast', 'channelsFirst'] as const;
const shapeOf = (format: (typeof FORMATS)[number]) => (format === 'channelsFirst' ? [2, 6, 5] : [6, 5, 2]);

it.each(
  combinations({
    padding: [
      1,
      [2, 0],
      [
        [0, 1],
        [2, 3],
      ],
      undefined,
    ] as const,
    dataFormat: FORMATS,
  }),
)('ZeroPadding2D: %o', async ({ padding, dataFormat }) => {
  const settings = { dataFormat, ...(padding === undefined ? {} : { padding }) };
  const { ops } = await checkParity(chain(shapeOf(dataFormat), tf.layers.zeroPadding2d(settings as never)));
  expect(ops).toEqual(['Pad']);
});

it.each(
  combinations({
    cropping: [
      [
        [1, 1],
        [0, 2],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ],
    dataFormat: FORMATS,
  }),
)('Cropping2D: %o', async ({ cropping, dataFormat }) => {
  const layer = tf.layers.cropping2D({ cropping: cropping as never, dataFormat });
  const { ops } = await checkParity(chain(shapeOf(dataFormat), layer));
  expect(ops).toEqual(['Slice']);
});

it.each(
  combinations({
    size: [
      [2, 2],
      [3, 1],
      [2, 3],
    ] as const,
    interpolation: ['nearest', 'bilinear'] as const,
    dataFormat: FORMATS,
  }),
)('UpSampling2D: %o', async ({ size, interpolation, dataFormat }) => {
  const layer = tf.layers.upSampling2d({ size: [...size], interpolation, dataFormat });
  const { ops } = await checkParity(chain(shapeOf(dataFormat), layer));
  expect(ops).toEqual(['Resize']);
});

it.each(
  combinations({ padding: [1, 2], window: [1, 2, 3], pool: ['maxPooling2d', 'averagePooling2d'] as const }),
)('zeros that ZeroPadding2D adds are zeros to a pool behind it: %o', async ({ padding, window, pool }) => {
  const pooled = tf.layers[pool]({ poolSize: window });
  const model = chain([9, 9, 2], tf.layers.zeroPadding2d({ padding }), pooled);
  await checkParity(model, { input: (random) => -1 - random(), web: true });
});

it('ZeroPadding2D stands among Transposes', async () => {
  const { upSampling2d, zeroPadding2d, permute, conv2d } = tf.layers;
  await checkParity(chain([5, 5, 2], upSampling2d({ size: [2, 2] }), zeroPadding2d({ padding: 1 })), {
    layout: 'nhwc',
  });
  await checkParity(
    chain([5, 4, 2], permute({ dims: [2, 1, 3] }), zeroPadding2d({}), conv2d({ filters: 2, kernelSize: 2 })),
  );
});
