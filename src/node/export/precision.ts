import type { ConvertedModel } from '../../core/convert/index.js';
import type { Dataset } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import type { ModelPrecision } from '../../core/onnx/precision.js';
import type { Graph } from '../../core/onnx/types.js';
import { HALF_RTOL } from '../../core/parity/bars.js';
import type { Agreement, Difference } from '../../core/parity/differences.js';
import { type CalibrationMethod, toFloat16, toInt8 } from '../../core/quantize/index.js';
import { formatFigure } from '../format/figure.js';
import { formatPercent } from '../format/percent.js';
import type { Reporter } from '../reporter.js';
import { measureAccuracy } from './accuracy.js';
import { type CalibrationData, calibrate } from './calibrate.js';
import { checkHalfRange } from './half-range.js';
import type { Reference } from './reference.js';
import { type Samples, testSamples } from './samples.js';
import { compareOutputs } from './verify.js';

interface PrecisionReportBase {
  readonly precision: ModelPrecision;
  readonly sizeBytes: { readonly fp32: number; readonly reduced: number };
  readonly calibration: { readonly method: CalibrationMethod; readonly data: string } | undefined;
}

/** Of a classifier of 28x28 images. */
export interface AccuracyReport extends PrecisionReportBase {
  readonly measured: 'accuracy';
  readonly images: number;
  readonly dataset: string;
  readonly accuracy: { readonly fp32: number; readonly reduced: number };
  /** In points of accuracy; negative where the reduced model is better. */
  readonly dropPoints: number;
  /** In batches of 250, on the CPU. */
  readonly imagesPerSecond: { readonly fp32: number; readonly reduced: number };
}

/** Of a model whose accuracy cannot be measured here: how far its outputs are from tfjs's. */
export interface DifferenceReport extends PrecisionReportBase {
  readonly measured: 'difference';
  readonly samples: { readonly description: string; readonly count: number; readonly isReal: boolean };
  readonly outputs: readonly (Difference & { readonly name: string })[];
  readonly sameLabels: Agreement | undefined;
  /** Accepted is a difference of up to so much of the largest value of the output; int8 has no such limit. */
  readonly rtol: number | undefined;
}

export type PrecisionReport = AccuracyReport | DifferenceReport;

/** What is made of the fp32 model. */
export type Reduction =
  | { readonly precision: 'fp16'; readonly keepIoTypes: boolean }
  | { readonly precision: 'int8'; readonly method: CalibrationMethod; readonly data: CalibrationData };

export interface PrecisionOptions {
  readonly converted: ConvertedModel;
  readonly reference: Reference;
  readonly reduction: Reduction;
  /** What the model was compared with tfjs on. */
  readonly samples: Samples;
  /** Of a model of 28x28 images. */
  readonly dataset: Dataset | undefined;
  /** With the batch first; null is what a run decides. */
  readonly inputShape: readonly (number | null)[];
  /** The largest loss of accuracy that is accepted, in points. */
  readonly maxDropPoints: number;
  readonly limit?: number | undefined;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the model of lower precision, and measures both on labelled test images where there are any, else how far
 * it is from tfjs.
 *
 * @throws UserError if it loses more accuracy, or in fp16 differs by more, than is accepted, or gives NaN or infinite
 *   numbers.
 */
export async function reducePrecision(
  options: PrecisionOptions,
): Promise<{ bytes: Uint8Array; graph: Graph; report: PrecisionReport }> {
  const { converted, reduction } = options;
  const graph = await reduce(options);
  const bytes = converted.write(graph);
  const inputs = converted.inputs.map((input) => ({ ...input, type: graph.inputs[input.index]!.type }));
  const reduced = { bytes, inputs, outputs: converted.outputs };
  const base: PrecisionReportBase = {
    precision: reduction.precision,
    sizeBytes: { fp32: converted.bytes.length, reduced: bytes.length },
    calibration:
      reduction.precision === 'int8'
        ? { method: reduction.method, data: reduction.data.description }
        : undefined,
  };
  const isClassifier = converted.outputs.some((output) => output.role !== 'value');
  const report =
    options.dataset && isClassifier
      ? await measureDrop(base, reduced, options.dataset, options)
      : await measureDifference(base, reduced, options);
  return { bytes, graph, report };
}

async function reduce({ converted, reduction, samples, reporter, signal }: PrecisionOptions): Promise<Graph> {
  if (reduction.precision === 'fp16') {
    await checkHalfRange(converted, samples);
    return toFloat16(converted.graph, reduction);
  }
  const { method, data } = reduction;
  return toInt8(converted.graph, await calibrate({ converted, data, method, reporter, signal }));
}

type Reduced = Pick<ConvertedModel, 'bytes' | 'inputs' | 'outputs'>;

async function measureDrop(
  base: PrecisionReportBase,
  reduced: Reduced,
  dataset: Dataset,
  { converted, inputShape, limit, maxDropPoints, reporter, signal }: PrecisionOptions,
): Promise<AccuracyReport> {
  const { precision } = base;
  const samples = testSamples(dataset, inputShape, limit);
  reporter.note(`measuring fp32 and ${precision} on ${samples.description}`);
  const { labels } = dataset.test;
  const before = await measureAccuracy({ ...converted, samples, labels, signal });
  const after = await measureAccuracy({ ...reduced, samples, labels, signal });
  const dropPoints = 100 * (before.accuracy - after.accuracy);
  if (!(dropPoints <= maxDropPoints)) {
    throw new UserError(
      `in ${precision} the model loses ${dropPoints.toFixed(2)} points of accuracy (${formatPercent(before.accuracy)} to ${formatPercent(after.accuracy)} on ${samples.description}), more than --max-drop ${maxDropPoints}`,
      { hint: 'No file was written. Try another --calibration, or accept more with --max-drop.' },
    );
  }
  return {
    ...base,
    measured: 'accuracy',
    images: samples.count,
    dataset: dataset.name,
    accuracy: { fp32: before.accuracy, reduced: after.accuracy },
    dropPoints,
    imagesPerSecond: { fp32: before.imagesPerSecond, reduced: after.imagesPerSecond },
  };
}

async function measureDifference(
  base: PrecisionReportBase,
  reduced: Reduced,
  { reference, reduction, samples, reporter, signal }: PrecisionOptions,
): Promise<DifferenceReport> {
  const { description, count, isReal } = samples;
  const { outputs, sameLabels } = await compareOutputs({
    converted: reduced,
    reference,
    samples,
    reporter,
    signal,
  });
  const rtol = base.precision === 'fp16' ? HALF_RTOL : undefined;
  const broken = outputs.find(({ maxDifference }) => !Number.isFinite(maxDifference));
  if (broken) {
    throw new UserError(
      `in ${base.precision} the model gives NaN or infinite numbers in ${broken.name} on ${description}, where tfjs gives none`,
      { hint: 'No file was written. Export with --precision fp32.' },
    );
  }
  const worst = outputs.find(
    ({ maxDifference, maxValue }) => rtol !== undefined && !(maxDifference <= rtol * maxValue),
  );
  if (worst) {
    throw new UserError(
      `in fp16 the model differs from tfjs by ${formatFigure(worst.maxDifference)} in ${worst.name} (values up to ${formatFigure(worst.maxValue)}) on ${description}, more than half precision explains (${formatFigure(rtol! * worst.maxValue)})`,
      {
        hint: 'No file was written. Numbers inside the model may be too large or too small for fp16: export in fp32.',
      },
    );
  }
  if (reduction.precision === 'int8' && !reduction.data.isReal) {
    reporter.warn(
      'int8 was calibrated on random inputs: what it costs on your own data is not known, so measure it there first',
    );
  }
  return {
    ...base,
    measured: 'difference',
    samples: { description, count, isReal },
    outputs,
    sameLabels,
    rtol,
  };
}
