import { findPackage } from '../tensorflow/packages.js';

/**
 * Loads onnxruntime-node, told to report nothing: since 1.29 its official builds keep an identifier of the machine
 * and send Microsoft what is run, unless this variable is set before the library starts. Somebody who wants that
 * sets it to 0. Undefined where npm has left the package out because its own install script failed.
 */
export async function importOnnxRuntime(): Promise<typeof import('onnxruntime-node') | undefined> {
  if (!findPackage('onnxruntime-node')) return undefined;
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
  return (await import('onnxruntime-node')).default;
}
