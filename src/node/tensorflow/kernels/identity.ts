import type { TrainingKernel, WasmBackend } from './kernel.js';

/** A tensor of the same data. The backend's own kernel copies it, for each tensor that a gradient needs later. */
export const identity: TrainingKernel = {
  kernelName: 'Identity',
  make: (_tf, replaced) => (params) => {
    const { dataId, shape, dtype } = params.inputs.x!;
    if (dtype === 'string') return replaced!(params);
    (params.backend as WasmBackend).incRef(dataId);
    return { dataId, shape, dtype };
  },
};
