import { printable } from '../../core/printable.js';
import { formatFigure } from '../format/figure.js';
import { table } from '../format/table.js';
import type { ParityPair, ParityResult } from './parity.js';

/** Images that disagree, of each pair; the report and the JSON name them all. */
const LISTED = 5;

/** A comparison of runtimes as a page of plain text. */
export function formatParity(result: ParityResult): string {
  const { model, dataset, images, quantity, runtimes, pairs } = result;
  return [
    `model   ${printable(model.path)} (${model.precision}, sha256 ${model.sha256.slice(0, 12)})`,
    `images  ${images} test images of ${printable(dataset.name)} (sha256 ${dataset.sha256.slice(0, 12)})`,
    '',
    ...runtimes.map(
      ({ name, status, detail, images: count }) =>
        `${name.padEnd(14)}  ${status === 'ran' ? `${printable(detail)}, ${count} images` : `${status}: ${printable(detail)}`}`,
    ),
    '',
    ...table([
      ['pair', 'largest difference', 'mean', 'accepted', 'same label', ''],
      ...pairs.map((pair) => [
        `${pair.first} - ${pair.second}`,
        formatFigure(pair.maxDifference),
        formatFigure(pair.meanDifference),
        formatFigure(pair.atol),
        `${pair.sameLabels.count} of ${pair.sameLabels.of}`,
        pair.passed ? 'ok' : 'FAILED',
      ]),
    ]),
    ...pairs.flatMap(formatNotFinite),
    ...pairs.flatMap((pair) => formatDisagreeing(pair, result)),
    '',
    result.passed ? 'passed' : `FAILED: ${result.problems.join('; ')}`,
    `differences are of ${quantity}${barNote(result)}`,
    '',
  ].join('\n');
}

function formatNotFinite({ first, second, notFinite }: ParityPair): string[] {
  if (notFinite === 0) return [];
  const what = notFinite === 1 ? '1 score is NaN or infinite' : `${notFinite} scores are NaN or infinite`;
  return [`${first} - ${second}: ${what}`];
}

function formatDisagreeing({ first, second, disagreeing }: ParityPair, { model }: ParityResult): string[] {
  if (disagreeing.length === 0) return [];
  const shown = disagreeing
    .slice(0, LISTED)
    .map((image) => `no. ${image.index} (${model.classes[image.first]} and ${model.classes[image.second]})`);
  const rest = disagreeing.length > LISTED ? ` and ${disagreeing.length - LISTED} more` : '';
  return [`${first} - ${second} disagree on ${printable(shown.join(', '))}${rest}`];
}

/** Where fewer than all labels must be the same. */
function barNote({ model, pairs }: ParityResult): string {
  const least = Math.min(...pairs.map((pair) => pair.minAgreement));
  return least === 1
    ? ''
    : `; ${model.precision} models may differ in up to ${formatFigure(100 * (1 - least))}% of the labels`;
}
