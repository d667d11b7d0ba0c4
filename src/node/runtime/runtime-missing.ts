import { findPackage } from '../tensorflow/packages.js';

/** Why a runtime cannot be had on this machine; what asked for it can go on without. */
export class RuntimeMissing extends Error {}

/**
 * For what compares runtimes: where npm has left onnxruntime-node out, `createNodeSession` gives another one.
 *
 * @throws RuntimeMissing
 */
export function requireOnnxRuntimeNode(): void {
  if (!findPackage('onnxruntime-node')) throw new RuntimeMissing('onnxruntime-node is not installed here');
}
