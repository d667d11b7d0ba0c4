/** What a benchmark measures; the command line reads them without loading a runtime. */
export const BENCHMARKED = ['node', 'wasm', 'browser-wasm', 'browser-webgpu', 'cuda'] as const;
export type BenchmarkedName = (typeof BENCHMARKED)[number];

export const BATCH_SIZES: readonly number[] = [8, 32, 64, 128, 256, 1000];
