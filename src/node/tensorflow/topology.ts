/** A layer, or a whole model, as tfjs and Keras 2 serialize it. */
export interface SerializedLayer {
  class_name: string;
  name?: string;
  config: Record<string, unknown>;
  inbound_nodes?: unknown;
}

const MODEL_CLASSES = new Set(['Sequential', 'Model', 'Functional']);

/** The Sequential or functional model in a model.json, its `modelTopology`, or what Keras's `to_json` gives. */
export function findModel(json: unknown): SerializedLayer | undefined {
  for (let value = json; typeof value === 'object' && value !== null; ) {
    const object = value as Partial<SerializedLayer> & { modelTopology?: unknown; model_config?: unknown };
    if (MODEL_CLASSES.has(object.class_name ?? '') && typeof object.config === 'object')
      return object as SerializedLayer;
    value = object.modelTopology ?? object.model_config;
  }
  return undefined;
}

export function layersOf({ config }: SerializedLayer): SerializedLayer[] {
  const layers = Array.isArray(config) ? config : config.layers;
  return Array.isArray(layers) ? layers : [];
}

export function layerName({ name, config }: SerializedLayer): string {
  return name ?? String(config.name);
}

/** The layer that gives a model's one output; undefined where it has several. */
export function outputLayer(model: SerializedLayer): SerializedLayer | undefined {
  const layers = layersOf(model);
  if (model.class_name === 'Sequential') return layers.at(-1);
  const outputs = model.config.output_layers;
  if (!Array.isArray(outputs)) return undefined;
  // A single one may stand without the list around it.
  const refs: unknown[][] = typeof outputs[0] === 'string' ? [outputs] : outputs;
  return refs.length === 1 ? layers.find((layer) => layerName(layer) === refs[0]![0]) : undefined;
}

/** Makes the softmax in which a layer ends linear, in place; false where it ends in none. */
export function removeSoftmax(layer: SerializedLayer): boolean {
  if (layer.class_name === 'Softmax') layer.class_name = 'Activation';
  // That of a recurrent layer stands within its loop.
  else if (!['Dense', 'Activation'].includes(layer.class_name) || layer.config.activation !== 'softmax')
    return false;
  layer.config.activation = 'linear';
  return true;
}

/**
 * A copy of a model's topology that ends in the logits: the softmax of its last layer made linear. Undefined
 * where it does not end in a softmax of its own.
 */
export function endInLogits(topology: unknown): unknown {
  const copy = structuredClone(topology);
  const model = findModel(copy);
  const last = model && outputLayer(model);
  return last?.config && !isShared(last) && removeSoftmax(last) ? copy : undefined;
}

/** Elsewhere in the model a shared layer's softmax is needed. */
function isShared({ inbound_nodes: calls }: SerializedLayer): boolean {
  return Array.isArray(calls) && calls.length > 1;
}
