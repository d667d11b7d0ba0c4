import type { SpeedFigures, SpeedOptions } from '../../core/benchmark.js';
import type { ModelInfo } from '../../core/model-info.js';

/** What a browser runs a model on. */
export type BrowserProvider = 'wasm' | 'webgpu';

/** What the page is asked to do; the model and the images have addresses of their own. */
export interface BrowserJob {
  readonly provider: BrowserProvider;
  /** Of WebAssembly. */
  readonly threads: number;
  readonly info: ModelInfo;
  /** Classifies the images, or measures speed. */
  readonly task:
    | { readonly kind: 'classify'; readonly softwareLimit: number }
    | { readonly kind: 'measure'; readonly options: SpeedOptions };
}

/** What the page answers. */
export interface BrowserAnswer {
  /** `onnxruntime-web 1.30.0` */
  readonly runtime: string;
  /** `Chrome/140.0.0.0` */
  readonly browser: string;
  /** WebGPU: what it runs on, and whether that is a program in place of a GPU. */
  readonly adapter?: { readonly name: string; readonly isSoftware: boolean } | undefined;
  /** Where the page could not do it: why, and whether the browser lacks what it takes. */
  readonly problem?: { readonly reason: string; readonly isMissing: boolean } | undefined;
  readonly speed?: BrowserSpeed;
}

export interface BrowserSpeed extends SpeedFigures {
  /** Of the page. */
  readonly memoryBytes: number | undefined;
}
