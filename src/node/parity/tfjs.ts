import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { convertSavedModel } from '../export/convert-saved.js';
import { loadReference } from '../export/reference.js';
import { digitSamples, takesDigits } from '../export/samples.js';
import { readSavedModel, type SavedModel } from '../export/saved-model.js';
import { MODEL_DIR } from '../paths.js';
import { RuntimeMissing } from '../runtime/runtime-missing.js';
import { concat, type RuntimeContext, type RuntimeScores } from './runtime-scores.js';

const PRECISION_SUFFIX = /[-_](fp16|int8)$/i;

/** Classifies the images with the tfjs model that the ONNX file was made of. */
export async function classifyWithTfjs(context: RuntimeContext): Promise<RuntimeScores> {
  const { images, onProgress, reporter, signal } = context;
  const saved = await findSavedModel(context);
  const { endsInSoftmax } = convertSavedModel(saved, {});
  const reference = await loadReference(saved.artifacts, { isClassifier: true, endsInSoftmax, reporter });
  try {
    const [inputShape] = reference.inputShapes;
    if (!takesDigits(reference.inputShapes)) throw new RuntimeMissing(`${saved.path} takes no 28x28 images`);
    const description = `${images.count} test images`;
    const logits: Float32Array[] = [];
    const probabilities: Float32Array[] = [];
    let done = 0;
    for (const batch of digitSamples(images, { description, inputShape: inputShape! }).batches()) {
      signal?.throwIfAborted();
      const prediction = reference.predict(batch);
      if (prediction.logits) logits.push(prediction.logits.data);
      probabilities.push(prediction.probabilities!.data);
      done += batch.count;
      onProgress?.(done);
      // tfjs computes without ever giving the event loop a turn, in which Ctrl-C is heard.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return {
      description: reference.description,
      processor: 'cpu',
      logits: logits.length > 0 ? concat(logits) : undefined,
      probabilities: concat(probabilities),
    };
  } finally {
    reference.dispose();
  }
}

/** The given model, or the folder that has the ONNX file's name: beside it, or where `train` puts models. */
async function findSavedModel({ model, tfjsModel, reporter }: RuntimeContext): Promise<SavedModel> {
  if (tfjsModel !== undefined) return readSavedModel(tfjsModel, reporter);
  const stem = model.path.replace(/\.onnx$/i, '');
  const stems = [stem, stem.replace(PRECISION_SUFFIX, '')];
  const folders = [...stems, ...stems.map((path) => join(dirname(MODEL_DIR), basename(path)))];
  const folder = folders.find((path) => existsSync(join(path, 'model.json')));
  if (folder === undefined) {
    throw new RuntimeMissing(`there is no tfjs model at ${stems.at(-1)} (name it with --tfjs)`);
  }
  const saved = await readSavedModel(folder, reporter);
  const { record } = saved;
  const isOther =
    record && model.info.testAccuracy !== undefined && record.test.accuracy !== model.info.testAccuracy;
  if (isOther) throw new RuntimeMissing(`${folder} was trained anew since the ONNX file was made of it`);
  return saved;
}
