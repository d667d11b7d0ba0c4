import { predictedClasses, worstMistakes } from '../eval/choose-images.js';
import type { EvaluationRun } from '../eval/evaluate.js';
import { formatProbability } from '../plots/mistakes.js';
import { rasterOf, rasterUrl } from '../plots/raster.js';
import { escapeHtml } from './html.js';

/** More would make the file large; the rest is in predictions.csv. */
const MOST = 300;

const ORDERS = [
  ['truth', 'least probable truth first'],
  ['sure', 'surest mistakes first'],
  ['unsure', 'least sure mistakes first'],
  ['label', 'by true and read class'],
  ['index', 'by place in the data'],
] as const;

/** The mistakes as cards, the worst first, with controls to sort and filter them. */
export async function mistakeGallery(run: EvaluationRun): Promise<string> {
  const predicted = predictedClasses(run);
  const worst = worstMistakes(run, predicted);
  if (worst.length === 0) return '<p>Every image was read right.</p>';
  const { classes } = run.evaluation;
  const shown = worst.slice(0, MOST);
  const cards = await Promise.all(shown.map((index) => card(run, index, predicted[index]!)));
  const { labels } = run.testSet.images;
  const occurring = (ids: readonly number[]) => [...new Set(ids)].sort((a, b) => a - b);
  const filter = (name: string, label: string, ids: readonly number[]) => {
    const options = occurring(ids).map((k) => `<option value="${k}">${escapeHtml(classes[k]!)}</option>`);
    return `<label>${label} <select name="${name}"><option value="">any</option>${options.join('')}</select></label>`;
  };
  const orders = ORDERS.map(([value, label]) => `<option value="${value}">${label}</option>`);
  const rest =
    worst.length > MOST
      ? `<p class="note">The worst ${MOST} of ${worst.length} mistakes; all are in predictions.csv.</p>`
      : '';
  return `<div class="controls" hidden>
<label>order <select name="order">${orders.join('')}</select></label>
${filter(
  'actual',
  'true class',
  shown.map((i) => labels[i]!),
)}
${filter(
  'predicted',
  'read as',
  shown.map((i) => predicted[i]!),
)}
<output></output></div>
${rest}<div class="gallery">
${cards.join('\n')}
</div>`;
}

async function card(run: EvaluationRun, index: number, predicted: number): Promise<string> {
  const { classes } = run.evaluation;
  const { images, files } = run.testSet;
  const actual = images.labels[index]!;
  const probability = (k: number) => run.probabilities[index * classes.length + k]!;
  const data = [
    `data-index="${index}" data-actual="${actual}" data-predicted="${predicted}"`,
    `data-truth="${probability(actual).toFixed(9)}" data-sure="${probability(predicted).toFixed(9)}"`,
  ];
  const name = (k: number) => escapeHtml(classes[k]!);
  const line = (kind: string, label: string, k: number) =>
    `<div class="${kind}">${label} ${name(k)}: ${escapeHtml(formatProbability(probability(k)))}</div>`;
  const where = files ? files[index]! : `no. ${index}`;
  return `<figure ${data.join(' ')}><img src="${await rasterUrl(rasterOf(images, index), 1)}" width="28" height="28" alt="a ${name(actual)} read as ${name(predicted)}">
<figcaption>${line('read', '✗ read', predicted)}${line('true', 'true', actual)}<div class="where">${escapeHtml(where)}</div></figcaption></figure>`;
}
