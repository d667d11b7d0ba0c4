import type { ModelPrecision } from '../onnx/precision.js';

/** What is accepted of two implementations of one model. */
export interface ParityBar {
  /** The largest difference of two scores. */
  readonly atol: number;
  /** The smallest share of images with the same label, 0 to 1. */
  readonly minAgreement: number;
}

export interface ComparedPair {
  readonly precision: ModelPrecision;
  /** Does one of them run on a GPU? */
  readonly onGpu: boolean;
  /** Is one of them the tfjs model, which always computes in fp32? */
  readonly withTfjs: boolean;
  /** The largest absolute score. */
  readonly maxValue: number;
}

export function parityBar({ precision, onGpu }: ComparedPair): ParityBar {
  if (precision === 'fp32') return { atol: onGpu ? 1e-3 : 1e-5, minAgreement: 1 };
  return { atol: 1, minAgreement: 0.99 };
}
