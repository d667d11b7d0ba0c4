import type { LabelledImages } from '../../core/dataset/dataset.js';
import type { Processor } from '../../core/parity/bars.js';
import type { ComparableScores } from '../../core/parity/comparable-scores.js';
import type { Reporter } from '../reporter.js';
import type { OpenModel } from '../runtime/index.js';

export interface RuntimeContext {
  readonly model: OpenModel;
  readonly images: LabelledImages;
  /** The tfjs model; by default the folder with the ONNX file's name. */
  readonly tfjsModel?: string | undefined;
  readonly browser?: string | undefined;
  /** Of a GPU that is a program, how many images it is asked for. */
  readonly softwareLimit: number;
  readonly reporter: Reporter;
  /** Is told how many images are done, where that is known on the way. */
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a runtime said of the images. */
export interface RuntimeScores extends ComparableScores {
  /** `onnxruntime-node 1.30.0 on CPU` */
  readonly description: string;
  readonly processor: Processor;
}

/** Parts of one table of scores, one after the other. */
export function concat(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
