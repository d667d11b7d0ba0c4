// Of the global, whose types belong to the DOM, what is used here.
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

/** A module's memory. `buffer` is another one once it has grown. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** @param pages of 64 KiB, added */
  grow(pages: number): number;
}

/** Bytes of a page. */
export const PAGE_BYTES = 65_536;

/**
 * Compiles one of the modules that are made of `simd/`.
 *
 * @throws WebAssembly.CompileError where there is no SIMD.
 */
export function compileWasm(base64: string): object {
  return new WebAssembly.Module(Buffer.from(base64, 'base64'));
}

/** @returns what the module exports */
export function instantiateWasm(module: object, imports: object = {}): object {
  return new WebAssembly.Instance(module, imports).exports;
}

export function createWasmMemory(pages: number): WasmMemory {
  return new WebAssembly.Memory({ initial: pages });
}
