import { classify } from '../../core/classify.js';
import { CORRUPTIONS, corruptImages } from '../../core/corruptions/index.js';
import { type ClassificationMetrics, measureClassification } from '../../core/metrics.js';
import { type Interval, wilsonInterval } from '../../core/statistics.js';
import { csvField } from '../format/csv.js';
import { formatPercent } from '../format/percent.js';
import { table } from '../format/table.js';
import type { Reporter } from '../reporter.js';
import type { OpenModel } from '../runtime/index.js';
import type { TestSet } from './test-set.js';

/** How a model does on images that were made worse. */
export interface Robustness {
  readonly corruption: string;
  /** With its unit. */
  readonly severity: string;
  readonly accuracy: number;
  readonly accuracyInterval: Interval;
}

/** Measures a model on all corruptions of the images, each severity once. */
export async function measureRobustness(options: {
  model: OpenModel;
  testSet: TestSet;
  reporter: Reporter;
  signal?: AbortSignal | undefined;
}): Promise<Robustness[]> {
  const { model, testSet, reporter, signal } = options;
  const { images } = testSet;
  const { classes } = model.info;
  const cases = CORRUPTIONS.flatMap((corruption) =>
    corruption.severities.map((severity) => ({ corruption, severity })),
  );
  const progress = reporter.progress('corrupting', cases.length * images.count);
  const rows: Robustness[] = [];
  for (const [i, { corruption, severity }] of cases.entries()) {
    const label = corruption.describe(severity);
    const pixels = corruptImages(images.pixels, corruption, severity);
    const { logits } = await classify(model.session, model.info, pixels, {
      onProgress: (done) => {
        signal?.throwIfAborted();
        progress.update(i * images.count + done, `${corruption.name} ${label}`);
      },
    });
    const { correct, count, accuracy } = measureClassification(logits, images.labels, classes.length);
    const accuracyInterval = wilsonInterval(correct, count);
    rows.push({ corruption: corruption.name, severity: label, accuracy, accuracyInterval });
  }
  progress.end(`${cases.length} ways`);
  return rows;
}

/** The table of robustness as plain text. */
export function formatRobustness(
  rows: readonly Robustness[],
  { accuracy }: Pick<ClassificationMetrics, 'accuracy'>,
): string {
  const points = (fraction: number) => (100 * fraction).toFixed(2);
  return [
    'robustness: the same images made worse, given to the model as they are',
    ...table([
      ['corruption', 'severity', 'accuracy', 'points lost'],
      ['none', '', formatPercent(accuracy), ''],
      ...rows.map((row) => [
        row.corruption,
        row.severity,
        formatPercent(row.accuracy),
        points(accuracy - row.accuracy),
      ]),
    ]),
    '',
  ].join('\n');
}

/** A row a corruption and severity. */
export function robustnessCsv(rows: readonly Robustness[]): string {
  const lines = rows.map(({ corruption, severity, accuracy, accuracyInterval: { low, high } }) =>
    [corruption, csvField(severity), accuracy, low.toFixed(6), high.toFixed(6)].join(','),
  );
  return `${['corruption,severity,accuracy,low,high', ...lines].join('\n')}\n`;
}
