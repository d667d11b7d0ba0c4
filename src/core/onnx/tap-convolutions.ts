import { onnx } from './generated/codec.js';
import type * as pb from './generated/messages.js';
import { readOnnx } from './read.js';
import { DATA_TYPE } from './types.js';

/** Two more outputs of a model that show what a convolution is and does, both float32. */
export interface ConvolutionTap {
  /** The node's name, as tools give it from the layer's. */
  readonly name: string;
  /** An output: [output channels, input channels, rows, columns]. */
  readonly kernel: string;
  /** An output: what the layer answers, after its activation: [N, channels, rows, columns]. */
  readonly answer: string;
}

const PASSED = new Set([
  ...['BatchNormalization', 'Relu', 'LeakyRelu', 'PRelu', 'Elu', 'Selu', 'Celu', 'Gelu', 'Sigmoid', 'Tanh'],
  ...['Softplus', 'Softsign', 'HardSigmoid', 'HardSwish', 'Clip', 'QuantizeLinear', 'DequantizeLinear'],
]);

/**
 * Adds the kernels and answers of a model's first convolutions to its outputs. The runtime computes them, so
 * that models of any precision show what they are: kernels in 8 bits come out as the numbers that they mean.
 *
 * @param bytes an ONNX file
 * @returns the file with the outputs; without taps where there is no convolution of images.
 * @throws UserError if the file is damaged.
 */
export function tapConvolutions(
  bytes: Uint8Array,
  most: number,
): { bytes: Uint8Array; taps: readonly ConvolutionTap[] } {
  const { proto } = readOnnx(bytes);
  const graph = proto.graph!;
  const nodes = graph.node ?? [];
  const names = new Set(nodes.flatMap((node) => [...(node.input ?? []), ...(node.output ?? [])]));
  const added: pb.NodeProto[] = [];
  const show = (value: string, wanted: string): string => {
    let output = wanted;
    while (names.has(output)) output += '_';
    names.add(output);
    // Cast makes float32 of half precision, and a value of its own of what is an output already.
    const attribute: pb.AttributeProto = { name: 'to', type: 2, i: DATA_TYPE.float32 };
    added.push({ opType: 'Cast', name: output, input: [value], output: [output], attribute: [attribute] });
    return output;
  };
  const consumers = consumersOf(nodes);
  const taps = nodes
    .filter((node) => node.opType === 'Conv' && node.input?.[1] && node.output?.[0])
    .slice(0, most)
    .map((node, i) => ({
      name: node.name?.replace(/\/Conv$/, '') || `Conv ${i + 1}`,
      kernel: show(node.input![1]!, `kernel_${i}`),
      answer: show(activated(consumers, node.output![0]!), `answer_${i}`),
    }));
  const outputs = added.map((node) => ({
    name: node.name!,
    type: { tensorType: { elemType: DATA_TYPE.float32 } },
  }));
  const tapped: pb.ModelProto = {
    ...proto,
    graph: { ...graph, node: [...nodes, ...added], output: [...(graph.output ?? []), ...outputs] },
  };
  return { bytes: new Uint8Array(onnx.ModelProto.encode(tapped).finish()), taps };
}

/** The value behind the activations, where nothing else takes what the convolution gives. */
function activated(consumers: ReadonlyMap<string, readonly pb.NodeProto[]>, value: string): string {
  const seen = new Set<string>();
  let [shown, current] = [value, value];
  // A damaged file may run in a circle.
  while (!seen.has(current)) {
    seen.add(current);
    const [next, ...others] = consumers.get(current) ?? [];
    const output = next?.output?.[0];
    if (!next || !output || others.length > 0 || !PASSED.has(next.opType ?? '') || next.input![0] !== current)
      break;
    current = output;
    // An 8-bit value is no picture: what follows a QuantizeLinear counts once it is dequantized.
    if (next.opType !== 'QuantizeLinear') shown = output;
  }
  return shown;
}

function consumersOf(nodes: readonly pb.NodeProto[]): Map<string, pb.NodeProto[]> {
  const consumers = new Map<string, pb.NodeProto[]>();
  for (const node of nodes) {
    for (const input of new Set(node.input)) {
      const list = consumers.get(input);
      if (list) list.push(node);
      else consumers.set(input, [node]);
    }
  }
  return consumers;
}
