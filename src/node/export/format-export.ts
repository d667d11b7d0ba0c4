import { formatFigure } from '../format/figure.js';
import { formatKibibytes } from '../format/kibibytes.js';
import { formatPercent } from '../format/percent.js';
import type { ExportResult } from './export-result.js';
import type { PrecisionReport } from './precision.js';

/** What an export did, as a few lines of text. */
export function formatExport(result: ExportResult): string {
  const { output, sizeBytes, opset, nodes, parameters, inputs, outputs, verification } = result;
  const { samples, reference, runtime, sameLabels } = verification;
  const size = `${formatKibibytes(sizeBytes)}, opset ${opset}, ${nodes} nodes, ${parameters} parameters`;
  const lines: [string, string][] = [
    ['file', `${output} (${size})`],
    ['input', inputs.map(formatTensor).join(', ')],
    ['output', outputs.map(formatTensor).join(', ')],
    ['compared', `${runtime} with ${reference}, on ${samples.description}`],
  ];
  if (verification.outputs.length > 0) lines.push(['difference', formatDifferences(verification)]);
  if (sameLabels) {
    const { count, of } = sameLabels;
    lines.push(['labels', `the same on ${count} of ${of} (${formatShare(count / of)})`]);
  }
  if (result.precision) lines.push(['precision', formatPrecision(result.precision)]);
  if (result.triton) lines.push(['Triton', `${result.triton.path}, version ${result.triton.version}`]);
  return `${lines.map(([key, value]) => `${`${key}:`.padEnd(12)}${value}`).join('\n')}\n`;
}

/** `input float32[N, 1, 28, 28]` */
export function formatTensor({ name, type, shape }: ExportResult['inputs'][number]): string {
  return `${name} ${type}[${shape.join(', ')}]`;
}

function formatDifferences({ outputs, atol, rtol }: ExportResult['verification']): string {
  const parts = outputs.map(({ name, maxDifference, maxValue }) => {
    const accepted = formatFigure(atol + rtol * maxValue);
    return `${name} ${formatFigure(maxDifference)} (accepted ${accepted}; values up to ${formatFigure(maxValue)})`;
  });
  return `at most ${parts.join(', ')}`;
}

function formatPrecision(report: PrecisionReport): string {
  const { precision, sizeBytes, calibration } = report;
  const size = `${((100 * sizeBytes.reduced) / sizeBytes.fp32).toFixed(0)}% of the size`;
  const how = calibration ? `, calibrated on ${calibration.data} (${calibration.method})` : '';
  if (report.measured === 'accuracy') {
    const { accuracy, imagesPerSecond } = report;
    const speed = `${imagesPerSecond.reduced} images/s (fp32: ${imagesPerSecond.fp32})`;
    return `${precision}: accuracy ${formatPercent(accuracy.reduced)} (fp32: ${formatPercent(accuracy.fp32)}), ${size}, ${speed}${how}`;
  }
  const { outputs, rtol, samples, sameLabels } = report;
  const differences = outputs.map(({ name, maxDifference, maxValue }) => {
    const accepted = rtol === undefined ? '' : `accepted ${formatFigure(rtol * maxValue)}; `;
    return `${name} ${formatFigure(maxDifference)} (${accepted}values up to ${formatFigure(maxValue)})`;
  });
  const labels = sameLabels ? `, the same label on ${sameLabels.count} of ${sameLabels.of}` : '';
  return `${precision}: ${size}, differs from tfjs by at most ${differences.join(', ')}${labels}, on ${samples.description}${how}`;
}

/** Only what is all is 100%. */
function formatShare(fraction: number): string {
  const rounded = (100 * fraction).toFixed(2);
  return fraction === 1 ? '100%' : `${rounded === '100.00' ? '99.99' : rounded}%`;
}
