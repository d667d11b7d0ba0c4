import { fromMetadata } from './model-info.js';
import { readOnnx } from './onnx/read.js';

/** What the demo's page finds beside it, in `models.json`. */
export interface DemoManifest {
  /** Whether the page keeps itself for use without a network. */
  readonly keepsOffline: boolean;
  /** The version of onnxruntime-web whose files the page loads. */
  readonly runtimeVersion: string;
  /** The first is loaded at the start. */
  readonly models: readonly DemoModel[];
}

/** A model in the demo's menu. */
export interface DemoModel {
  readonly name: string;
  /** Addresses relative to the page. */
  readonly file: string;
  /** Of a `ParityReference`; `null` where there is none. */
  readonly parity: string | null;
  readonly sizeBytes: number;
  /** As a fraction; `null` where the file does not tell. */
  readonly testAccuracy: number | null;
}

/** What onnxruntime-node says of the bundled digits. */
export interface ParityReference {
  /** The package and its version. */
  readonly runtime: string;
  /** The digits' address relative to the page: [count, 28, 28] uint8. */
  readonly digits: string;
  readonly count: number;
  /** [count, classes], row by row. */
  readonly logits: readonly number[];
}

/** @throws UserError if the file is no ONNX model, or its metadata is damaged. */
export function describeDemoModel(
  bytes: Uint8Array,
  { name, file, parity }: Pick<DemoModel, 'name' | 'file' | 'parity'>,
): DemoModel {
  const { testAccuracy = null } = fromMetadata(readOnnx(bytes, name).metadata) ?? {};
  return { name, file, parity, sizeBytes: bytes.length, testAccuracy };
}
