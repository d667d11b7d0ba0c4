interface LayerJson {
  class_name?: string;
  name?: string;
  config?: { name?: string; activation?: unknown; [key: string]: unknown };
}

/**
 * A copy of a model's topology that ends in the logits: the softmax of its last layer made linear. Undefined
 * where it does not end in a softmax of its own.
 */
export function endInLogits(topology: unknown): unknown {
  const copy = structuredClone(topology) as { model_config?: LayerJson } & LayerJson;
  const { config } = copy.model_config ?? copy;
  const layers = (Array.isArray(config) ? config : config?.layers) as LayerJson[] | undefined;
  const outputs = config?.output_layers as [string][] | undefined;
  if (!layers || (outputs && outputs.length !== 1)) return undefined;
  const nameOf = (layer: LayerJson) => layer.name ?? layer.config?.name;
  const last = outputs ? layers.find((layer) => nameOf(layer) === outputs[0]![0]) : layers.at(-1);
  if (!last?.config) return undefined;
  const isSoftmax =
    ['Dense', 'Activation'].includes(last.class_name ?? '') && last.config.activation === 'softmax';
  if (last.class_name === 'Softmax') last.class_name = 'Activation';
  else if (!isSoftmax) return undefined;
  last.config.activation = 'linear';
  return copy;
}
