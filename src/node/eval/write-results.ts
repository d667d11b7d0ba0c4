import { join } from 'node:path';
import { writeFileAtomic } from '../files.js';
import type { EvaluationRun } from './evaluate.js';
import { predictionsCsv } from './predictions-csv.js';

/**
 * Writes the figures, `metrics.json`, and the single predictions, `predictions.csv`; returns their paths.
 * The same model and data give the same bytes, but for `timing` at the end of the JSON.
 *
 * @throws UserError if a file cannot be written.
 */
export async function writeFigures(resultsDir: string, run: EvaluationRun): Promise<string[]> {
  const files = {
    'metrics.json': readableJson(run.evaluation),
    'predictions.csv': predictionsCsv(run),
  };
  const paths: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = join(resultsDir, name);
    await writeFileAtomic(path, text);
    paths.push(path);
  }
  return paths;
}

/** JSON with a line a value, but lists of numbers (the rows of the confusion matrix) on one line each. */
export function readableJson(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  return `${json.replace(/\[\n[\d.,\se+-]+\]/g, (list) => list.replace(/\s+/g, ' '))}\n`;
}
