import { argmax } from '../../core/metrics.js';
import { createRandom, permutation } from '../../core/random.js';
import type { EvaluationRun } from './evaluate.js';

const SEED = 2026;

/** The predicted class of each image. */
export function predictedClasses({ evaluation, testSet, probabilities }: EvaluationRun): number[] {
  const k = evaluation.classes.length;
  return Array.from({ length: testSet.images.count }, (_, i) =>
    argmax(probabilities.subarray(i * k, (i + 1) * k)),
  );
}

/** Images drawn by chance, the same each time: one of each class in turn, as long as there are any. */
export function drawByChance(labels: Uint8Array, classCount: number, most: number): number[] {
  const order = permutation(labels.length, createRandom(SEED));
  const byClass = Array.from({ length: classCount }, (): number[] => []);
  for (const index of order) byClass[labels[index]!]!.push(index);
  const drawn: number[] = [];
  for (let round = 0; drawn.length < Math.min(most, labels.length); round++) {
    drawn.push(...byClass.flatMap((indices) => indices[round] ?? []));
  }
  return drawn.slice(0, most);
}

/** The mistaken images, those with the least probable truth first. */
export function worstMistakes(
  { evaluation, testSet, probabilities }: EvaluationRun,
  predicted: number[],
): number[] {
  const { labels } = testSet.images;
  const k = evaluation.classes.length;
  const truth = (i: number) => probabilities[i * k + labels[i]!]!;
  return [...labels.keys()]
    .filter((i) => predicted[i] !== labels[i])
    .sort((a, b) => truth(a) - truth(b) || a - b);
}

/** Some of a list, drawn by chance, in the list's order of before. */
export function someOf(list: readonly number[], most: number): number[] {
  const order = permutation(list.length, createRandom(SEED, 1)).subarray(0, most).sort();
  return Array.from(order, (i) => list[i]!);
}

/** The first image of each class that is read right, else the class's first. */
export function oneOfEach(labels: Uint8Array, predicted: readonly number[], classCount: number): number[] {
  return Array.from({ length: classCount }, (_, k) => {
    const right = labels.findIndex((label, i) => label === k && predicted[i] === k);
    return right >= 0 ? right : labels.indexOf(k);
  }).filter((index) => index >= 0);
}
