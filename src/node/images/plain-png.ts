import type { RawPixels } from '../../core/image.js';
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
/** The decoder's memory, by bytes and by words. */
let memory = new Uint8Array(0);
let words = new Uint32Array(0);

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
  lookAtMemory(decoder);
  const missing = Math.ceil((file + bytes.length - memory.length) / PAGE_BYTES);
  if (missing > 0) decoder.memory.grow(missing);
  lookAtMemory(decoder);
  memory.set(bytes, file);
  const result = decoder.decode(file, bytes.length) / WORD_BYTES;
  if (result === 0) return undefined;
  lookAtMemory(decoder);
  const [width, height, channels] = [words[result]!, words[result + 1]!, words[result + 2]!];
  const data = copy(words[result + 3]!, width * height * channels);
  return { width, height, channels: channels as RawPixels['channels'], data };
}

const WORD_BYTES = 4;

/** Looks anew at a memory that has grown: views of what it was are empty then. */
function lookAtMemory(decoder: PngDecoder): void {
  if (memory.length > 0) return;
  const { buffer } = decoder.memory;
  memory = new Uint8Array(buffer);
  words = new Uint32Array(buffer);
}

function startDecoder(): PngDecoder | null {
  try {
    return instantiateWasm(compileWasm(SIMD_MODULE)) as PngDecoder;
  } catch {
    return null;
  }
}

/** Small pictures share arrays: one of its own for each costs several times as much. */
const SHARED_BYTES = 65_536;
let shared = new Uint8Array(0);
let used = 0;

function copy(at: number, length: number): Uint8Array {
  const pixels = memory.subarray(at, at + length);
  if (length > SHARED_BYTES / 16) return pixels.slice();
  if (used + length > shared.length) {
    shared = new Uint8Array(SHARED_BYTES);
    used = 0;
  }
  const copied = shared.subarray(used, used + length);
  copied.set(pixels);
  // `classify` reads words.
  used += Math.ceil(length / WORD_BYTES) * WORD_BYTES;
  return copied;
}
