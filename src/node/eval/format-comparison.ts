import { printable } from '../../core/printable.js';
import { formatKibibytes } from '../format/kibibytes.js';
import { formatPercent } from '../format/percent.js';
import { table } from '../format/table.js';
import type { Comparison } from './compare.js';

/** A comparison as a page of plain text: the models side by side, then each pair. */
export function formatComparison({ dataset, count, models, pairs }: Comparison): string {
  const letter = (i: number) => String.fromCharCode(65 + (i % 26));
  return [
    `data  ${printable(dataset.name)} ${dataset.split}, ${count} images (sha256 ${dataset.sha256.slice(0, 12)})`,
    '',
    ...table([
      ['model', 'accuracy', '95% interval', 'loss', 'ECE', 'size', 'images/s'],
      ...models.map((m, i) => [
        `${letter(i)}  ${m.model.path}`,
        formatPercent(m.accuracy),
        `${formatPercent(m.accuracyInterval.low)} to ${formatPercent(m.accuracyInterval.high)}`,
        m.loss.toFixed(4),
        m.ece.toFixed(4),
        formatKibibytes(m.model.sizeBytes),
        String(m.timing.imagesPerSecond),
      ]),
    ]),
    '',
    "McNemar's test: p is the probability of so uneven a split if both models were equally good",
    ...table([
      ['pair', 'same class', 'only first right', 'only second right', 'p', ''],
      ...pairs.map((pair) => [
        `${letter(pair.first)} - ${letter(pair.second)}`,
        `${pair.sameClass} of ${count}`,
        String(pair.onlyFirst),
        String(pair.onlySecond),
        pair.pValue < 0.0001 ? '<0.0001' : pair.pValue.toFixed(4),
        pair.pValue < 0.05 ? 'they differ' : 'may be chance',
      ]),
    ]),
    '',
  ].join('\n');
}
