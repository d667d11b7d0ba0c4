import { writeFileAtomic } from '../files.js';
import { formatFigure } from '../format/figure.js';
import type { ExportResult } from './export-result.js';
import { formatExport } from './format-export.js';
import type { LayerDifference, Verification } from './verify.js';

/** The part of a result that there is also of an export that failed. */
export interface ReportContent {
  readonly model: string;
  readonly output: string;
  readonly opset: number;
  readonly verification: Verification;
  /** Where a file was written. */
  readonly result: ExportResult | undefined;
}

/**
 * Writes the report of an export as Markdown, and as JSON beside it.
 *
 * @param path of the Markdown file; the JSON file has the same name with `.json`.
 * @returns both paths.
 * @throws UserError if one cannot be written.
 */
export async function writeReport(path: string, content: ReportContent): Promise<string[]> {
  const paths = reportPaths(path);
  await writeFileAtomic(paths[0], formatReport(content));
  await writeFileAtomic(paths[1], `${JSON.stringify(content, nameInfinite, 2)}\n`);
  return paths;
}

/** The Markdown file and the JSON file of a report. */
export function reportPaths(path: string): [string, string] {
  const stem = path.replace(/\.(md|json)$/i, '');
  return [`${stem}.md`, `${stem}.json`];
}

/** An infinite difference, which JSON has no number for and would make null, is the text `Infinity`. */
function nameInfinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

const NO_LAYERS = 'No layer is called exactly once outside a nested model.';

function formatLayers(layers: readonly LayerDifference[], first: LayerDifference | undefined): string[] {
  return [
    '| layer | class | largest difference | largest value |',
    '| --- | --- | ---: | ---: |',
    ...layers.map(({ layer, className, maxDifference, maxValue }) => {
      const mark = layer === first?.layer ? ' (the first that differs)' : '';
      return `| ${layer}${mark} | ${className} | ${formatFigure(maxDifference)} | ${formatFigure(maxValue)} |`;
    }),
  ];
}

export function formatReport({ model, output, opset, verification, result }: ReportContent): string {
  const { samples, reference, runtime, atol, rtol, passed, outputs, sameLabels, layers, firstDifference } =
    verification;
  const accepted = (maxValue: number) => formatFigure(atol + rtol * maxValue);
  const lines = [
    `# Export of ${model}`,
    '',
    passed
      ? `The ONNX model agrees with tfjs${result ? `; it was written to ${output}.` : ', but it was not written.'}`
      : '**The ONNX model differs from tfjs; no file was written.**',
    '',
    `Compared: ${runtime} with ${reference}, on ${samples.description}; opset ${opset}.`,
    `Accepted is a difference of ${formatFigure(atol)} + ${formatFigure(rtol)} · the largest value.`,
    '',
    '| output | largest difference | accepted | largest value |',
    '| --- | ---: | ---: | ---: |',
    ...outputs.map(({ name, maxDifference, maxValue }) => {
      return `| ${name} | ${formatFigure(maxDifference)} | ${accepted(maxValue)} | ${formatFigure(maxValue)} |`;
    }),
    ...(sameLabels ? ['', `Same class on ${sameLabels.count} of ${sameLabels.of} samples.`] : []),
    '',
    `## Layers, on the first ${samples.isReal ? 'images' : 'inputs'}, before the optimizations`,
    '',
    ...(layers.length > 0 ? formatLayers(layers, firstDifference) : [NO_LAYERS]),
    ...(result ? ['', '## File', '', '```', formatExport(result).trimEnd(), '```'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
