import type { ModelPrecision } from '../onnx/precision.js';

/** What is accepted of two implementations of one model. */
export interface ParityBar {
  /** The largest difference of two scores. */
  readonly atol: number;
  /** The smallest share of images with the same label, 0 to 1. */
  readonly minAgreement: number;
}

/** What a runtime computes on, the coarser the later: CUDA's tensor cores round fp32 to the 11 bits of TF32. */
export const PROCESSORS = ['cpu', 'gpu', 'cuda'] as const;
export type Processor = (typeof PROCESSORS)[number];

export interface ComparedPair {
  readonly precision: ModelPrecision;
  /** What they run on, of two the coarser. */
  readonly processor: Processor;
  /** Is one of them the tfjs model, which always computes in fp32? */
  readonly withTfjs: boolean;
  /** The largest absolute score. */
  readonly maxValue: number;
}

/**
 * The share of an output's largest value by which an fp16 model may differ from tfjs: 2^-7. One rounding to the
 * 11 bits of half precision errs by up to 2^-11, and roundings of either sign add up as their square root: this
 * has room for 256 of them one after the other.
 */
export const HALF_RTOL = 2 ** -7;

/**
 * The same for int8, whose values have 8 bits: a rounding errs by up to 2^-9 of its layer's range, and the range
 * of a layer is several times what one image uses of it. Two runtimes that both compute in int8 round alike but
 * for values in the middle between two steps.
 */
const INT8_RTOL = { withTfjs: 2 ** -3, alike: 2 ** -5 };

/**
 * What is accepted of a pair. Measured with `mnist-onnx parity` over MNIST's 10,000 test images, in shares of the
 * largest logit, about 11: both shipped networks in fp32 5e-7; fp16 (of the small one) 1.7e-4 and int8 3.5e-2 from
 * tfjs, with 0 and 1 other labels; int8 between runtimes 2.5e-3 on WebGPU (200 images) and 0 elsewhere. Labels near
 * a tie may tip in fp16 and int8.
 */
export function parityBar({ precision, processor, withTfjs, maxValue }: ComparedPair): ParityBar {
  switch (precision) {
    case 'fp32': {
      // CUDA's is reasoned, not measured: TF32 rounds as fp16 does.
      const atol = { cpu: 1e-5, gpu: 1e-3, cuda: HALF_RTOL * maxValue }[processor];
      return { atol, minAgreement: 1 };
    }
    case 'fp16':
      return { atol: HALF_RTOL * maxValue, minAgreement: 0.999 };
    case 'int8':
      return withTfjs
        ? { atol: INT8_RTOL.withTfjs * maxValue, minAgreement: 0.995 }
        : { atol: INT8_RTOL.alike * maxValue, minAgreement: 0.999 };
  }
}
