/** The ways in which one model is run; the command line reads them without loading a runtime. */
export const RUNTIMES = ['tfjs', 'node', 'wasm', 'browser-wasm', 'browser-webgpu', 'cuda'] as const;
export type RuntimeName = (typeof RUNTIMES)[number];
