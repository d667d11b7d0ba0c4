/** Something that keeps a model from loading, or makes it slow, on one of the runtimes. */
export interface Finding {
  readonly level: 'error' | 'warning' | 'note';
  /** Which runtime it concerns; all where it says none. */
  readonly runtime: 'all' | 'onnxruntime-node' | 'wasm' | 'webgpu';
  readonly message: string;
}
