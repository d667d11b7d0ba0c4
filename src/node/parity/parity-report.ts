import { basename } from 'node:path';
import type { LabelledImages } from '../../core/dataset/dataset.js';
import { formatFigure } from '../format/figure.js';
import { rasterOf, rasterUrl } from '../plots/raster.js';
import { escapeHtml, htmlList, htmlTable } from '../report/html.js';
import { renderHtmlPage } from '../report/page.js';
import { formatDuration } from '../reporter.js';
import type { ParityPair, ParityResult } from './parity.js';

/** More would make the file large; the JSON names them all. */
const MOST = 100;

/**
 * Renders a comparison of runtimes as one HTML file that asks no network; everything that comes from outside
 * stands in it as text.
 *
 * @param images that were compared, in the order of the results' indices
 */
export async function renderParityReport(result: ParityResult, images: LabelledImages): Promise<string> {
  const { model, dataset, quantity, runtimes, pairs, passed, problems } = result;
  const worst = Math.max(...pairs.map((pair) => pair.maxDifference));
  const name = basename(model.path);
  return renderHtmlPage({
    title: `Parity of ${name}`,
    heading: `${name} in ${runtimes.filter(({ status }) => status === 'ran').length} runtimes`,
    note: `${model.path}, ${model.precision}, sha256 ${model.sha256}; the first ${result.images} test images of ${dataset.name}, sha256 ${dataset.sha256}`,
    summary: htmlList([
      ['result', passed ? 'passed' : `FAILED: ${problems.join('; ')}`],
      [`largest difference of ${quantity}`, formatFigure(worst)],
      ['images', result.images.toLocaleString('en')],
      ['pairs', pairs.length],
    ]),
    sections: [
      ['pairs', 'Each two of them', pairTable(pairs)],
      ['runtimes', 'The runtimes', runtimeTable(result)],
      ['images', 'Images that disagree', await disagreeing(result, images)],
    ],
  });
}

function pairTable(pairs: readonly ParityPair[]): string {
  return htmlTable(
    [
      'one',
      'other',
      'largest difference',
      'mean',
      'accepted',
      'largest value',
      'NaN or infinite',
      'same label',
      'of',
      'result',
    ],
    pairs.map((pair) => [
      pair.first,
      pair.second,
      formatFigure(pair.maxDifference),
      formatFigure(pair.meanDifference),
      formatFigure(pair.atol),
      formatFigure(pair.maxValue),
      pair.notFinite,
      pair.sameLabels.count,
      pair.sameLabels.of,
      pair.passed ? 'ok' : 'FAILED',
    ]),
  );
}

function runtimeTable({ runtimes }: ParityResult): string {
  return htmlTable(
    ['runtime', 'status', 'what it is, or why not', 'images', 'time'],
    runtimes.map(({ name, status, detail, images, durationMs }) => [
      name,
      status,
      detail,
      images,
      status === 'ran' ? formatDuration(durationMs) : '',
    ]),
    { wrap: true },
  );
}

async function disagreeing({ pairs, model }: ParityResult, images: LabelledImages): Promise<string> {
  const all = pairs.flatMap((pair) => pair.disagreeing.map((image) => ({ pair, ...image })));
  if (all.length === 0) return '<p>Every image has the same label in every runtime.</p>';
  const label = (k: number) => escapeHtml(model.classes[k] ?? String(k));
  const cards = all.slice(0, MOST).map(async ({ pair, index, first, second }) => {
    const url = await rasterUrl(rasterOf(images, index), 1);
    return `<figure><img src="${url}" width="28" height="28" alt="image ${index}, a ${label(images.labels[index]!)}">
<figcaption><div>${pair.first}: ${label(first)}</div><div>${pair.second}: ${label(second)}</div><div class="where">no. ${index}, a ${label(images.labels[index]!)}</div></figcaption></figure>`;
  });
  const rest = all.length > MOST ? `<p class="note">The first ${MOST} of ${all.length}.</p>` : '';
  return `${rest}<div class="gallery">${(await Promise.all(cards)).join('\n')}</div>`;
}
