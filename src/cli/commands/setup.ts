import { defineCommand } from '../command.js';
import { outputOptions } from '../options.js';

export const setupCommand = defineCommand({
  name: 'setup',
  summary: 'Make TensorFlow ready for training, natively where possible, and say what was done',
  options: (yargs) =>
    yargs.options({
      backend: {
        choices: ['auto', 'native', 'wasm'] as const,
        default: 'auto' as const,
        describe: 'native: fail rather than go on with WASM; wasm: fetch and build nothing',
      },
      cuda: {
        type: 'boolean',
        default: false,
        describe:
          'also install the CUDA provider of onnxruntime-node (Linux x64, CUDA 12), with its own installer, which downloads from NuGet without checksums',
      },
      'dry-run': {
        type: 'boolean',
        default: false,
        describe: 'say what would be fetched and built, and do nothing',
      },
      'allow-unverified': {
        type: 'boolean',
        default: false,
        describe: "also try tfjs-node's own installer, whose downloads have no checksums",
      },
      yes: { alias: 'y', type: 'boolean', describe: 'changes nothing: setup never asks' },
      ...outputOptions,
    }),
  async run({ backend, cuda, json, dryRun, allowUnverified }, { stdout, reporter, signal }) {
    const { setupTensorFlow } = await import('../../node/tensorflow/setup/setup.js');
    const result = await setupTensorFlow({ backend, dryRun, allowUnverified, reporter, signal });
    const { setupCuda } = await import('../../node/tensorflow/setup/cuda.js');
    const cudaDetail = cuda ? await setupCuda({ dryRun, reporter, signal }) : undefined;
    if (!result) return;
    if (json) stdout.write(`${JSON.stringify({ ...result, cuda: cudaDetail }, null, 2)}\n`);
    else stdout.write(`TensorFlow is ready: ${result.backend} ${result.version}\n`);
  },
});
