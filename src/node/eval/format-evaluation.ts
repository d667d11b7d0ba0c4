import { printable } from '../../core/printable.js';
import { formatKibibytes } from '../format/kibibytes.js';
import { formatPercent } from '../format/percent.js';
import { table } from '../format/table.js';
import type { Evaluation } from './evaluate.js';
import type { TextScore } from './read-text.js';

/** An evaluation as a page of plain text: where it comes from, the totals, each class, the confusion matrix. */
export function formatEvaluation(evaluation: Evaluation): string {
  const { model, dataset, runtime, classes, count, correct, accuracy, loss, ece, timing } = evaluation;
  const { low, high } = evaluation.accuracyInterval;
  const { skipped = [], texts } = evaluation;
  return [
    `model      ${printable(model.path)} (sha256 ${model.sha256.slice(0, 12)}, ${formatKibibytes(model.sizeBytes)})`,
    `data       ${printable(dataset.name)} ${dataset.split}, ${count} ${texts ? 'digits' : 'images'} (sha256 ${dataset.sha256.slice(0, 12)})`,
    `runtime    ${runtime.name} on ${runtime.device.toUpperCase()}`,
    '',
    `accuracy   ${formatPercent(accuracy)} (${correct} of ${count}), 95% interval ${formatPercent(low)} to ${formatPercent(high)}`,
    ...(skipped.length > 0 ? [`left out   ${skipped.length} images that could not be read`] : []),
    ...(texts && texts.miscounted.pictures > 0 ? [`left out   ${describeMiscounted(texts)}`] : []),
    ...(texts ? [`texts      ${describeTexts(texts)}`] : []),
    `loss       ${loss.toFixed(4)} (of the logits as they are; the probabilities are calibrated)`,
    `ece        ${ece.toFixed(4)} (how far the probabilities are off, on average)`,
    `speed      ${timing.imagesPerSecond} images/s`,
    '',
    ...perClassTable(evaluation),
    '',
    'confusion matrix (rows: true, columns: predicted)',
    ...table([['', ...classes], ...evaluation.confusion.map((row, k) => [classes[k]!, ...row.map(String)])]),
    '',
  ].join('\n');
}

function describeMiscounted({ miscounted: { pictures, digits } }: TextScore): string {
  return `${digits} digits of ${pictures} pictures that were read with another number of digits`;
}

function describeTexts({ count, exact, characters, characterErrors }: TextScore): string {
  const accuracy = formatPercent(1 - characterErrors / characters);
  return `${formatPercent(exact / count)} of several digits read exactly (${exact} of ${count}), ${accuracy} of their characters`;
}

function perClassTable({ classes, perClass }: Evaluation): string[] {
  return table([
    ['class', 'precision', 'recall', 'F1', 'images'],
    ...perClass.map((m, k) => [
      classes[k]!,
      formatPercent(m.precision),
      formatPercent(m.recall),
      formatPercent(m.f1),
      String(m.support),
    ]),
  ]);
}
