import { argmax } from './metrics.js';
import { softmaxRows } from './softmax.js';

/** How a classifier's logits become probabilities, and from where on its readings are to be relied on. */
export interface Confidence {
  /** Probabilities are the softmax of the logits divided by it (Guo et al. 2017). */
  readonly temperature: number;
  /** Readings of a lower probability are unsure: two digits are alike. */
  readonly minProbability: number;
  /** Readings of a lower evidence are unsure: it may be no digit at all. */
  readonly minEvidence: number;
}

/** For models that say nothing of it. */
export const DEFAULT_CONFIDENCE: Confidence = { temperature: 1, minProbability: 0.65, minEvidence: 0 };

/** Whether something read from a file is a confidence. */
export function isConfidence(value: unknown): value is Confidence {
  const { temperature, minProbability, minEvidence } = (value ?? {}) as Partial<Confidence>;
  const isNotNegative = (n: unknown) => typeof n === 'number' && Number.isFinite(n) && n >= 0;
  return [temperature, minProbability, minEvidence].every(isNotNegative) && temperature! > 0;
}

/** What a classifier says of labelled images: `logits` [N, classCount], `labels` [N]. */
export interface LabelledLogits {
  readonly logits: Float32Array;
  readonly labels: ArrayLike<number>;
}

/**
 * Of the right readings, at most so many may be marked as unsure by each threshold. Chosen so that one image
 * without a digit in twenty is answered with one (`npm run bench -- handwriting`).
 */
const MARKED_BY_PROBABILITY = 0.005;
const MARKED_BY_EVIDENCE = 0.03;

/**
 * Chooses a classifier's confidence on validation images: the temperature with the lowest cross-entropy, then
 * the highest thresholds that mark few of the right readings.
 *
 * @param plain the images as they are, for the temperature
 * @param varied the same images as a user's may look, for the thresholds
 */
export function chooseConfidence({
  plain,
  varied,
  classCount,
}: {
  plain: LabelledLogits;
  varied: LabelledLogits;
  classCount: number;
}): Confidence {
  const temperature = chooseTemperature(plain, classCount);
  const scaled = varied.logits.map((logit) => logit / temperature);
  const probabilities = softmaxRows(scaled, classCount);
  const evidence = evidenceRows(scaled, classCount);
  const right: { probability: number; evidence: number }[] = [];
  for (let i = 0; i < varied.labels.length; i++) {
    const row = probabilities.subarray(i * classCount, (i + 1) * classCount);
    const predicted = argmax(row);
    if (predicted === varied.labels[i]) right.push({ probability: row[predicted]!, evidence: evidence[i]! });
  }
  const threshold = (values: number[], marked: number, step: number) =>
    Math.max(0, Math.floor(lowest(values, marked) / step + 1e-9) * step);
  return {
    temperature: round(temperature),
    minProbability: round(
      threshold(
        right.map((r) => r.probability),
        MARKED_BY_PROBABILITY,
        0.05,
      ),
    ),
    minEvidence: round(
      threshold(
        right.map((r) => r.evidence),
        MARKED_BY_EVIDENCE,
        0.1,
      ),
    ),
  };
}

/** The value below which the share `marked` of all lies; 0 for none. */
function lowest(values: number[], marked: number): number {
  return Float64Array.from(values).sort()[Math.floor(values.length * marked)] ?? 0;
}

/** Found by golden-section search over its logarithm: the cross-entropy has one minimum. */
function chooseTemperature({ logits, labels }: LabelledLogits, classCount: number): number {
  const loss = (logTemperature: number) => {
    const temperature = Math.exp(logTemperature);
    const probabilities = softmaxRows(
      logits.map((logit) => logit / temperature),
      classCount,
    );
    let sum = 0;
    for (let i = 0; i < labels.length; i++)
      sum -= Math.log(Math.max(1e-30, probabilities[i * classCount + labels[i]!]!));
    return sum;
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.1), Math.log(10)];
  const point = (at: number) => ({ at, loss: loss(at) });
  let [left, right] = [point(high - golden * (high - low)), point(low + golden * (high - low))];
  // Of the two points within, one is a point of the next interval too.
  for (let i = 0; i < 30; i++) {
    if (left.loss < right.loss) {
      high = right.at;
      right = left;
      left = point(high - golden * (high - low));
    } else {
      low = left.at;
      left = right;
      right = point(low + golden * (high - low));
    }
  }
  return Math.exp((low + high) / 2);
}

/**
 * How far the best class stands out of all classes: the highest logit less their mean. It is low for what
 * resembles no class, and high also where two classes are alike, which the probability alone cannot tell apart.
 *
 * @param logits [N, classCount], divided by the temperature
 * @returns [N], at least 0
 */
export function evidenceRows(logits: Float32Array, classCount: number): Float32Array {
  const evidence = new Float32Array(logits.length / classCount);
  for (let i = 0, at = 0; i < evidence.length; i++) {
    let highest = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (const end = at + classCount; at < end; at++) {
      highest = Math.max(highest, logits[at]!);
      sum += logits[at]!;
    }
    evidence[i] = highest - sum / classCount;
  }
  return evidence;
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
