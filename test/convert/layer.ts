import { LayerContext } from '../../src/core/convert/context.js';
import type { Refusal } from '../../src/core/convert/problems.js';
import { REGISTRY } from '../../src/core/convert/registry.js';
import type { Layout, Value } from '../../src/core/convert/value.js';
import { type LayerClass, readLayer } from '../../src/core/keras/layer-schemas.js';
import type { Weight } from '../../src/core/keras/weights.js';
import { GraphBuilder } from '../../src/core/onnx/builder.js';
import { type ElementType, type Shape, sizeOf } from '../../src/core/onnx/types.js';

export interface GivenInput {
  readonly shape: Shape;
  readonly layout?: Layout;
  readonly type?: ElementType;
}

/** A layer alone, as its saved settings say it, with weights of zeros: what its converter makes of its inputs. */
export function convertLayer(
  className: LayerClass,
  config: Readonly<Record<string, unknown>>,
  inputs: readonly (GivenInput | Shape)[],
  weights: Readonly<Record<string, readonly number[]>> = {},
  opset = 21,
) {
  const graph = new GraphBuilder();
  const weight = (name: string): Weight | undefined => {
    const shape = weights[name];
    return shape && { shape, data: new Float32Array(sizeOf(shape)) };
  };
  const context = new LayerContext(graph, 'layer', opset, weight);
  const values = inputs.map((input, i): Value => {
    const {
      shape,
      layout = 'plain',
      type = 'float32',
    }: GivenInput = 'shape' in input ? input : { shape: input };
    return { name: graph.input(`x${i}`, { type, shape }), type, shape, layout };
  });
  const entry = REGISTRY[className] as {
    convert(layer: unknown, inputs: readonly Value[], context: LayerContext): Value | readonly Value[];
  };
  const result = entry.convert(readLayer('layer', className, config), values, context);
  const outputs = Array.isArray(result) ? (result as readonly Value[]) : [result as Value];
  const built = graph.build('g', []);
  return {
    output: outputs[0]!,
    outputs,
    nodes: built.nodes,
    ops: built.nodes.map(({ op }) => op),
    /** Of each constant, its numbers, by name. */
    constants: Object.fromEntries(
      [...built.constants].map(([name, { data }]) => [name, [...data].map(Number)]),
    ),
  };
}

/** Why a layer is refused; undefined where it is not. */
export function refusalOf(...given: Parameters<typeof convertLayer>): string | undefined {
  try {
    convertLayer(...given);
  } catch (error) {
    return (error as Refusal).message;
  }
  return undefined;
}
