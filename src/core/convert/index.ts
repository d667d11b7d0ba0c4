import { UserError } from '../errors.js';
import { type ModelArtifacts, type SavableModel, saveToArtifacts } from './artifacts.js';
import { type ConvertedModel, type ConvertOptions, convertArtifacts } from './convert.js';

export type {
  Attribute,
  Constant,
  Dim,
  ElementType,
  Graph,
  GraphNode,
  NamedTensorType,
  Shape,
} from '../onnx/types.js';
export { artifactsFromJson, type ModelArtifacts, type SavableModel, weightPaths } from './artifacts.js';
export { type ConvertedModel, type ConvertOptions, convertArtifacts } from './convert.js';
export { countConverted, formatLayerTable } from './layer-table.js';
export type { OutputKind } from './outputs.js';
export { type Problem, UnsupportedLayersError } from './problems.js';
export { REGISTRY } from './registry.js';
export { type Tap, tapLayers } from './taps.js';
export type { BoundTensor, FeatureOrder, Layout, Value } from './value.js';
export type { LayerTrace } from './walk.js';

/**
 * Converts a `tf.LayersModel`, live or as its artifacts, to ONNX. It needs no TensorFlow itself.
 *
 * @throws UserError if the model is damaged or an option does not fit it.
 * @throws UnsupportedLayersError naming every layer that cannot be converted.
 */
export async function convertLayersModel(
  model: SavableModel | ModelArtifacts,
  options: ConvertOptions = {},
): Promise<ConvertedModel> {
  if (typeof model !== 'object' || model === null) {
    throw new UserError(`a tfjs layers model or its artifacts are needed, not ${model}`, { exitCode: 2 });
  }
  const isLive = typeof (model as Partial<SavableModel>).save === 'function';
  const artifacts = isLive ? await saveToArtifacts(model as SavableModel) : (model as ModelArtifacts);
  return convertArtifacts(artifacts, options);
}
