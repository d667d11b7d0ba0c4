import { join } from 'node:path';
import type { ConvertedModel } from '../../core/convert/index.js';
import { UserError } from '../../core/errors.js';
import { DEFAULT_OPSET } from '../../core/onnx/index.js';
import type { CalibrationMethod } from '../../core/quantize/index.js';
import { assertWritable, writeFileAtomic } from '../files.js';
import { formatFigure } from '../format/figure.js';
import { sha256Of } from '../hash.js';
import { RESULTS_DIR } from '../paths.js';
import {
  type ChosenSamples,
  chooseCalibration,
  chooseSamples,
  type SampleOptions,
} from './choose-samples.js';
import { type ConvertSavedOptions, convertSavedModel } from './convert-saved.js';
import type { ExportResult } from './export-result.js';
import { type Reduction, reducePrecision } from './precision.js';
import { loadReference } from './reference.js';
import { type ReportContent, reportPaths, writeReport } from './report.js';
import { readSavedModel, type SavedModel } from './saved-model.js';
import { tritonName, tritonProbe, writeTritonModel } from './triton.js';
import { type Verification, verify } from './verify.js';

/** What `exportModel` converts, compares and writes; `atol`, `rtol`, `dataset` and `reporter` must be given. */
export interface ExportOptions extends ConvertSavedOptions, SampleOptions {
  /** The ONNX file; by default `models/NAME.onnx`, after the model's folder. */
  readonly output?: string | undefined;
  /** A folder or a model.json. */
  readonly model?: string | undefined;
  /** Accepted is a difference from tfjs of up to atol + rtol · the largest value of the output. */
  readonly atol: number;
  /** A fraction, 0 to 1. */
  readonly rtol: number;
  /** int8: how the activations' ranges are chosen; `minmax` by default. */
  readonly calibration?: CalibrationMethod | undefined;
  /** fp16: inputs and outputs stay float32; true by default. */
  readonly keepIoTypes?: boolean | undefined;
  /** Points of accuracy that fp16 and int8 of a classifier of 28x28 images may lose; 0.2 by default. */
  readonly maxDropPoints?: number | undefined;
  /** A Markdown file for the comparison layer by layer, with a JSON file beside it; written on failure too. */
  readonly report?: string | undefined;
  /**
   * Where a model of our trainer leaves its comparison as `parity.json`, for the report of `eval`. In `results`, the
   * usual place, a failure is a warning.
   */
  readonly resultsDir?: string | undefined;
  /** A folder to which the model is added as a repository of Triton Inference Server and KServe. */
  readonly triton?: string | undefined;
}

/**
 * Converts a saved tfjs model to an ONNX file and compares the two; only a file that agrees is written.
 *
 * @throws UserError if the model cannot be read or converted, if the results differ by more than `atol`
 *   (what stood at the output is then unchanged), or if a file cannot be written,
 *   which is found out before the comparison.
 */
export async function exportModel(options: ExportOptions): Promise<ExportResult> {
  const { reporter, signal, atol, rtol, opset = DEFAULT_OPSET, precision = 'fp32' } = options;
  const saved = await readSavedModel(options.model, reporter, options.output);
  const output = options.output ?? `models/${saved.name}.onnx`;
  checkOutput(output);
  const tritonModel =
    options.triton === undefined ? undefined : { folder: options.triton, name: tritonName(output) };
  // Before TensorFlow is loaded: what cannot be converted or written is said at once.
  const converted = convertSavedModel(saved, { ...options, opset });
  const leavesParity = options.resultsDir !== undefined && saved.record !== undefined && precision === 'fp32';
  await assertWritable(
    output,
    ...(options.report === undefined ? [] : reportPaths(options.report)),
    ...(tritonModel ? [tritonProbe(tritonModel)] : []),
    ...(leavesParity && isNamed(options) ? [parityPath(options)] : []),
  );
  const reference = await loadReference(saved.artifacts, {
    isClassifier: converted.outputs.some((tensor) => tensor.role !== 'value'),
    endsInSoftmax: converted.endsInSoftmax,
    reporter,
  });
  let verification: Verification;
  let reduced: Awaited<ReturnType<typeof reducePrecision>> | undefined;
  try {
    const chosen = await chooseSamples(saved, reference, options);
    const reduction = chooseReduction(saved, converted, chosen, options);
    const withLayers = options.report !== undefined;
    const compared = { converted, reference, samples: chosen.samples, atol, rtol, opset, withLayers };
    verification = await verify({ ...compared, reporter, signal });
    if (!verification.passed) {
      await report(options, { model: saved.path, output, opset, verification, result: undefined });
      throw differenceError(verification);
    }
    if (reduction) {
      reduced = await reducePrecision({
        converted,
        reference,
        reduction,
        samples: chosen.samples,
        dataset: chosen.dataset,
        inputShape: chosen.inputShapes[0]!,
        maxDropPoints: options.maxDropPoints ?? 0.2,
        limit: options.limit,
        reporter,
        signal,
      });
    }
  } finally {
    reference.dispose();
  }
  const { bytes, graph } = reduced ?? converted;
  await writeFileAtomic(output, bytes);
  const triton = tritonModel ? await writeTritonModel({ ...tritonModel, bytes, reporter }) : undefined;
  const result: ExportResult = {
    output,
    sizeBytes: bytes.length,
    model: saved.path,
    opset,
    inputs: graph.inputs,
    outputs: graph.outputs,
    nodes: graph.nodes.length,
    parameters: countParameters(converted),
    verification,
    precision: reduced?.report,
    triton,
  };
  // The comparison speaks of the fp32 file.
  if (leavesParity) await writeParity(options, bytes, verification);
  await report(options, { model: saved.path, output, opset, verification, result });
  return result;
}

/** Undefined for fp32; what cannot be calibrated is said before the comparison. */
function chooseReduction(
  saved: SavedModel,
  converted: ConvertedModel,
  chosen: ChosenSamples,
  options: ExportOptions,
): Reduction | undefined {
  const { precision = 'fp32', keepIoTypes = true, calibration = 'minmax' } = options;
  if (precision === 'fp32') return undefined;
  if (precision === 'fp16') return { precision, keepIoTypes };
  return { precision, method: calibration, data: chooseCalibration(saved, converted, chosen, options) };
}

function parityPath({ resultsDir = RESULTS_DIR }: ExportOptions): string {
  return join(resultsDir, 'parity.json');
}

/** The usual folder is not what anybody asked for: without a place in it the export is as good. */
function isNamed({ resultsDir }: ExportOptions): boolean {
  return resultsDir !== RESULTS_DIR;
}

async function writeParity(
  options: ExportOptions,
  bytes: Uint8Array,
  verification: Verification,
): Promise<void> {
  const sha256 = sha256Of(bytes);
  const parity = `${JSON.stringify({ sha256, verification }, null, 2)}\n`;
  try {
    await writeFileAtomic(parityPath(options), parity);
  } catch (error) {
    if (!(error instanceof UserError) || isNamed(options)) throw error;
    options.reporter.warn(`${error.message}; the report of eval will not show the comparison`);
  }
}

async function report({ report: path, reporter }: ExportOptions, content: ReportContent): Promise<void> {
  if (path === undefined) return;
  reporter.note(`report: ${(await writeReport(path, content)).join(', ')}`);
}

function checkOutput(output: string): void {
  if (!output.toLowerCase().endsWith('.onnx')) {
    throw new UserError(`the output ${output} does not end in .onnx`, {
      exitCode: 2,
      hint: `To convert another model, name it with --model: mnist-onnx export out.onnx --model ${output}`,
    });
  }
}

function differenceError({
  outputs,
  sameLabels,
  atol,
  rtol,
  samples,
  firstDifference,
}: Verification): UserError {
  const excess = (output: Verification['outputs'][number]) =>
    output.maxDifference / (atol + rtol * output.maxValue);
  const worst = outputs.toSorted((a, b) => excess(b) - excess(a))[0];
  const what = worst
    ? `by ${formatFigure(worst.maxDifference)} in ${worst.name} (values up to ${formatFigure(worst.maxValue)})`
    : `in the class of ${sameLabels!.of - sameLabels!.count}`;
  const where = firstDifference
    ? `the first layer that differs is ${firstDifference.layer} (${firstDifference.className}), by ${formatFigure(firstDifference.maxDifference)} (values up to ${formatFigure(firstDifference.maxValue)})`
    : 'no single layer does, so it adds up or comes from the optimization (try --no-optimize)';
  return new UserError(
    `the ONNX model differs from tfjs ${what} on ${samples.description}, more than --atol ${formatFigure(atol)} and --rtol ${formatFigure(rtol)} accept; ${where}`,
    {
      hint: 'No file was written. Outputs far from order 1 want --rtol 1e-6; a larger --atol accepts the difference.',
    },
  );
}

function countParameters({ graph }: ConvertedModel): number {
  return [...graph.constants.values()].reduce(
    (sum, { type, data }) => sum + (type === 'int64' ? 0 : data.length),
    0,
  );
}
