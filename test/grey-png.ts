import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A chunk of a PNG. */
export function pngChunk(type: string, body: Uint8Array, damage = 0): Uint8Array {
  const out = Buffer.alloc(body.length + 12);
  out.writeUInt32BE(body.length);
  out.write(type, 4, 'latin1');
  out.set(body, 8);
  out.writeUInt32BE((crc32(out.subarray(4, 8 + body.length)) ^ damage) >>> 0, 8 + body.length);
  return out;
}

/** The 13 bytes of a PNG's header. */
export function pngHeader(options: {
  width: number;
  height: number;
  depth?: number;
  colourType?: number;
  interlace?: number;
}): Uint8Array {
  const { width, height, depth = 8, colourType = 0, interlace = 0 } = options;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, interlace], 8);
  return header;
}

/** A file of chunks. */
export function pngOf(...chunks: readonly Uint8Array[]): Buffer {
  return Buffer.concat([SIGNATURE, ...chunks, pngChunk('IEND', new Uint8Array())]);
}

/** A grey PNG around a zlib stream, whatever that holds. */
export function greyPng(stream: Uint8Array, size: { width: number; height: number }): Buffer {
  return pngOf(pngChunk('IHDR', pngHeader(size)), pngChunk('IDAT', stream));
}
