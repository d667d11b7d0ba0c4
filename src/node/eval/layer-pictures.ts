import { classifierPorts, toModelInput } from '../../core/classify.js';
import { tapConvolutions } from '../../core/onnx/tap-convolutions.js';
import type { Planes } from '../plots/channels.js';
import type { KernelLayer } from '../plots/filters.js';
import { createNodeSession, type OpenModel } from '../runtime/index.js';

/** What a model's first convolutions are, and what they answer to one image. */
export interface Layers {
  readonly kernels: readonly KernelLayer[];
  readonly answers: readonly (Planes & { readonly name: string })[];
}

const MOST = 2;

/**
 * Runs a model on one image with its first convolutions as further outputs; undefined where it has none of
 * two dimensions.
 *
 * @param pixels [28, 28] uint8
 */
export async function readLayers(model: OpenModel, pixels: Uint8Array): Promise<Layers | undefined> {
  const { bytes, taps } = tapConvolutions(model.bytes, MOST);
  if (taps.length === 0) return undefined;
  const session = await createNodeSession(bytes, { device: 'cpu' });
  try {
    const ports = classifierPorts(session, model.info);
    const results = await session.run({ [ports.input]: toModelInput(pixels, ports, model.info) });
    const found = taps.filter((tap) => results[tap.kernel]!.shape.length === 4);
    if (found.length === 0) return undefined;
    return {
      kernels: found.map(({ name, kernel }) => {
        const [outputs, inputs, height, width] = results[kernel]!.shape as [number, number, number, number];
        return { name, outputs, inputs, height, width, data: results[kernel]!.data as Float32Array };
      }),
      answers: found.map(({ name, answer }) => {
        const [, count, height, width] = results[answer]!.shape as [number, number, number, number];
        const planes = (results[answer]!.data as Float32Array).subarray(0, count * height * width);
        return { name, count, height, width, data: planes };
      }),
    };
  } finally {
    await session.release();
  }
}
