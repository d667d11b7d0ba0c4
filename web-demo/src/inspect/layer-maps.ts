import { classifierPorts, toModelInput } from '../../../src/core/classify.js';
import type { ModelInfo } from '../../../src/core/model-info.js';
import { type ConvolutionTap, tapConvolutions } from '../../../src/core/onnx/tap-convolutions.js';
import type { InferenceSession } from '../../../src/core/session.js';

/** What a convolution answered to one image. */
export interface LayerMaps {
  readonly name: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** [channels, height, width], after the activation */
  readonly values: Float32Array;
}

/** More layers than this tell no more. */
const MAX_LAYERS = 8;

/** A model whose convolutions can be looked at. */
export interface TappedModel {
  readonly session: InferenceSession;
  readonly info: ModelInfo;
  readonly taps: readonly ConvolutionTap[];
}

/** @throws UserError as `createSession` does. */
export async function tapModel(
  bytes: Uint8Array,
  info: ModelInfo,
  createSession: (bytes: Uint8Array) => Promise<InferenceSession>,
): Promise<TappedModel> {
  const tapped = tapConvolutions(bytes, MAX_LAYERS);
  return { session: await createSession(tapped.bytes), info, taps: tapped.taps };
}

/**
 * Runs a model on one image and tells what its convolutions answered, first to last.
 *
 * @param pixels [28, 28] uint8, 0 background, 255 ink
 */
export async function layerMaps(
  { session, info, taps }: TappedModel,
  pixels: Uint8Array,
): Promise<LayerMaps[]> {
  if (taps.length === 0) return [];
  const ports = classifierPorts(session, info);
  const answers = await session.run(
    { [ports.input]: toModelInput(pixels, ports, info) },
    taps.map(({ answer }) => answer),
  );
  return taps.map(({ name, answer }) => {
    const { shape, data } = answers[answer]!;
    const [, channels = 0, height = 0, width = 0] = shape;
    // A fixed batch has rows beyond the one image.
    const values = (data as Float32Array).slice(0, channels * height * width);
    return { name, channels, height, width, values };
  });
}
