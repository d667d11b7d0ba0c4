import type { BoundTensor } from '../../core/convert/index.js';
import { halfToNumber, numberToHalf } from '../../core/onnx/half.js';
import { channelsFirstAxes, permute } from '../../core/onnx/permute.js';
import type { Tensor } from '../../core/session.js';
import type { RuntimeSession } from '../runtime/index.js';
import { firstRows, type SampleBatch } from './samples.js';

/** Runs a session on samples, turned as the graph takes them; of its results only the rows that count. */
export async function runBatch(
  session: RuntimeSession,
  inputs: readonly BoundTensor[],
  batch: SampleBatch,
): Promise<Record<string, Tensor>> {
  const feeds = inputs.map((input): [string, Tensor] => {
    const given = batch.inputs[input.index]!;
    const { shape, data } =
      input.layout === 'NCHW' ? permute(given, channelsFirstAxes(given.shape.length)) : given;
    return [input.name, { type: input.type as Tensor['type'], shape, data: toType(input.type, data) }];
  });
  const results = await session.run(Object.fromEntries(feeds));
  const rows = batch.inputs[0]!.shape[0]!;
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [name, firstRows(fromHalf(tensor), rows, batch.count)]),
  );
}

/** Half-precision outputs as float32; where JavaScript has no Float16Array, onnxruntime gives their bits. */
function fromHalf(tensor: Tensor): Tensor {
  if ((tensor.type as string) !== 'float16') return tensor;
  const data = tensor.data as unknown as ArrayLike<number>;
  const decode = data instanceof Uint16Array ? halfToNumber : Number;
  return { type: 'float32', shape: tensor.shape, data: Float32Array.from(data, decode) };
}

function toType(type: BoundTensor['type'], data: Float32Array): Tensor['data'] {
  if (type === 'int32') return Int32Array.from(data);
  // The graph divides pixels by 255; the samples are divided already.
  if (type === 'uint8') return Uint8Array.from(data, (value) => Math.round(value * 255));
  if (type === 'float16') return Uint16Array.from(data, numberToHalf) as unknown as Tensor['data'];
  return data;
}
