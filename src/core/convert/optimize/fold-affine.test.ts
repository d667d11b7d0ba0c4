import { describe, expect, it } from 'vitest';
import { type Constant, float, floatConstant, type Graph, type GraphNode } from '../../onnx/types.js';
import { foldAffine } from './fold-affine.js';

const IMAGE = ['N', 2, 3, 3];
const ROW = ['N', 2];

/** Nodes one after the other, `op(parameters)`: x → h0 → h1 ... → y, all values of one shape. */
function chainOf(
  shape: readonly (string | number)[],
  nodes: readonly { op: string; parameters: readonly string[]; attributes?: GraphNode['attributes'] }[],
  constants: Readonly<Record<string, Constant>>,
): Graph {
  const last = nodes.length - 1;
  const built = nodes.map(({ op, parameters, attributes = {} }, i) => ({
    op,
    name: `${op}${i}`,
    inputs: [i === 0 ? 'x' : `h${i - 1}`, ...parameters],
    outputs: [i === last ? 'y' : `h${i}`],
    attributes,
  }));
  return {
    name: 'g',
    inputs: [{ name: 'x', type: 'float32', shape }],
    outputs: [{ name: 'y', type: 'float32', shape }],
    nodes: built,
    constants: new Map(Object.entries(constants)),
    types: new Map(built.map(({ outputs }) => [outputs[0]!, { type: 'float32', shape }])),
  };
}

const values = ({ constants }: Graph, name: string | undefined) => [...(constants.get(name!)?.data ?? [])];
const opsOf = (graph: Graph) => graph.nodes.map(({ op }) => op);
const conv = { op: 'Conv', parameters: ['k', 'b'] };
const gemm = { op: 'Gemm', parameters: ['w', 'b'] };
const KERNEL = { k: floatConstant([2, 2, 1, 1], [1, 2, 3, 4]), b: floatConstant([2], [10, 20]) };
const ROWS = { w: floatConstant([2, 2], [1, 2, 3, 4]), b: floatConstant([2], [10, 20]) };
/** gamma / sqrt(variance + epsilon) is [2, 3], so y = [2x + 5 - 2, 3x + 6 - 9]. */
const normalize = {
  op: 'BatchNormalization',
  parameters: ['gamma', 'beta', 'mean', 'variance'],
  attributes: { epsilon: float(1) },
};
const NORM = {
  gamma: floatConstant([2], [4, 9]),
  beta: floatConstant([2], [5, 6]),
  mean: floatConstant([2], [1, 3]),
  variance: floatConstant([2], [3, 8]),
};

describe('what stands after a convolution goes into it', () => {
  it('normalization: its scale into kernel and bias, its shift into the bias', () => {
    const folded = foldAffine(chainOf(IMAGE, [conv, normalize], { ...KERNEL, ...NORM }));
    expect(folded.nodes).toMatchObject([{ op: 'Conv', inputs: ['x', 'k', 'b'], outputs: ['y'] }]);
    expect(values(folded, 'k')).toEqual([2, 4, 9, 12]);
    expect(values(folded, 'b')).toEqual([10 * 2 + 3, 20 * 3 - 3]);
  });

  it('a convolution without bias gets one, under a name of its own', () => {
    const folded = foldAffine(
      chainOf(IMAGE, [{ op: 'Conv', parameters: ['k'] }, normalize], { ...KERNEL, ...NORM }),
    );
    const [, kernel, bias] = folded.nodes[0]!.inputs;
    expect([kernel, values(folded, kernel)]).toEqual(['k', [2, 4, 9, 12]]);
    expect([bias, values(folded, bias)]).toEqual(['Conv0/bias', [3, -3]]);
  });

  it('one number for all channels, and one number a channel on either side of the operator', () => {
    const constants = { ...KERNEL, two: floatConstant([], [2]), each: floatConstant([2, 1, 1], [1, -1]) };
    const graph = chainOf(
      IMAGE,
      [conv, { op: 'Mul', parameters: ['two'] }, { op: 'Add', parameters: ['each'] }],
      constants,
    );
    const turned = { ...graph, nodes: graph.nodes.map((n) => (n.op === 'Add' ? turn(n) : n)) };
    for (const folded of [foldAffine(graph), foldAffine(turned)]) {
      expect(opsOf(folded)).toEqual(['Conv']);
      expect(values(folded, 'k')).toEqual([2, 4, 6, 8]);
      expect(values(folded, 'b')).toEqual([21, 39]);
    }
  });

  it('a transposed convolution has its output channels second', () => {
    const constants = { k: floatConstant([2, 2, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8]), b: KERNEL.b, ...NORM };
    const folded = foldAffine(
      chainOf(IMAGE, [{ op: 'ConvTranspose', parameters: ['k', 'b'] }, normalize], constants),
    );
    expect(values(folded, 'k')).toEqual([2, 4, 9, 12, 10, 12, 21, 24]);
  });

  it('a kernel that another node uses too is left to it: the folded one is a copy', () => {
    const folded = foldAffine(
      chainOf(IMAGE, [conv, { op: 'Relu', parameters: [] }, conv, normalize], { ...KERNEL, ...NORM }),
    );
    expect(opsOf(folded)).toEqual(['Conv', 'Relu', 'Conv']);
    const [first, , second] = folded.nodes;
    expect(values(folded, first!.inputs[1])).toEqual([1, 2, 3, 4]);
    expect(values(folded, first!.inputs[2])).toEqual([10, 20]);
    expect(values(folded, second!.inputs[1])).toEqual([2, 4, 9, 12]);
  });
});

const turn = (node: GraphNode): GraphNode => ({ ...node, inputs: node.inputs.toReversed() });

describe('what stands before', () => {
  it('a dense layer goes into its rows and its bias', () => {
    const folded = foldAffine(chainOf(ROW, [normalize, gemm], { ...ROWS, ...NORM }));
    expect(folded.nodes).toMatchObject([{ op: 'Gemm', inputs: ['x', 'w', 'b'] }]);
    expect(values(folded, 'w')).toEqual([2, 4, 9, 12]);
    expect(values(folded, 'b')).toEqual([10 + 3 * 1 - 3 * 3, 20 + 3 * 2 - 3 * 4]);
  });

  it('a dense layer without bias gives it one', () => {
    const graph = chainOf(ROW, [normalize, { op: 'Gemm', parameters: ['w'] }], { ...ROWS, ...NORM });
    const folded = foldAffine(graph);
    expect(opsOf(folded)).toEqual(['Gemm']);
    expect(values(folded, folded.nodes[0]!.inputs[2])).toEqual([3 - 9, 6 - 12]);
  });

  it("a dense layer without bias leaves another layer's that has such a name", () => {
    const graph = chainOf(
      ROW,
      [{ op: 'Gemm', parameters: ['w', 'Gemm2/bias'] }, normalize, { op: 'Gemm', parameters: ['w'] }],
      { ...ROWS, 'Gemm2/bias': ROWS.b, ...NORM },
    );
    const folded = foldAffine({ ...graph, outputs: [...graph.outputs, named('h0')] });
    expect(opsOf(folded)).toEqual(['Gemm', 'Gemm']);
    const [first, second] = folded.nodes;
    expect(values(folded, first!.inputs[2])).toEqual([10, 20]);
    expect(values(folded, second!.inputs[2])).toEqual([3 - 9, 6 - 12]);
  });

  it('a convolution goes into it if it only multiplies by one number, which padding bears', () => {
    const half = { op: 'Mul', parameters: ['half'] };
    const folded = foldAffine(chainOf(IMAGE, [half, conv], { ...KERNEL, half: floatConstant([1], [0.5]) }));
    expect(opsOf(folded)).toEqual(['Conv']);
    expect(values(folded, 'k')).toEqual([0.5, 1, 1.5, 2]);
    expect(values(folded, 'b')).toEqual([10, 20]);
  });

  it.each([
    ['adds', 'Add', floatConstant([1], [0.5])],
    ['multiplies each channel by its own number', 'Mul', floatConstant([2, 1, 1], [1, 2])],
  ])('a convolution stays where it %s: padding would not have it', (_, op, c) => {
    const graph = chainOf(IMAGE, [{ op, parameters: ['c'] }, conv], { ...KERNEL, c });
    expect(foldAffine(graph)).toEqual(graph);
  });
});

describe('nothing is folded', () => {
  const scale = { op: 'Mul', parameters: ['c'] };
  const ofImages = (c: Constant) => chainOf(IMAGE, [conv, scale], { ...KERNEL, c });
  const branched = ofImages(floatConstant([1], [2]));
  it.each<[string, Graph]>([
    ['that differs along the width', ofImages(floatConstant([3], [1, 2, 3]))],
    ['that differs from image to image', ofImages(floatConstant([4, 1, 1, 1], [1, 2, 3, 4]))],
    ['of integers', ofImages({ type: 'int32', shape: [1], data: Int32Array.of(2) })],
    ['of more axes than the value has', ofImages(floatConstant([1, 1, 1, 1, 1], [2]))],
    [
      'whose input is an output of the model too',
      { ...branched, outputs: [...branched.outputs, named('h0')] },
    ],
    [
      'whose input another node takes too',
      {
        ...branched,
        nodes: [
          ...branched.nodes,
          { ...branched.nodes[1]!, op: 'Sub', name: 's', inputs: ['h0', 'y'], outputs: ['z'] },
        ],
      },
    ],
    [
      'after what has no kernel',
      chainOf(IMAGE, [{ op: 'Relu', parameters: [] }, scale], { c: floatConstant([1], [2]) }),
    ],
    [
      'of two values that both come from the input',
      chainOf(IMAGE, [conv, { op: 'Add', parameters: ['x'] }], KERNEL),
    ],
    [
      'of a convolution whose kernel is made by the graph',
      chainOf(IMAGE, [{ op: 'Conv', parameters: ['made'] }, scale], { c: floatConstant([1], [2]) }),
    ],
    [
      'of a convolution whose bias is made by the graph',
      chainOf(IMAGE, [{ op: 'Conv', parameters: ['k', 'made'] }, scale], {
        ...KERNEL,
        c: floatConstant([1], [2]),
      }),
    ],
    [
      'of a normalization whose statistics are made by the graph',
      chainOf(IMAGE, [conv, { ...normalize, parameters: ['gamma', 'beta', 'made', 'variance'] }], {
        ...KERNEL,
        ...NORM,
      }),
    ],
  ])('%s', (_, graph) => {
    expect(foldAffine(graph)).toEqual(graph);
  });
});

function named(name: string) {
  return { name, type: 'float32' as const, shape: IMAGE };
}

it('a bias that a fold adds takes no name from the bias of another layer', () => {
  const graph = chainOf(
    IMAGE,
    [{ op: 'Conv', parameters: ['k'] }, normalize, { op: 'Conv', parameters: ['k2', 'Conv0/bias'] }],
    { k: KERNEL.k, ...NORM, k2: KERNEL.k, 'Conv0/bias': floatConstant([2], [100, 200]) },
  );
  const folded = foldAffine(graph);
  const [first, second] = folded.nodes;
  expect(values(folded, first!.inputs[2])).toEqual([3, -3]);
  expect(values(folded, second!.inputs[2])).toEqual([100, 200]);
});
