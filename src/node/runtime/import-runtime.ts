import { createRequire } from 'node:module';
import { findPackage } from '../tensorflow/packages.js';
import { refuseTelemetry } from './refuse-telemetry.js';

type OnnxRuntime = typeof import('onnxruntime-node');

/**
 * Loads onnxruntime-node, told to report nothing. Undefined where npm has left the package out because its own install
 * script failed.
 */
export async function importOnnxRuntime(): Promise<OnnxRuntime | undefined> {
  if (!findPackage('onnxruntime-node')) return undefined;
  refuseTelemetry();
  // To import it, Node would first look its names up in the source.
  const ort: OnnxRuntime = createRequire(import.meta.url)('onnxruntime-node');
  keepFloat16AsBits(ort);
  return ort;
}

/** Has onnxruntime-node set itself up while the model is still to come: that takes it longer than to load a small one. */
export async function setUpOnnxRuntime(): Promise<void> {
  const ort = await importOnnxRuntime();
  // It does so for its first session, and even for one that it cannot make.
  await ort?.InferenceSession.create(new Uint8Array(0)).catch(() => {});
}

/**
 * onnxruntime 1.30 puts float16 into a Float16Array where there is one, as in Node 24, but its binding takes such an
 * array for an empty one. What there is it looks up once, at the first tensor.
 */
function keepFloat16AsBits({ Tensor }: OnnxRuntime): void {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
  if (!own) return;
  Reflect.deleteProperty(globalThis, 'Float16Array');
  try {
    new Tensor('uint16', new Uint16Array(1), [1]);
  } finally {
    Object.defineProperty(globalThis, 'Float16Array', own);
  }
}
