import { basename } from 'node:path';
import { inspectOnnx, readOnnx } from '../../core/onnx/index.js';
import type { TrainingRecord } from '../../core/training-record.js';
import type { EvaluationRun } from '../eval/evaluate.js';
import { captionOf } from '../eval/pictures.js';
import type { OpenModel } from '../runtime/index.js';
import { SCRIPT } from './assets.js';
import { mistakeGallery } from './gallery.js';
import { escapeHtml } from './html.js';
import { renderHtmlPage } from './page.js';
import type { ParityRow } from './parity.js';
import * as sections from './sections.js';

export interface ReportOptions {
  readonly run: EvaluationRun;
  readonly model: OpenModel;
  readonly record: TrainingRecord | undefined;
  readonly parity: readonly ParityRow[];
  /** PNG files, by name without ending. */
  readonly pictures: readonly { readonly name: string; readonly png: Uint8Array }[];
}

/** What a picture shows, for those who cannot see it and as its caption. */
const CAPTIONS: Readonly<Record<string, string>> = {
  loss_and_accuracy_plot: 'Loss and accuracy over the epochs of the training',
  sample_digits: 'Samples of the training images, a row a class',
  predictions: 'Images drawn by chance and some mistakes, with what was read and what is true',
  incorrect_predictions: 'The worst mistakes, with the probabilities of the read and the true class',
  confusion_matrix: 'Which class was taken for which, in images and in percent',
  calibration: 'How often predictions of a probability are right, and how many there are',
  filters: 'The kernels of the first convolutions',
  feature_maps: 'What the first convolutions answer to one image',
  saliency: 'Which pixels decided, found by covering them',
};
const TRAINING = ['loss_and_accuracy_plot', 'sample_digits'];

/**
 * Renders the report of an evaluation: one HTML file that needs no network. Everything that comes from
 * outside (names of files and classes, metadata) stands in it as text, and its policy lets no other script run.
 *
 * @throws UserError if the model's file can no longer be read.
 */
export async function renderReport(options: ReportOptions): Promise<string> {
  const { run, model, record, parity } = options;
  const { evaluation } = run;
  const inspection = inspectOnnx(readOnnx(model.bytes, model.path));
  const training = options.pictures.filter(({ name }) => TRAINING.includes(name));
  const results = options.pictures.filter(({ name }) => !TRAINING.includes(name));
  const parts: [id: string, title: string, content: string][] = [
    ['configuration', 'Run configuration', sections.configuration(evaluation, record)],
    ...(training.length > 0 ? [['training', 'Training', training.map(picture).join('\n')] as const] : []),
    ['classes', 'Class by class', sections.perClass(evaluation)],
    ...(results.length > 0 ? [['pictures', 'Pictures', results.map(picture).join('\n')] as const] : []),
    ['mistakes', 'Mistakes', await mistakeGallery(run)],
    ...(evaluation.robustness
      ? [['robustness', 'Robustness', sections.robustness(evaluation)] as const]
      : []),
    ['parity', 'The same model elsewhere', sections.parity(parity)],
    ['layers', 'The model', sections.layers(inspection)],
  ].map(([id, title, content]) => [id!, title!, content!]);
  const name = basename(model.path);
  return renderHtmlPage({
    title: `${name} on ${evaluation.dataset.name}`,
    heading: name,
    note: captionOf(run),
    summary: sections.summary(evaluation),
    sections: parts,
    script: SCRIPT,
  });
}

function picture({ name, png }: ReportOptions['pictures'][number]): string {
  const caption = escapeHtml(CAPTIONS[name] ?? name);
  const data = Buffer.from(png).toString('base64');
  return `<figure class="picture"><img src="data:image/png;base64,${data}" alt="${caption}" loading="lazy"><figcaption class="note">${caption}</figcaption></figure>`;
}
