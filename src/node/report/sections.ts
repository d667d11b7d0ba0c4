import type { Inspection } from '../../core/onnx/index.js';
import type { TrainingRecord } from '../../core/training-record.js';
import type { Evaluation } from '../eval/evaluate.js';
import { formatKibibytes } from '../format/kibibytes.js';
import { formatPercent } from '../format/percent.js';
import { htmlList, htmlTable } from './html.js';
import type { ParityRow } from './parity.js';

export function summary(evaluation: Evaluation): string {
  const { accuracyInterval: interval, correct, count, loss, ece, model, runtime, timing } = evaluation;
  return htmlList([
    ['accuracy', formatPercent(evaluation.accuracy)],
    ['95% interval', `${formatPercent(interval.low)} to ${formatPercent(interval.high)}`],
    ['right', `${correct.toLocaleString('en')} of ${count.toLocaleString('en')}`],
    ['loss (cross-entropy)', loss.toFixed(4)],
    ['expected calibration error', formatPercent(ece)],
    ['size', formatKibibytes(model.sizeBytes)],
    ['speed', `${timing.imagesPerSecond.toLocaleString('en')} images/s`],
    ['runtime', `${runtime.name} on ${runtime.device.toUpperCase()}`],
  ]);
}

export function configuration(evaluation: Evaluation, record: TrainingRecord | undefined): string {
  const { dataset, model, versions } = evaluation;
  const measured = [
    ['model file', model.path],
    ['model sha256', model.sha256],
    ['measured on', `${dataset.name} ${dataset.split}`],
    ['data sha256', dataset.sha256],
    ...Object.entries(versions).map(([name, version]) => [`${name} (measured)`, version]),
  ];
  const trained = record
    ? [
        ...Object.entries(record.config).map(([name, value]) => [name, String(value)]),
        ['trained on', `${record.dataset.name} (sha256 ${record.dataset.sha256.slice(0, 12)})`],
        [
          'images',
          `${record.split.training} training, ${record.split.validation} validation, ${record.split.test} test`,
        ],
        ['backend', record.backend],
        ['parameters', record.parameterCount.toLocaleString('en')],
        ['best epoch', `${record.bestEpoch} of ${record.history.length}`],
        ...Object.entries(record.versions).map(([name, version]) => [`${name} (training)`, String(version)]),
      ]
    : [];
  const note = record
    ? ''
    : '<p class="note">No record of this model’s training lies beside it: only what was measured is known.</p>';
  return (
    note + htmlTable(['setting', 'value'], [...trained, ...measured] as [string, string][], { wrap: true })
  );
}

export function perClass({ classes, perClass, topConfusions }: Evaluation): string {
  const rows = perClass.map((m, k) => [
    classes[k]!,
    formatPercent(m.precision),
    formatPercent(m.recall),
    formatPercent(m.f1),
    m.support,
  ]);
  const confusions = topConfusions.map((c) => [c.actual, c.predicted, c.count, formatPercent(c.share)]);
  const none = '<p>No image was mistaken.</p>';
  return `${htmlTable(['class', 'precision', 'recall', 'F1', 'images'], rows)}
<h3>Most frequent mistakes</h3>
${confusions.length > 0 ? htmlTable(['true', 'read as', 'images', 'of the class'], confusions) : none}`;
}

export function robustness({ robustness: rows = [], accuracy }: Evaluation): string {
  return htmlTable(
    ['corruption', 'severity', 'accuracy', 'points lost'],
    [
      ['none', '', formatPercent(accuracy), ''],
      ...rows.map((row) => [
        row.corruption,
        row.severity,
        formatPercent(row.accuracy),
        (100 * (accuracy - row.accuracy)).toFixed(2),
      ]),
    ],
  );
}

export function parity(rows: readonly ParityRow[]): string {
  if (rows.length === 0) return '<p>The model was not compared with another runtime.</p>';
  return htmlTable(
    ['one', 'other', 'largest difference', 'same class', 'images'],
    rows.map((row) => [
      row.first,
      row.second,
      `${row.maxDifference.toExponential(2)} (${row.output})`,
      row.sameClass,
      row.images,
    ]),
    { wrap: true },
  );
}

export function layers({ nodes, totals, inputs, outputs, opsets, producer, metadata }: Inspection): string {
  const shape = (dims: readonly (number | string)[] | undefined) => (dims ? `[${dims.join(', ')}]` : '');
  const port = (info: Inspection['inputs'][number]) => `${info.name} ${info.type} ${shape(info.shape)}`;
  const facts = htmlList([
    ['inputs', inputs.map(port).join('; ')],
    ['outputs', outputs.map(port).join('; ')],
    ['opset', Object.values(opsets).join(', ')],
    ['producer', producer || 'unknown'],
    ['parameters', totals.parameters.toLocaleString('en')],
    ['multiply-adds', totals.multiplyAdds.toLocaleString('en')],
  ]);
  const table = htmlTable(
    ['node', 'operator', 'output', 'parameters', 'multiply-adds'],
    nodes.map((node) => [
      node.name,
      node.op,
      shape(node.outputs[0]?.shape),
      node.parameters.toLocaleString('en'),
      node.multiplyAdds?.toLocaleString('en') ?? '',
    ]),
  );
  const short = (value: string) => (value.length > 200 ? `${value.slice(0, 200)}…` : value);
  const entries = Object.entries(metadata).map(([key, value]): [string, string] => [key, short(value)]);
  return `${facts}\n<h3>Nodes</h3>\n${table}${entries.length > 0 ? `\n<h3>Metadata</h3>\n${htmlTable(['key', 'value'], entries, { wrap: true })}` : ''}`;
}
