import { describe, expect, it } from 'vitest';
import { chain, checkParity, tf } from '../../../../test/convert/parity.js';
import {
  type Constant,
  floatConstant,
  type Graph,
  type GraphNode,
  int64Constant,
  ints,
} from '../../onnx/types.js';
import { foldPads } from './fold-pads.js';

const { layers } = tf;
const pad = (padding: unknown = 1, rest: object = {}) =>
  layers.zeroPadding2d({ padding, ...rest } as Parameters<typeof layers.zeroPadding2d>[0]);
const conv = (options: object = {}) => layers.conv2d({ filters: 3, kernelSize: 3, ...options });
const ops = (nodes: readonly GraphNode[]) => nodes.map(({ op }) => op).join(' ');

describe('zeros round an image', () => {
  it.each([
    ['alone', {}, [1, 1, 1, 1]],
    ['before strides, as far as they are read', { strides: 2 }, [1, 1, 0, 1]],
    ['and those of the convolution itself', { padding: 'same' }, [2, 2, 2, 2]],
  ])('become the padding of the convolution behind them: %s', async (_, options, pads) => {
    const { converted } = await checkParity(chain([8, 9, 2], pad(), conv(options)));
    expect(ops(converted.graph.nodes)).toBe('Conv');
    expect(converted.graph.nodes[0]!.attributes.pads).toEqual(ints(pads));
  });

  it('become it on each side by itself, also of a depthwise convolution and with the channels first', async () => {
    const sides = [
      [0, 1],
      [2, 3],
    ];
    const depthwise = chain([8, 9, 2], pad(sides), layers.depthwiseConv2d({ kernelSize: 3 }));
    const { converted } = await checkParity(depthwise);
    expect(converted.graph.nodes[0]!.attributes.pads).toEqual(ints([0, 2, 1, 3]));
    const first = chain(
      [2, 8, 9],
      pad(sides, { dataFormat: 'channelsFirst' }),
      conv({ dataFormat: 'channelsFirst' }),
    );
    expect((await checkParity(first)).converted.graph.nodes[0]!.attributes.pads).toEqual(ints([0, 2, 1, 3]));
  });

  it('stay before a pool, which counts them, and before an activation', async () => {
    expect((await checkParity(chain([8, 8, 2], pad(), layers.maxPooling2d({})))).ops).toContain('Pad');
    const { ops } = await checkParity(
      chain([8, 8, 2], pad(), layers.activation({ activation: 'sigmoid' }), conv()),
    );
    expect(ops).toEqual(['Pad', 'Sigmoid', 'Conv']);
  });

  it('stay for what else takes them', async () => {
    const input = tf.input({ shape: [8, 8, 2] });
    const padded = pad().apply(input) as tf.SymbolicTensor;
    const convolved = conv().apply(padded) as tf.SymbolicTensor;
    const { converted } = await checkParity(tf.model({ inputs: input, outputs: [padded, convolved] }));
    const [first, second] = converted.graph.nodes;
    expect([first!.op, second!.op, second!.inputs[0]]).toEqual(['Pad', 'Conv', 'input']);
  });

  it('stay where they are put round the channels too', () => {
    const node = (op: string, inputs: string[], output: string) => ({
      op,
      name: output,
      inputs,
      outputs: [output],
      attributes: {},
    });
    const graph: Graph = {
      name: 'g',
      inputs: [{ name: 'x', type: 'float32', shape: ['N', 1, 8, 8] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['N', 1, 8, 8] }],
      nodes: [node('Pad', ['x', 'pads'], 'h'), node('Conv', ['h', 'k'], 'y')],
      constants: new Map<string, Constant>([
        ['pads', int64Constant([0, 1, 1, 1, 0, 0, 1, 1])],
        ['k', floatConstant([1, 2, 3, 3], new Float32Array(18))],
      ]),
      types: new Map(),
    };
    expect(foldPads(graph)).toEqual(graph);
  });

  it('stay where the convolution goes along other axes', async () => {
    const turned = chain([8, 9, 4], pad(), layers.permute({ dims: [3, 1, 2] }), conv());
    expect((await checkParity(turned)).ops).toContain('Pad');
  });

  it('stay before a convolution that pads by the size of its image, which a run decides', async () => {
    const model = chain([null, null, 2] as unknown as number[], pad(), conv({ strides: 2, padding: 'same' }));
    expect((await checkParity(model)).ops).toContain('Pad');
  });

  it('stay without optimization', async () => {
    expect((await checkParity(chain([8, 8, 2], pad(), conv()), { optimize: false })).ops).toContain('Pad');
  });
});
