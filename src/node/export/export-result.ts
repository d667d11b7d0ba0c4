import type { PrecisionReport } from './precision.js';
import type { Verification } from './verify.js';

/** What an export has written, and how well it agrees. */
export interface ExportResult {
  /** The file that was written. */
  readonly output: string;
  readonly sizeBytes: number;
  /** The tfjs model's path. */
  readonly model: string;
  readonly opset: number;
  /** A dimension that a run decides stands by its name, as in [N, 1, 28, 28]. */
  readonly inputs: readonly { name: string; type: string; shape: readonly (number | string)[] }[];
  readonly outputs: readonly { name: string; type: string; shape: readonly (number | string)[] }[];
  /** Nodes of the graph. */
  readonly nodes: number;
  /** Numbers in the file's constants; BatchNormalization is folded, so that they are fewer than the tfjs model's. */
  readonly parameters: number;
  /** Of the fp32 model with tfjs. */
  readonly verification: Verification;
  /** What fp16 or int8 cost; undefined for fp32. */
  readonly precision: PrecisionReport | undefined;
  /** Where it stands for Triton Inference Server. */
  readonly triton: { readonly path: string; readonly version: number } | undefined;
}
