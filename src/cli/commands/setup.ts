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
        describe: 'also install the CUDA provider of onnxruntime-node (Linux x64, CUDA 12)',
      },
      ...outputOptions,
    }),
  async run({ backend, cuda, json }, { stdout, reporter, signal }) {
    const { setupTensorFlow } = await import('../../node/tensorflow/setup/setup.js');
    const result = await setupTensorFlow({ backend, reporter, signal });
    const cudaDetail = cuda
      ? await (await import('../../node/tensorflow/setup/cuda.js')).setupCuda({ reporter, signal })
      : undefined;
    if (json) stdout.write(`${JSON.stringify({ ...result, cuda: cudaDetail }, null, 2)}\n`);
    else stdout.write(`TensorFlow is ready: ${result.backend} ${result.version}\n`);
  },
});
