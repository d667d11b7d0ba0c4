export { ACTIVATIONS, type Activation } from './activations.js';
export { type KerasLayer, LAYER_SCHEMAS, type LayerClass } from './layer-schemas.js';
export { type KerasModel, type ModelLayer, parseTopology } from './topology.js';
export { decodeWeights, type Weight, type WeightSpec } from './weights.js';
