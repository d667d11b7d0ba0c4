import type { TensorInfo } from '../session.js';
import type * as pb from './generated/messages.js';
import { toNumber } from './read.js';
import { type Known, SHAPE_RULES, type Shape } from './shape-rules.js';

/** More axes than any operator works on: such shapes are not worked with, whatever they would cost. */
const MAX_RANK = 64;
const MAX_VALUES = 64;

/**
 * Adds the shapes that follow from those known, for the common operators, where the file gives none.
 *
 * @param types of values, by name; filled.
 */
export function inferShapes(graph: pb.GraphProto, types: Map<string, TensorInfo>): void {
  const values = new Map<string, readonly number[]>();
  const keep = (name: string, tensor: pb.TensorProto | null | undefined) => {
    const numbers = tensor && smallIntegers(tensor);
    if (numbers) values.set(name, numbers);
  };
  for (const tensor of graph.initializer ?? []) keep(tensor.name ?? '', tensor);
  for (const node of graph.node ?? []) {
    const [output] = node.output ?? [];
    if (!output || node.domain) continue;
    if (node.opType === 'Constant') keep(output, attributeOf(node, 'value')?.t);
    if (types.has(output)) continue;
    const known = knownOf(node, types, values);
    const shape = SHAPE_RULES.get(node.opType ?? '')?.(known);
    if (!shape || shape.length > MAX_RANK) continue;
    if (shape.some((dim) => typeof dim === 'number' && !(dim >= 0))) continue;
    types.set(output, { name: output, type: '?', shape });
  }
}

function attributeOf(node: pb.NodeProto, name: string): pb.AttributeProto | undefined {
  return node.attribute?.find((attribute) => attribute.name === name);
}

function knownOf(
  node: pb.NodeProto,
  types: ReadonlyMap<string, TensorInfo>,
  values: ReadonlyMap<string, readonly number[]>,
): Known {
  const inputs = node.input ?? [];
  const shapeOf = (name: string | undefined): Shape => {
    const shape = types.get(name ?? '')?.shape;
    return shape && shape.length <= MAX_RANK ? shape : undefined;
  };
  return {
    op: node.opType ?? '',
    inputCount: inputs.length,
    shape: (index) => shapeOf(inputs[index]),
    isGiven: (index) => Boolean(inputs[index]),
    values: (index) => values.get(inputs[index] ?? ''),
    int: (name, otherwise) => {
      const attribute = attributeOf(node, name);
      return attribute ? toNumber(attribute.i) : otherwise;
    },
    ints: (name) => {
      const ints = attributeOf(node, name)?.ints;
      return ints?.length && ints.length <= MAX_VALUES ? ints.map(toNumber) : undefined;
    },
    word: (name) => String.fromCharCode(...(attributeOf(node, name)?.s?.subarray(0, 20) ?? [])),
    tensorShape: (name) => attributeOf(node, name)?.t?.dims?.map(toNumber),
  };
}

/** The values of a short list of integers: a shape, axes. */
function smallIntegers({ dataType, rawData, int64Data, int32Data }: pb.TensorProto): number[] | undefined {
  const width = dataType === 7 ? 8 : dataType === 6 ? 4 : 0;
  if (width === 0) return undefined;
  if (!rawData?.length) {
    const data = width === 8 ? int64Data : int32Data;
    return data?.length && data.length <= MAX_VALUES ? data.map(toNumber) : undefined;
  }
  if (rawData.length > width * MAX_VALUES) return undefined;
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  return Array.from({ length: Math.floor(rawData.length / width) }, (_, i) =>
    width === 8 ? Number(view.getBigInt64(8 * i, true)) : view.getInt32(4 * i, true),
  );
}
