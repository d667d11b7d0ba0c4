export type { Finding } from './finding.js';
export { type Inspection, inspectOnnx, type NodeInfo } from './inspect.js';
export { type OnnxModel, readOnnx } from './read.js';
export { DEFAULT_OPSET, MAX_OPSET, MIN_OPSET } from './versions.js';
export { type ModelOptions, writeOnnx } from './write.js';
