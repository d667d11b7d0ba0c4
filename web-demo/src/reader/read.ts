import { classify } from '../../../src/core/classify.js';
import type { GrayImage } from '../../../src/core/image.js';
import type { ModelInfo } from '../../../src/core/model-info.js';
import { predictionOptions, toDigitPrediction, toPrediction } from '../../../src/core/prediction.js';
import {
  type DigitSearch,
  findDigits,
  type ImageReading,
  readSearches,
} from '../../../src/core/read/index.js';
import type { InferenceSession } from '../../../src/core/session.js';
import { asItLies } from '../inspect/as-it-lies.js';
import type { Reading, SeenDigit } from './protocol.js';

/** A model that is ready to run. */
export interface Model {
  readonly session: InferenceSession;
  readonly info: ModelInfo;
}

/**
 * Finds and reads the digits of a picture, with the thresholds of the command line.
 *
 * @param options.model may be on its way still: the digits are found meanwhile
 * @param options.ground the grey value of an even ground, where it is known
 */
export async function read(
  image: GrayImage,
  name: string,
  options: { model: Promise<Model>; isCentred: boolean; ground: number | undefined },
): Promise<Omit<Reading, 'drawMs'>> {
  const { isCentred, ground } = options;
  const started = performance.now();
  const search = findDigits(image, { segment: 'auto', ground });
  const prepareMs = performance.now() - started;
  const model = await options.model;
  const prepared = performance.now();
  const found = await readFound(search, model);
  const { prediction, seen } = isCentred || search.crops.length === 0 ? found : await readWhole(image, model);
  return {
    prediction: { ...prediction, file: name },
    seen,
    centred: isCentred ? undefined : found.prediction,
    width: image.width,
    height: image.height,
    prepareMs,
    runMs: performance.now() - prepared,
  };
}

type Read = Pick<Reading, 'prediction' | 'seen'>;

async function readFound(search: DigitSearch, { session, info }: Model): Promise<Read> {
  const options = { topK: info.classes.length };
  const [reading] = (await readSearches(session, info, [search], options)) as [ImageReading];
  const seen = reading.crops.map((crop, i): SeenDigit => ({ pixels: crop.pixels, ...reading.scoresOf(i) }));
  return { prediction: reading.prediction, seen };
}

/** The whole picture as one digit, as it lies. */
async function readWhole(image: GrayImage, { session, info }: Model): Promise<Read> {
  const pixels = asItLies(image);
  const { logits, probabilities, evidence } = await classify(session, info, pixels);
  const options = predictionOptions(info, { topK: info.classes.length });
  const box = { x: 0, y: 0, width: image.width, height: image.height };
  const prediction = toPrediction(
    '',
    [toDigitPrediction({ probabilities, evidence: evidence[0]! }, box, options)],
    options,
  );
  return { prediction, seen: [{ pixels, logits, probabilities }] };
}
