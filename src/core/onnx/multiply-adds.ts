import type { TensorInfo } from '../session.js';
import type * as pb from './generated/messages.js';
import { graphTypes, innerGraphs } from './graph-types.js';
import { toNumber } from './read.js';

type Types = ReadonlyMap<string, TensorInfo>;

/** Operators whose work is the multiply-adds of a kernel; others count as none. */
const KERNELS = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'LSTM', 'GRU', 'RNN']);

/**
 * The multiply-adds of a node for one sample: its kernel's, those within a Scan at each step, nothing for other
 * operators.
 *
 * @returns undefined where a shape that is needed is not known.
 */
export function countMultiplyAdds(node: pb.NodeProto, types: Types): number | undefined {
  if (node.domain) return 0;
  if (!KERNELS.has(node.opType ?? '')) return countWithin(node, types);
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

function countWithin(node: pb.NodeProto, types: Types): number | undefined {
  let once: number | undefined = 0;
  for (const inner of innerGraphs(node)) {
    const innerTypes = graphTypes(inner, types);
    for (const innerNode of inner.node ?? []) {
      const count = countMultiplyAdds(innerNode, innerTypes);
      once = once === undefined || count === undefined ? undefined : once + count;
    }
  }
  if (once === 0) return 0;
  // How often others run what is within them, a run decides.
  const steps = node.opType === 'Scan' ? scanSteps(node, types) : undefined;
  return once === undefined || steps === undefined ? undefined : steps * once;
}

/** The length of the first sequence that a Scan goes along. */
function scanSteps({ input = [], attribute = [] }: pb.NodeProto, types: Types): number | undefined {
  const named = (wanted: string) => attribute.find(({ name }) => name === wanted);
  const sequence = input.at(-toNumber(named('num_scan_inputs')?.i));
  const axis = toNumber(named('scan_input_axes')?.ints?.[0]);
  return known(types.get(sequence ?? '')?.shape.at(axis));
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
