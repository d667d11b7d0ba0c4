import type { TensorInfo } from '@tensorflow/tfjs';
import { compileWasm, createWasmMemory, instantiateWasm } from '../../web-assembly.js';
import { SIMD_MODULE } from './generated/simd.js';
import type { WasmBackend } from './kernel.js';

/** What simd/training.ts exports: addresses of tensors come first, then sizes. */
export type SimdKernels = Readonly<
  Record<
    | 'adamStep'
    | 'columnSums'
    | 'convolution'
    | 'convolutionFilterGradient'
    | 'convolutionInputGradient'
    | 'countNonZero'
    | 'matrixProduct'
    | 'maxPoolGradient'
    | 'sparseFilterGradient'
    | 'sparseInputGradient',
    (...addressesAndSizes: number[]) => number | undefined
  >
>;

let compiled: object | undefined;
const instances = new WeakMap<WasmBackend, SimdKernels>();

/**
 * Compiles the kernels once for all backends.
 *
 * @throws WebAssembly.CompileError where there is no SIMD.
 */
export function compileSimd(): object {
  compiled ??= compileWasm(SIMD_MODULE);
  return compiled;
}

/** The kernels on one memory. */
function instantiate(memory: object): SimdKernels {
  return instantiateWasm(compileSimd(), { env: { memory } }) as SimdKernels;
}

/**
 * The kernels on a memory of their own, for arrays that lie in no backend's: they are copied in and out.
 *
 * @param pages of 64 KiB
 * @throws WebAssembly.CompileError where there is no SIMD.
 */
export function simdWithMemory(pages: number): { kernels: SimdKernels; buffer: ArrayBuffer } {
  const memory = createWasmMemory(pages);
  return { kernels: instantiate(memory), buffer: memory.buffer };
}

/**
 * Runs a compiled kernel on float32 tensors of the backend, in the backend's own memory: nothing is copied.
 *
 * @param tensors where one is missing, its address is 0
 * @param sizes what the kernel takes after the tensors' addresses
 * @returns what the kernel counts, if anything
 */
export function runSimd(
  backend: WasmBackend,
  kernel: keyof SimdKernels,
  tensors: readonly (TensorInfo | undefined)[],
  sizes: readonly number[],
): number | undefined {
  let kernels = instances.get(backend);
  if (!kernels) {
    kernels = instantiate(backend.wasm.asm.memory);
    instances.set(backend, kernels);
  }
  const addresses = tensors.map((tensor) => (tensor ? backend.typedArrayFromHeap(tensor).byteOffset : 0));
  return kernels[kernel](...addresses, ...sizes);
}
