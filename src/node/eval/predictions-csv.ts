import { argmax } from '../../core/metrics.js';
import { csvField } from '../format/csv.js';
import type { EvaluationRun } from './evaluate.js';

/**
 * A row an image: index, (file,) true and predicted class, the predicted class's probability, and those of
 * all classes in their order.
 */
export function predictionsCsv({ evaluation, testSet, probabilities }: EvaluationRun): string {
  const { classes } = evaluation;
  const { images, files } = testSet;
  const head = ['index', ...(files ? ['file'] : []), 'true', 'predicted', 'probability'];
  const lines = [[...head, ...classes.map((name) => `p_${name}`)].map(csvField).join(',')];
  for (let i = 0; i < images.count; i++) {
    const row = probabilities.subarray(i * classes.length, (i + 1) * classes.length);
    const predicted = argmax(row);
    const names = [...(files ? [files[i]!] : []), classes[images.labels[i]!]!, classes[predicted]!];
    // Six decimals: float32 holds no more, and runtimes differ beyond.
    const numbers = [row[predicted]!, ...row].map((p) => Number(p.toFixed(6)));
    lines.push([String(i), ...names.map(csvField), ...numbers].join(','));
  }
  return `${lines.join('\n')}\n`;
}
