import { convertArtifacts } from '../../src/core/convert/index.js';
import { type Problem, UnsupportedLayersError } from '../../src/core/convert/problems.js';

export type LayerJson = readonly [className: string, config?: object];
type Sizes = readonly (number | null)[];

/** Layers in a chain, as model.json has them; each is named as its class. */
export function chainOf(shape: Sizes, ...layers: LayerJson[]) {
  const [first, ...rest] = layers.map(([class_name, config]) => ({
    class_name,
    config: { name: class_name, ...config },
  }));
  const withShape = { ...first, config: { ...first!.config, batch_input_shape: [null, ...shape] } };
  return { class_name: 'Sequential', config: { name: 'chain', layers: [withShape, ...rest] } };
}

/** Layers with the names of those that feed them: inputs are named `input0` and so on, layers as their classes. */
export function graphOf(
  shapes: readonly Sizes[],
  ...layers: (readonly [className: string, config: object, from: readonly string[]])[]
) {
  const inputs = shapes.map((shape, i) => ({
    class_name: 'InputLayer',
    name: `input${i}`,
    config: { name: `input${i}`, batch_input_shape: [null, ...shape], dtype: 'float32' },
    inbound_nodes: [],
  }));
  const fed = layers.map(([class_name, config, from]) => {
    const inbound_nodes = [from.map((name) => [name, 0, 0, {}])];
    return { class_name, name: class_name, config: { name: class_name, ...config }, inbound_nodes };
  });
  return {
    class_name: 'Model',
    config: {
      name: 'graph',
      layers: [...inputs, ...fed],
      input_layers: inputs.map(({ name }) => [name, 0, 0]),
      output_layers: [[fed.at(-1)!.name, 0, 0]],
    },
  };
}

/** One layer of several inputs. */
export function joined(shapes: readonly Sizes[], className: string, config: object = {}) {
  return graphOf(shapes, [className, config, shapes.map((_, i) => `input${i}`)]);
}

/** A layer, or a cell, that another one holds. */
export const inner = (class_name: string, config: object = {}) => ({
  class_name,
  config: { name: 'inner', ...config },
});

/** What of a model cannot be converted. */
export function problemsOf(modelTopology: object): readonly Problem[] {
  try {
    convertArtifacts({ modelTopology });
  } catch (error) {
    if (error instanceof UnsupportedLayersError) return error.problems;
    throw error;
  }
  return [];
}
