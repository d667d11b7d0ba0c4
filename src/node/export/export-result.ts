import type { PrecisionReport } from './precision.js';
import type { Verification } from './verify.js';

/** What an export has written, and how well it agrees. */
export interface ExportResult {
  /** The file that was written. */
  readonly output: string;
  readonly sizeBytes: number;
  readonly model: string;
  readonly opset: number;
  readonly inputs: readonly { name: string; type: string; shape: readonly (number | string)[] }[];
  readonly outputs: readonly { name: string; type: string; shape: readonly (number | string)[] }[];
  readonly nodes: number;
  readonly parameters: number;
  /** Of the fp32 model with tfjs. */
  readonly verification: Verification;
  readonly precision: PrecisionReport | undefined;
  /** Where it stands for Triton Inference Server. */
  readonly triton: { readonly path: string; readonly version: number } | undefined;
}
