import { classifierPorts, classify } from '../../../src/core/classify.js';
import { DIGIT_CLASSES } from '../../../src/core/dataset/dataset.js';
import { MNIST_PIXELS } from '../../../src/core/image.js';
import { fromMetadata, MNIST_PREPROCESSING, type ModelInfo } from '../../../src/core/model-info.js';
import { readOnnx } from '../../../src/core/onnx/read.js';
import type { InferenceSession } from '../../../src/core/session.js';
import { texts } from '../texts.js';
import { fetchFile } from './fetch-file.js';
import type { ModelSource, ModelSummary, RuntimeKind } from './protocol.js';
import { startSession } from './start-session.js';

export interface LoadedModel {
  readonly bytes: Uint8Array;
  readonly info: ModelInfo;
  readonly session: InferenceSession;
  readonly summary: ModelSummary;
}

/**
 * Loads a classifier of 28x28 images and runs it once.
 *
 * @throws UserError if its file or the runtime is missing, or it does not fit.
 */
export async function loadModel(source: ModelSource, wished: RuntimeKind): Promise<LoadedModel> {
  const started = performance.now();
  const bytes = source.kind === 'file' ? source.bytes : await fetchFile(source.url, texts.errors.files.model);
  const described = fromMetadata(readOnnx(bytes, source.name).metadata);
  const { session, ...runtime } = await startSession(bytes, wished);
  const info = described ?? infoOf(session);
  try {
    classifierPorts(session, info);
    const loaded = performance.now();
    // The first run is slower than those after it; nobody waits for this one.
    await classify(session, info, new Uint8Array(MNIST_PIXELS));
    const times = { loadMs: loaded - started, firstRunMs: performance.now() - loaded };
    const { classes, testAccuracy } = info;
    const summary = {
      name: source.name,
      sizeBytes: bytes.length,
      classes,
      testAccuracy,
      ...runtime,
      ...times,
    };
    return { bytes, info, session, summary };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** What a model without metadata is taken for: its classes are numbered, ten where it does not say how many. */
function infoOf({ outputs }: InferenceSession): ModelInfo {
  const [, count] = outputs.length === 1 ? outputs[0]!.shape : [];
  const isKnown = outputs[0]?.shape.length === 2 && typeof count === 'number' && count > 1;
  const classes = isKnown ? Array.from({ length: count }, (_, i) => String(i)) : DIGIT_CLASSES;
  return { classes, preprocessing: MNIST_PREPROCESSING };
}
