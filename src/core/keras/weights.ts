import { UserError } from '../errors.js';
import { halfToNumber } from '../onnx/half.js';
import { sizeOf } from '../onnx/types.js';

/** A layer's weight, row-major, in tfjs's axis order. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** How a weight lies in the file: an entry of `weightSpecs`, or of the `weights` of a manifest's group. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: Quantization | undefined;
}

interface Quantization {
  readonly dtype: string;
  readonly scale?: number | undefined;
  readonly min?: number | undefined;
}

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/**
 * Decodes weights that lie one after the other, little endian, quantized ones included
 * (uint8, uint16: value × scale + min; float16: IEEE half).
 *
 * @throws UserError if the specification is damaged or the data is not as long as it says.
 */
export function decodeWeights(specs: unknown, data: Uint8Array): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  let offset = 0;
  for (const spec of checkSpecs(specs)) {
    const stored = spec.quantization?.dtype ?? spec.dtype;
    const bytes = sizeOf(spec.shape) * BYTES[stored]!;
    if (offset + bytes > data.length) {
      throw damaged(`${spec.name} ends at byte ${offset + bytes}, but there are ${data.length}`);
    }
    if (weights.has(spec.name)) throw damaged(`two weights are named ${spec.name}`);
    // Copied, so that it is aligned; slice() of a Node Buffer would be no copy.
    const part = new Uint8Array(data.subarray(offset, offset + bytes));
    weights.set(spec.name, { shape: spec.shape, data: decode(part, stored, spec.quantization) });
    offset += bytes;
  }
  if (offset !== data.length) throw damaged(`there are ${data.length} bytes where ${offset} are described`);
  return weights;
}

function decode(bytes: Uint8Array, dtype: string, quantization: Quantization | undefined): Float32Array {
  const { scale = 1, min = 0 } = quantization ?? {};
  const restore = (value: number) => value * scale + min;
  switch (dtype) {
    case 'float32':
      return new Float32Array(bytes.buffer);
    case 'int32':
      return Float32Array.from(new Int32Array(bytes.buffer));
    case 'float16':
      return Float32Array.from(new Uint16Array(bytes.buffer), halfToNumber);
    case 'uint16':
      return Float32Array.from(new Uint16Array(bytes.buffer), restore);
    default:
      return Float32Array.from(bytes, restore);
  }
}

function checkSpecs(specs: unknown): WeightSpec[] {
  if (!Array.isArray(specs)) throw damaged('their list is missing');
  for (const spec of specs) {
    if (typeof spec?.name !== 'string') throw damaged('one has no name');
    const isShape =
      Array.isArray(spec.shape) &&
      spec.shape.every((n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0);
    if (!isShape || !Number.isSafeInteger(sizeOf(spec.shape)))
      throw damaged(`the shape of ${spec.name} is wrong`);
    const quantization = spec.quantization ?? undefined;
    const stored = quantization?.dtype ?? spec.dtype;
    if (typeof stored !== 'string') throw damaged(`the type of ${spec.name} is missing`);
    if (!Object.hasOwn(BYTES, stored) || (quantization && !['uint8', 'uint16', 'float16'].includes(stored))) {
      throw damaged(`${spec.name} has the type ${stored}, which no layer's weight has`);
    }
    const isScale = quantization === undefined || stored === 'float16';
    if (!isScale && !(Number.isFinite(quantization.scale) && Number.isFinite(quantization.min))) {
      throw damaged(`${spec.name} is quantized without scale and min`);
    }
  }
  return specs;
}

function damaged(detail: string): UserError {
  return new UserError(`the model's weights are damaged: ${detail}`, {
    hint: 'Check that model.json and all its .bin files belong together and were copied whole.',
  });
}
