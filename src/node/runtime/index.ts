export { importOnnxRuntime } from './import-runtime.js';
export { createNodeSession, hasCudaProvider, type NodeSessionOptions } from './node-session.js';
export {
  type OpenModel,
  type OpenOptions,
  openModel,
  openModelBytes,
  resolveModelPath,
} from './open-model.js';
export type { Device, RuntimeSession } from './runtime-session.js';
export { createWebSession } from './web-session.js';
