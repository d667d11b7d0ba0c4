import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoManifest } from '../src/core/demo-manifest.js';

/**
 * Writes a demo's page as an installed package has it: without models, without WebAssembly.
 *
 * @param options.runtimeVersion of onnxruntime-web that the page asks for; by default the installed one
 * @param options.isBuilt whether it has its list of models
 */
export async function writeDemoPage(
  folder: string,
  { runtimeVersion, isBuilt = true }: { runtimeVersion?: string; isBuilt?: boolean } = {},
): Promise<DemoManifest> {
  const installed = JSON.parse(
    await readFile(join(import.meta.dirname, '../node_modules/onnxruntime-web/package.json'), 'utf8'),
  );
  const [model, other] = ['mnist_cnn.onnx', 'mnist_deep.onnx'].map((name) => ({
    name,
    file: `models/${name}?v=1`,
    parity: null,
    sizeBytes: 1,
    testAccuracy: 0.99,
  }));
  const manifest: DemoManifest = {
    keepsOffline: true,
    runtimeVersion: runtimeVersion ?? installed.version,
    models: [model!, other!],
  };
  await mkdir(folder);
  await writeFile(join(folder, 'index.html'), '<!doctype html>the page');
  if (isBuilt) await writeFile(join(folder, 'models.json'), JSON.stringify(manifest));
  return manifest;
}
