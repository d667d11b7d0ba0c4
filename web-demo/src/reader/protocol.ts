import type { Prediction } from '../../../src/core/prediction.js';
import type { Saliency } from '../../../src/core/saliency.js';
import type { Stroke } from '../drawing/strokes.js';
import type { LayerMaps } from '../inspect/layer-maps.js';

/** What is to be read. */
export type Source =
  | { readonly kind: 'strokes'; readonly strokes: readonly Stroke[] }
  | { readonly kind: 'picture'; readonly name: string; readonly file: Blob };

/** A digit as the network got it, and what the network said. */
export interface SeenDigit {
  /** [28, 28] uint8: 0 background, 255 ink. */
  readonly pixels: Uint8Array;
  /** [K], in the order of the model's classes. */
  readonly logits: Float32Array;
  /** [K], summing to 1. */
  readonly probabilities: Float32Array;
}

export interface Reading {
  /** The same record as the command line's. */
  readonly prediction: Prediction;
  /** In the order of `prediction.digits`. */
  readonly seen: readonly SeenDigit[];
  /** With centring turned off, what is read with it. */
  readonly centred: Prediction | undefined;
  /** The size of the picture that was read; boxes are in its pixels. */
  readonly width: number;
  readonly height: number;
  /** The times of its stages: to pixels, to digits, to answers. */
  readonly drawMs: number;
  readonly prepareMs: number;
  readonly runMs: number;
}

/** Where a network runs. */
export type RuntimeKind = 'wasm' | 'webgpu';

/** A model to be loaded; the name is for people. */
export type ModelSource =
  | { readonly kind: 'address'; readonly name: string; readonly url: string }
  | { readonly kind: 'file'; readonly name: string; readonly bytes: Uint8Array };

export interface ModelSummary {
  readonly name: string;
  readonly sizeBytes: number;
  readonly classes: readonly string[];
  readonly testAccuracy: number | undefined;
  readonly runtime: RuntimeKind;
  /** The runtime's package, version and kind. */
  readonly runtimeName: string;
  /** Why it does not run on what was chosen. */
  readonly fallbackReason: string | undefined;
  /** From the wish to a network that is ready: fetching, starting the runtime, reading the model. */
  readonly loadMs: number;
  readonly firstRunMs: number;
}

/** Digits with the logits that another runtime gave for them. */
export interface ParityDigits {
  /** [N, 28, 28] uint8 */
  readonly pixels: Uint8Array;
  /** [N, K] */
  readonly logits: Float32Array;
}

export interface Parity {
  readonly count: number;
  /** The largest absolute difference of two logits. */
  readonly maxDifference: number;
  readonly differingLabels: number;
}

/** To the worker; each request has one reply of the same id. */
export type Request =
  | { readonly type: 'load'; readonly id: number; readonly model: ModelSource; readonly runtime: RuntimeKind }
  /** Without centring, the whole picture is shrunk to 28x28 as it lies. */
  | { readonly type: 'read'; readonly id: number; readonly source: Source; readonly isCentred: boolean }
  /** What the layers answer to [28, 28] pixels, and which of the pixels decide. */
  | { readonly type: 'layers'; readonly id: number; readonly pixels: Uint8Array }
  | { readonly type: 'saliency'; readonly id: number; readonly pixels: Uint8Array }
  /** How long one digit takes, once warm. */
  | { readonly type: 'measure'; readonly id: number }
  | { readonly type: 'compare'; readonly id: number; readonly digits: ParityDigits };

export type Reply =
  | { readonly type: 'load'; readonly id: number; readonly model: ModelSummary }
  | { readonly type: 'read'; readonly id: number; readonly reading: Reading }
  | { readonly type: 'layers'; readonly id: number; readonly layers: readonly LayerMaps[] }
  /** Without one where a new reading came between. */
  | { readonly type: 'saliency'; readonly id: number; readonly saliency: Saliency | undefined }
  | { readonly type: 'measure'; readonly id: number; readonly warmMs: number }
  | { readonly type: 'compare'; readonly id: number; readonly parity: Parity }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly message: string;
      readonly hint: string | undefined;
    };
