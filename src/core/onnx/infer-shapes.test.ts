import { expect, it } from 'vitest';
import { chain, tf } from '../../../test/convert/parity.js';
import { convertLayersModel } from '../convert/index.js';
import { onnx } from './generated/codec.js';
import type * as pb from './generated/messages.js';
import { type Inspection, inspectOnnx } from './inspect.js';
import { readOnnx } from './read.js';

const { layers } = tf;

function shapesOf(proto: pb.ModelProto): [string, unknown][] {
  const inspection: Inspection = inspectOnnx(readOnnx(onnx.ModelProto.encode(proto).finish()));
  return inspection.nodes.map(({ op, outputs }) => [op, outputs[0]!.shape]);
}

it.each<[string, () => tf.LayersModel]>([
  [
    'strides, padding, dilations and pools',
    () =>
      chain(
        [13, 11, 3],
        layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
        layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
        layers.conv2d({ filters: 5, kernelSize: 2, dilationRate: 2, padding: 'same' }),
        layers.averagePooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 7, activation: 'softmax' }),
      ),
  ],
  [
    'moves of axes and means',
    () =>
      chain(
        [4, 6],
        layers.permute({ dims: [2, 1] }),
        layers.dense({ units: 3 }),
        layers.reshape({ targetShape: [9, 2] }),
        layers.globalAveragePooling1d(),
      ),
  ],
])('finds the shapes that the file itself gives: %s', async (_, build) => {
  const { bytes } = await convertLayersModel(build());
  const given = onnx.ModelProto.decode(bytes);
  const bare = onnx.ModelProto.decode(bytes);
  bare.graph!.valueInfo = [];
  expect(shapesOf(bare)).toEqual(shapesOf(given));
  expect(shapesOf(given).every(([, shape]) => shape !== undefined)).toBe(true);
});

it('does not take a missing shape for a scalar', async () => {
  const { bytes } = await convertLayersModel(chain([4], layers.dense({ units: 2 })));
  const proto = onnx.ModelProto.decode(bytes);
  for (const port of [...proto.graph!.input!, ...proto.graph!.output!]) port.type!.tensorType!.shape = null;
  expect(shapesOf(proto)).toEqual([['Gemm', undefined]]);
});

it('leaves shapes of absurd rank alone, and bears axes that are not there', async () => {
  const { bytes } = await convertLayersModel(chain([4], layers.activation({ activation: 'relu' })));
  const proto = onnx.ModelProto.decode(bytes);
  const [input] = proto.graph!.input!;
  const [output] = proto.graph!.output!;
  input!.type!.tensorType!.shape = { dim: Array.from({ length: 1000 }, () => ({ dimValue: 1 })) };
  output!.type!.tensorType!.shape = null;
  expect(shapesOf(proto)).toEqual([['Relu', undefined]]);
  input!.type!.tensorType!.shape = { dim: [{ dimValue: 2 }] };
  const shapes = { Flatten: [2, 1], Concat: [2], Transpose: [2], Gather: undefined, MatMul: undefined };
  for (const [opType, shape] of Object.entries({ ...shapes, MaxPool: undefined, constructor: undefined })) {
    Object.assign(proto.graph!.node![0]!, { opType, attribute: [{ name: 'axis', i: 77, type: 2 }] });
    expect(shapesOf(proto)).toEqual([[opType, shape]]);
  }
});
