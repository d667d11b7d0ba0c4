import type { KerasLayer } from '../../keras/layer-schemas.js';
import { DATA_TYPE, int } from '../../onnx/types.js';
import type { LayerContext } from '../context.js';
import { graphAxis, type Value } from '../value.js';

/** Embedding: a row of the table for each index; indices that come as numbers are cut to whole ones, and 0 may mask. */
export function convertEmbedding(
  layer: KerasLayer<'Embedding'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const { input_dim, output_dim, mask_zero } = layer.config;
  const x = context.plain(input!);
  const table = context.weight('embeddings', [input_dim, output_dim]);
  const indices =
    x.type === 'int32'
      ? x
      : context.op('Cast', [x], { shape: x.shape, type: 'int32' }, { to: int(DATA_TYPE.int32) });
  const rows = context.op(
    'Gather',
    [context.floats('embeddings', table.shape, table.data), indices],
    { shape: [...x.shape, output_dim], layout: 'plain' },
    { axis: int(0) },
  );
  if (!mask_zero) return rows;
  const zero =
    x.type === 'int32'
      ? context.constant('mask_zero', { type: 'int32', shape: [], data: Int32Array.of(0) })
      : context.scalar('mask_zero', 0);
  const equal = context.op('Equal', [x, zero], { shape: x.shape, type: 'bool' });
  return { ...rows, mask: context.op('Not', [equal], { shape: x.shape }) };
}

/** Masking sets steps to 0 whose features all equal the mask value, and masks them. */
export function convertMasking(
  layer: KerasLayer<'Masking'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const x = typeof input!.layout === 'string' ? input! : context.plain(input!);
  const axis = graphAxis(x, -1);
  const equal = context.op('Equal', [x, context.scalar('mask_value', layer.config.mask_value)], {
    shape: x.shape,
    type: 'bool',
  });
  const different = context.op('Not', [equal], { shape: x.shape });
  const asNumber = context.op(
    'Cast',
    [different],
    { shape: x.shape, type: 'float32' },
    { to: int(DATA_TYPE.float32) },
  );
  const axes = context.int64s('axis', [axis]);
  const any = context.op(
    'ReduceMax',
    [asNumber, axes],
    { shape: x.shape.map((dim, i) => (i === axis ? 1 : dim)) },
    { keepdims: int(1) },
  );
  const steps = context.op('Squeeze', [any, axes], { shape: x.shape.toSpliced(axis, 1), layout: 'plain' });
  const mask = context.op('Cast', [steps], { shape: steps.shape, type: 'bool' }, { to: int(DATA_TYPE.bool) });
  return { ...context.op('Mul', [x, any], { shape: x.shape }), mask };
}

/** Rescaling: x · scale + offset. */
export function convertRescaling(
  layer: KerasLayer<'Rescaling'>,
  [x]: readonly Value[],
  context: LayerContext,
): Value {
  const { scale, offset } = layer.config;
  const value =
    x!.type === 'float32'
      ? x!
      : context.op('Cast', [x], { shape: x!.shape, type: 'float32' }, { to: int(DATA_TYPE.float32) });
  const scaled = context.op('Mul', [value, context.scalar('scale', scale)], { shape: value.shape });
  return offset === 0
    ? scaled
    : context.op('Add', [scaled, context.scalar('offset', offset)], { shape: value.shape });
}
