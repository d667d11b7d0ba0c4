import type { RawPixels } from '../../core/preprocess/to-gray.js';
import { compileWasm, instantiateWasm, PAGE_BYTES, type WasmMemory } from '../web-assembly.js';
import { SIMD_MODULE } from './generated/png.js';

/** Larger files hold more pixels than are decoded here, or waste room. */
const MAX_BYTES = 8e6;
const SIGNATURE_BYTE = 0x89;

/** What simd/png.ts exports; addresses are bytes. */
interface PngDecoder {
  readonly memory: WasmMemory;
  firstFree(): number;
  /** Gives the address of width, height, channels and the pixels' address; 0 for what is damaged or not plain. */
  decode(file: number, length: number): number;
}

/** `null` where WebAssembly has no SIMD, or is not allowed. */
let decoder: PngDecoder | null | undefined;
let memory = new Uint8Array(0);

/**
 * Decodes a small PNG of the plainest kind (8 bits a channel, not interlaced, no colour management, undamaged)
 * many times faster than sharp, which spends most of a tiny picture's time on setting up; `undefined` for all
 * others: they are sharp's. Both give the same pixels, which a test holds.
 */
export function decodePlainPng(bytes: Uint8Array): RawPixels | undefined {
  if (bytes[0] !== SIGNATURE_BYTE || bytes.length > MAX_BYTES) return undefined;
  decoder ??= startDecoder();
  if (decoder === null) return undefined;
  const file = decoder.firstFree();
  const missing = Math.ceil((file + bytes.length - decoder.memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) decoder.memory.grow(missing);
  if (memory.buffer !== decoder.memory.buffer) memory = new Uint8Array(decoder.memory.buffer);
  memory.set(bytes, file);
  const result = decoder.decode(file, bytes.length);
  if (result === 0) return undefined;
  const [width, height, channels, at] = new Uint32Array(
    decoder.memory.buffer,
    result,
    4,
  ) as unknown as Result;
  return { width, height, channels, data: copy(decoder.memory.buffer, at, width * height * channels) };
}

type Result = [width: number, height: number, channels: RawPixels['channels'], at: number];

function startDecoder(): PngDecoder | null {
  try {
    return instantiateWasm(compileWasm(SIMD_MODULE)) as PngDecoder;
  } catch {
    return null;
  }
}

/** In the memory that Node keeps ready for small buffers: arrays of their own cost several times as much. */
function copy(from: ArrayBuffer, at: number, length: number): Uint8Array {
  const { buffer, byteOffset } = Buffer.from(new Uint8Array(from, at, length));
  return new Uint8Array(buffer, byteOffset, length);
}
