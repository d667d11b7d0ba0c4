import type { TensorInfo } from '../session.js';
import type * as pb from './generated/messages.js';

type Types = ReadonlyMap<string, TensorInfo>;

/** Operators whose work is not multiply-adds of a kernel: they count as none. */
const KERNELS = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'LSTM', 'GRU', 'RNN']);

/**
 * The multiply-adds of a node for one sample: its kernel's, nothing for other operators.
 *
 * @returns undefined where a shape that is needed is not known.
 */
export function countMultiplyAdds(node: pb.NodeProto, types: Types): number | undefined {
  if (node.domain || !KERNELS.has(node.opType ?? '')) return 0;
  const [x, w, r] = (node.input ?? []).map((name) => types.get(name)?.shape) as (
    | TensorInfo['shape']
    | undefined
  )[];
  const y = types.get(node.output?.[0] ?? '')?.shape;
  if (!w) return undefined;
  switch (node.opType) {
    case 'Conv':
      // Each output number takes the kernel of its channel.
      return y && product(y.slice(1), sizeOf(w.slice(1)));
    case 'ConvTranspose':
      return x && product(x.slice(1), sizeOf(w.slice(1)));
    case 'Gemm':
      return sizeOf(w);
    case 'MatMul':
      return y && product(y.slice(1), known(w.at(-2)));
    default: {
      // Recurrent: both kernels, at each step; X is [T, N, features].
      const steps = known(x?.[0]);
      const [input, recurrent] = [sizeOf(w), r && sizeOf(r)];
      return steps === undefined || input === undefined || recurrent === undefined
        ? undefined
        : steps * (input + recurrent);
    }
  }
}

function known(dim: number | string | undefined): number | undefined {
  return typeof dim === 'number' ? dim : undefined;
}

function sizeOf(shape: TensorInfo['shape']): number | undefined {
  return shape.reduce<number | undefined>(
    (size, dim) => (size === undefined || typeof dim !== 'number' ? undefined : size * dim),
    1,
  );
}

function product(shape: TensorInfo['shape'], factor: number | undefined): number | undefined {
  const size = sizeOf(shape);
  return size === undefined || factor === undefined ? undefined : size * factor;
}
