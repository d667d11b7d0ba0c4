import type { ModelArtifacts } from '../../src/core/convert/artifacts.js';
import { sizeOf } from '../../src/core/onnx/types.js';

/** A layer's class, its settings, and of each call the names of the layers that it takes; `name:call:output` for others than the first. */
export type TypedLayer = readonly [
  className: string,
  config: Readonly<Record<string, unknown>>,
  ...calls: (readonly string[])[],
];

const refOf = (text: string) => {
  const [name, call = 0, output = 0] = text.split(':');
  return [name, Number(call), Number(output)];
};

/** The JSON of a functional model: its layers by name. */
export function functional(
  layers: Readonly<Record<string, TypedLayer>>,
  inputs: readonly string[],
  outputs: readonly string[],
  name = 'model',
) {
  const json = Object.entries(layers).map(([layer, [class_name, config, ...calls]]) => ({
    name: layer,
    class_name,
    config: { name: layer, ...config },
    inbound_nodes: calls.map((call) => call.map((ref) => [...refOf(ref), {}])),
  }));
  return {
    class_name: 'Model',
    config: { name, layers: json, input_layers: inputs.map(refOf), output_layers: outputs.map(refOf) },
  };
}

export const inputOf = (...shape: (number | null)[]): TypedLayer => [
  'InputLayer',
  { batch_input_shape: [null, ...shape], dtype: 'float32' },
];

/** With weights of zeros, of these shapes. */
export function artifacts(
  modelTopology: unknown,
  weights: Readonly<Record<string, readonly number[]>> = {},
): ModelArtifacts {
  const weightSpecs = Object.entries(weights).map(([name, shape]) => ({ name, shape, dtype: 'float32' }));
  const size = weightSpecs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return { modelTopology, weightSpecs, weightData: new Float32Array(size).buffer };
}
