/**
 * The pixels of plain PNG files, in AssemblyScript: `npm run generate:simd` compiles it. For small pictures: in JavaScript,
 * setting up a stream of zlib alone takes longer than all of this.
 *
 * After the PNG specification, third edition, RFC 1950 (zlib) and RFC 1951 (deflate). What is damaged is refused, and so
 * is all that is not plain: 8 bits a channel, not interlaced, no colour management.
 */

/** Larger pictures gain nothing here. */
const MOST_PIXELS: u64 = 1_000_000;
/** Bytes that may be read or written behind what is meant. */
const SLACK = 32;
const PAGE_BITS = 16;

// As they lie in memory, their first byte lowest.
const SIGNATURE: u32 = 0x474e5089;
const SIGNATURE_END: u32 = 0x0a1a0a0d;
const IHDR: u32 = 0x52444849;
const PLTE: u32 = 0x45544c50;
const IDAT: u32 = 0x54414449;
const IEND: u32 = 0x444e4549;
const TEXT: u32 = 0x74584574;
const COMPRESSED_TEXT: u32 = 0x7458547a;
const INTERNATIONAL_TEXT: u32 = 0x74585469;
const TIME: u32 = 0x454d4974;
const PIXEL_SIZE: u32 = 0x73594870;

/** Colour types. */
const GREY = 0;
const RGB = 2;
const PALETTE = 3;
const GREY_ALPHA = 4;
const RGBA = 6;

/** What was decoded: width, height, channels, the address of [height, width, channels]. */
const RESULT = memory.data(16);

/** The first address that is the caller's. */
export function firstFree(): usize {
  return __heap_base;
}

/**
 * Decodes a PNG file; overwrites it, and what lies behind it.
 *
 * @returns the address of the picture's width, height, channels (1 to 4) and of its bytes, as four 32-bit integers; 0
 * where the file is damaged or not plain
 */
export function decode(file: usize, length: usize): usize {
  if (length < 8 || load<u32>(file) !== SIGNATURE || load<u32>(file + 4) !== SIGNATURE_END) return 0;
  let colourType = -1;
  let palette: usize = 0;
  let colours: u32 = 0;
  let data: usize = 0;
  let dataEnd: usize = 0;
  let chunk = file + 8;
  let before: u32 = 0;
  for (let left = length - 8; left >= 12; ) {
    const size: usize = bswap(load<u32>(chunk));
    if (size > left - 12) return 0;
    const type = load<u32>(chunk + 4);
    const body = chunk + 8;
    if (crc32(chunk + 4, size + 4) !== bswap(load<u32>(body + size))) return 0;
    if (colourType < 0) {
      if (type !== IHDR || size !== 13 || !readHeader(body)) return 0;
      colourType = load<u8>(body + 9);
    } else if (type === IDAT) {
      // Its parts must follow one another.
      if (data === 0) {
        data = body;
        dataEnd = body;
      } else if (before !== IDAT) return 0;
      if (dataEnd !== body) memory.copy(dataEnd, body, size);
      dataEnd += size;
    } else if (type === PLTE && palette === 0 && data === 0) {
      palette = body;
      colours = <u32>size / 3;
    } else if (type === IEND) {
      if (data === 0 || (colourType === PALETTE) !== (palette !== 0)) return 0;
      const pixels = decodePixels(data, dataEnd, file + length + SLACK);
      if (pixels === 0) return 0;
      store<u32>(RESULT + 12, palette === 0 ? pixels : lookUp(pixels, palette, colours));
      return load<u32>(RESULT + 12) === 0 ? 0 : RESULT;
    } else if (!isSilent(type)) return 0;
    before = type;
    chunk = body + size + 4;
    left -= size + 12;
  }
  return 0;
}

/** Whether a chunk says nothing of the pixels. Any other that is not needed may: a profile, a gamma, a transparent colour. */
function isSilent(type: u32): bool {
  return (
    type === TEXT ||
    type === COMPRESSED_TEXT ||
    type === INTERNATIONAL_TEXT ||
    type === TIME ||
    type === PIXEL_SIZE
  );
}

/** Reads the header's 13 bytes into the result; whether the picture is plain. */
function readHeader(at: usize): bool {
  const width = bswap(load<u32>(at));
  const height = bswap(load<u32>(at + 4));
  const channels = channelsOf(load<u8>(at + 9));
  store<u32>(RESULT, width);
  store<u32>(RESULT + 4, height);
  store<u32>(RESULT + 8, channels);
  // Compression, filter method and interlacing, of which each plain one is 0.
  const methods = load<u16>(at + 10) | load<u8>(at + 12);
  const pixels = <u64>width * height;
  return load<u8>(at + 8) === 8 && channels > 0 && methods === 0 && pixels > 0 && pixels <= MOST_PIXELS;
}

function channelsOf(colourType: u8): u32 {
  if (colourType === GREY || colourType === PALETTE) return 1;
  if (colourType === GREY_ALPHA) return 2;
  return colourType === RGB ? 3 : colourType === RGBA ? 4 : 0;
}

/**
 * @param to where there is room
 * @returns the address of the pixels, or of the palette's entries; 0 where the data are damaged
 */
function decodePixels(data: usize, dataEnd: usize, to: usize): usize {
  const height = load<u32>(RESULT + 4);
  const channels = load<u32>(RESULT + 8);
  const stride = load<u32>(RESULT) * channels;
  const size = height * (1 + stride);
  if (!makeRoom(to + size + SLACK) || !inflate(data, dataEnd, to, size)) return 0;
  return unfilter(to, height, stride, channels) ? to : 0;
}

/** Puts colours in the place of a palette's entries, behind them; 0 where an entry is not in the palette. */
function lookUp(entries: usize, palette: usize, colours: u32): usize {
  const count: usize = load<u32>(RESULT) * load<u32>(RESULT + 4);
  const target = entries + count;
  if (!makeRoom(target + 3 * count + SLACK)) return 0;
  for (let i: usize = 0; i < count; i++) {
    const entry: u32 = load<u8>(entries + i);
    if (entry >= colours) return 0;
    // The fourth byte is the next colour's.
    store<u32>(target + 3 * i, load<u32>(palette + 3 * entry));
  }
  store<u32>(RESULT + 8, 3);
  return target;
}

/** Whether the memory reaches that far, perhaps since it has grown. */
function makeRoom(end: usize): bool {
  const missing = <i32>((end + (1 << PAGE_BITS) - 1) >> PAGE_BITS) - memory.size();
  return missing <= 0 || memory.grow(missing) >= 0;
}

/** By the value of a byte: what it makes of a sum when 0, 1, 2 and 3 more bytes follow. */
const CRC_TABLES = memory.data(4 * 4 * 256);
const CRC_TABLE_BYTES: usize = 4 * 256;
const CRC_POLYNOMIAL: u32 = 0xedb88320;
let hasCrcTables = false;

function makeCrcTables(): void {
  for (let value: u32 = 0; value < 256; value++) {
    let sum = value;
    for (let bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ ((sum & 1) === 0 ? 0 : CRC_POLYNOMIAL);
    store<u32>(CRC_TABLES + 4 * value, sum);
  }
  for (let at = CRC_TABLES + CRC_TABLE_BYTES; at < CRC_TABLES + 4 * CRC_TABLE_BYTES; at += 4) {
    const sum = load<u32>(at - CRC_TABLE_BYTES);
    store<u32>(at, (sum >> 8) ^ load<u32>(CRC_TABLES + 4 * (sum & 255)));
  }
  hasCrcTables = true;
}

function crc32(at: usize, length: usize): u32 {
  if (!hasCrcTables) makeCrcTables();
  let sum: u32 = 0xffffffff;
  const end = at + length;
  for (; at + 4 <= end; at += 4) {
    sum ^= load<u32>(at);
    sum =
      load<u32>(CRC_TABLES + 3 * CRC_TABLE_BYTES + 4 * (sum & 255)) ^
      load<u32>(CRC_TABLES + 2 * CRC_TABLE_BYTES + 4 * ((sum >> 8) & 255)) ^
      load<u32>(CRC_TABLES + CRC_TABLE_BYTES + 4 * ((sum >> 16) & 255)) ^
      load<u32>(CRC_TABLES + 4 * (sum >> 24));
  }
  for (; at < end; at++) sum = (sum >> 8) ^ load<u32>(CRC_TABLES + 4 * ((sum ^ load<u8>(at)) & 255));
  return ~sum;
}

const LONGEST = 15;
const LITERALS = 286;
const FIXED_LITERALS = 288;
const DISTANCES = 30;
const FIXED_DISTANCES = 32;
const END_OF_BLOCK = 256;

/**
 * A code: a table of entries (symbol · 16 + its bits, or 0) by the next bits, the number of symbols by their bits, and
 * the symbols in the order of the code. Codes of up to so many bits are looked up; the few that are longer are read bit
 * by bit.
 */
const TABLE_BITS = 9;
const TABLE_MASK: u64 = (1 << TABLE_BITS) - 1;
const COUNTS: usize = 2 << TABLE_BITS;
const SYMBOLS: usize = COUNTS + 2 * (LONGEST + 1);
const CODE_BYTES = (2 << TABLE_BITS) + 2 * (LONGEST + 1) + 2 * FIXED_LITERALS;

/** Of bytes and of how many to repeat; of how far back those lie; of a block's own, and of the fixed ones. */
const OWN_LITERALS = memory.data(CODE_BYTES);
const OWN_DISTANCES = memory.data(CODE_BYTES);
const STANDARD_LITERALS = memory.data(CODE_BYTES);
const STANDARD_DISTANCES = memory.data(CODE_BYTES);
/** How many bits each symbol has: those of literals and lengths, then those of distances. */
const LENGTHS = memory.data(FIXED_LITERALS + FIXED_DISTANCES + 16);
/** Where the next symbol of each number of bits goes, while a code is made. */
const OFFSETS = memory.data(2 * (LONGEST + 2));

/** The order in which the lengths of the code of lengths come. */
const LENGTH_ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
const COPY_BASE = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
]);
const COPY_EXTRA = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const DISTANCE_BASE = memory.data<u16>([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
]);
const DISTANCE_EXTRA = memory.data<u8>([
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]);

/** Bits that were read and not used, the next one lowest, how many, and where the next bytes lie. */
let bits: u64 = 0;
let held: u64 = 0;
let next: usize = 0;
/** Where the compressed bytes end. */
let end: usize = 0;

/**
 * Decompresses a zlib stream.
 *
 * @param from the stream; SLACK bytes more are read and not used
 * @param to [size], overwritten, and SLACK bytes more
 * @returns whether the stream is whole and undamaged, gives exactly `size` bytes, and ends where it should
 */
function inflate(from: usize, streamEnd: usize, to: usize, size: usize): bool {
  const method: u32 = load<u8>(from);
  const flags: u32 = load<u8>(from + 1);
  // Deflate with a window of at most 32 KiB, no preset dictionary, and check bits.
  if (method % 16 !== 8 || method >> 4 > 7 || (flags & 32) !== 0 || ((method << 8) | flags) % 31 !== 0)
    return false;
  next = from + 2;
  end = streamEnd;
  bits = 0;
  held = 0;
  let out = to;
  const outEnd = to + size;
  let isLast = false;
  while (!isLast) {
    refill();
    isLast = take(1) === 1;
    const type = take(2);
    if (type === 0) {
      out = copyStored(out, outEnd);
    } else if (type === 1) {
      if (!hasStandardCodes) makeStandardCodes();
      out = decodeBlock(STANDARD_LITERALS, STANDARD_DISTANCES, to, out, outEnd);
    } else {
      if (type === 3 || !readCodes()) return false;
      out = decodeBlock(OWN_LITERALS, OWN_DISTANCES, to, out, outEnd);
    }
    if (out === 0) return false;
  }
  next -= <usize>(held >> 3);
  return out === outEnd && next + 4 === end && bswap(load<u32>(next)) === adler32(to, size);
}

/** Makes 56 bits ready at least. What lies behind the end counts as read; who asks for bits finds out later. */
function refill(): void {
  bits |= load<u64>(next) << held;
  next += <usize>((63 - held) >> 3);
  held |= 56;
}

/** The next bits, which must be ready. */
function take(count: u64): i32 {
  const value = <i32>(bits & (((<u64>1) << count) - 1));
  bits >>= count;
  held -= count;
  return value;
}

/** Copies a block that was not compressed; 0 where it does not fit. */
function copyStored(out: usize, outEnd: usize): usize {
  next -= <usize>(held >> 3);
  bits = 0;
  held = 0;
  if (next + 4 > end) return 0;
  const length: usize = load<u16>(next);
  if (length !== (load<u16>(next + 2) ^ 0xffff)) return 0;
  next += 4;
  if (next + length > end || out + length > outEnd) return 0;
  memory.copy(out, next, length);
  next += length;
  return out + length;
}

let hasStandardCodes = false;

function makeStandardCodes(): void {
  memory.fill(LENGTHS, 8, 144);
  memory.fill(LENGTHS + 144, 9, 112);
  memory.fill(LENGTHS + 256, 7, 24);
  memory.fill(LENGTHS + 280, 8, 8);
  makeCode(STANDARD_LITERALS, LENGTHS, FIXED_LITERALS);
  memory.fill(LENGTHS, 5, FIXED_DISTANCES);
  makeCode(STANDARD_DISTANCES, LENGTHS, FIXED_DISTANCES);
  hasStandardCodes = true;
}

/** Reads the two codes of a block; whether they are sound. */
function readCodes(): bool {
  const literals = 257 + take(5);
  const distances = 1 + take(5);
  const lengths = 4 + take(4);
  if (literals > LITERALS || distances > DISTANCES) return false;
  fill(LENGTHS, 0, 19);
  for (let i = 0; i < lengths; i++) {
    refill();
    store<u8>(LENGTHS + load<u8>(LENGTH_ORDER + i), <u8>take(3));
  }
  if (makeCode(OWN_LITERALS, LENGTHS, 19) !== 0) return false;
  const count = literals + distances;
  for (let i = 0; i < count; ) {
    refill();
    if (next > end + 8) return false;
    const entry = load<u16>(OWN_LITERALS + ((<usize>(bits & TABLE_MASK)) << 1));
    take(entry & 15);
    const symbol = entry >> 4;
    if (symbol < 16) {
      store<u8>(LENGTHS + i++, <u8>symbol);
      continue;
    }
    // 16 repeats the length before, 17 and 18 are zeros.
    if (symbol === 16 && i === 0) return false;
    const value: u8 = symbol === 16 ? load<u8>(LENGTHS + i - 1) : 0;
    const times = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
    if (i + times > count) return false;
    fill(LENGTHS + i, value, times);
    i += times;
  }
  return (
    isSound(makeCode(OWN_LITERALS, LENGTHS, literals), OWN_LITERALS) &&
    isSound(makeCode(OWN_DISTANCES, LENGTHS + literals, distances), OWN_DISTANCES)
  );
}

/** Like memory.fill, which takes longer to call; up to 15 bytes more are overwritten. */
function fill(at: usize, value: u8, count: usize): void {
  const values = i8x16.splat(value);
  for (const stop = at + count; at < stop; at += 16) v128.store(at, values);
}

/** Complete, or of one symbol of one bit, or of none. */
function isSound(left: i32, code: usize): bool {
  if (left <= 0) return left === 0;
  let symbols = 0;
  for (let length = 2; length <= LONGEST; length++) symbols += load<u16>(code + COUNTS + 2 * length);
  return symbols === 0;
}

/**
 * Makes a canonical Huffman code.
 *
 * @param lengths [count] bytes: the bits of each symbol, 0 for those that do not occur
 * @returns how many codes of 15 bits are left over: 0 for a complete code, less where there are more symbols than codes
 */
function makeCode(target: usize, lengths: usize, count: i32): i32 {
  const counts = target + COUNTS;
  const symbols = target + SYMBOLS;
  memory.fill(counts, 0, 2 * (LONGEST + 1));
  for (let i = 0; i < count; i++) {
    const at = counts + 2 * <usize>load<u8>(lengths + i);
    store<u16>(at, load<u16>(at) + 1);
  }
  store<u16>(counts, 0);
  let left = 1;
  store<u16>(OFFSETS + 2, 0);
  for (let length = 1; length <= LONGEST; length++) {
    const some = load<u16>(counts + 2 * length);
    left = 2 * left - some;
    if (left < 0) return left;
    store<u16>(OFFSETS + 2 * length + 2, load<u16>(OFFSETS + 2 * length) + some);
  }
  for (let i = 0; i < count; i++) {
    const length: usize = load<u8>(lengths + i);
    if (length === 0) continue;
    const at = OFFSETS + 2 * length;
    const place: usize = load<u16>(at);
    store<u16>(symbols + 2 * place, <u16>i);
    store<u16>(at, <u16>(place + 1));
  }
  // The code, its first bit lowest, as it comes. The table grows with the bits: each half is the same but for the
  // longer codes.
  let code: u32 = 0;
  let symbol = symbols;
  store<u32>(target, 0);
  for (let length = 1; length <= TABLE_BITS; length++) {
    const all: u32 = (1 << length) - 1;
    for (let some = load<u16>(counts + 2 * length); some > 0; some--) {
      store<u16>(target + 2 * <usize>code, <u16>((load<u16>(symbol) << 4) | length));
      symbol += 2;
      // Adds 1 from the other side: the highest bit that is 0 becomes 1, those above it 0. After the last code: 0.
      const zeros = code ^ all;
      const carry: u32 = zeros === 0 ? 0 : 1 << (31 - clz(zeros));
      code = carry === 0 ? 0 : (code & (carry - 1)) | carry;
    }
    if (length < TABLE_BITS) double(target, 2 << length);
  }
  return left;
}

/** Writes `count` bytes, a power of two from 4 on, again behind themselves. */
function double(at: usize, count: usize): void {
  if (count === 4) store<u32>(at + 4, load<u32>(at));
  else for (let i: usize = 0; i < count; i += 8) store<u64>(at + count + i, load<u64>(at + i));
}

/** The entry of a code that is too long for the table; 0 where there is none. */
function longEntry(code: usize, ahead: u64): u32 {
  let prefix: i32 = 0;
  let first: i32 = 0;
  let index: i32 = 0;
  for (let length = 1; length <= LONGEST; length++) {
    prefix |= <i32>(ahead & 1);
    ahead >>= 1;
    const count: i32 = load<u16>(code + COUNTS + 2 * length);
    if (prefix - first < count)
      return (load<u16>(code + SYMBOLS + 2 * (index + prefix - first)) << 4) | length;
    index += count;
    first = (first + count) << 1;
    prefix <<= 1;
  }
  return 0;
}

/** Decodes a block's symbols to its end; 0 where they are damaged or give too much. */
function decodeBlock(
  literalCode: usize,
  distanceCode: usize,
  start: usize,
  out: usize,
  outEnd: usize,
): usize {
  while (next <= end + 8) {
    refill();
    // Three of the longest codes of literals fit into the bits that are ready.
    let entry: u32 = 0;
    let literals = 3;
    for (; literals > 0; literals--) {
      entry = load<u16>(literalCode + ((<usize>(bits & TABLE_MASK)) << 1));
      if (entry === 0) entry = longEntry(literalCode, bits);
      if (entry === 0) return 0;
      bits >>= <u64>(entry & 15);
      held -= <u64>(entry & 15);
      if (entry >> 4 >= <u32>END_OF_BLOCK) break;
      if (out === outEnd) return 0;
      store<u8>(out++, <u8>(entry >> 4));
    }
    if (literals === 0) continue;
    const symbol: usize = (entry >> 4) - END_OF_BLOCK - 1;
    if (entry >> 4 === END_OF_BLOCK) return out;
    if (symbol > 28) return 0;
    refill();
    const length: usize = load<u16>(COPY_BASE + 2 * symbol) + take(load<u8>(COPY_EXTRA + symbol));
    let far: u32 = load<u16>(distanceCode + ((<usize>(bits & TABLE_MASK)) << 1));
    if (far === 0) far = longEntry(distanceCode, bits);
    if (far === 0 || far >> 4 >= <u32>DISTANCES) return 0;
    take(far & 15);
    const distance: usize =
      load<u16>(DISTANCE_BASE + 2 * (far >> 4)) + take(load<u8>(DISTANCE_EXTRA + (far >> 4)));
    if (distance > out - start || length > outEnd - out) return 0;
    repeat(out, distance, length);
    out += length;
  }
  return 0;
}

/** Writes again what lies `distance` before; up to 15 bytes more are overwritten. */
function repeat(out: usize, distance: usize, length: usize): void {
  const stop = out + length;
  if (distance >= 8) {
    for (; out < stop; out += 8) store<u64>(out, load<u64>(out - distance));
  } else if (distance === 1) {
    fill(out, load<u8>(out - 1), length);
  } else {
    for (; out < stop; out++) store<u8>(out, load<u8>(out - distance));
  }
}

/** Sixteen bytes at a time; so many of them before the sums could grow too large. */
const ADLER_BLOCKS = 340;
const ADLER_BASE = 65521;

function adler32(at: usize, length: usize): u32 {
  let sum: u32 = 1;
  let sumOfSums: u32 = 0;
  const stop = at + length;
  while (at + 16 <= stop) {
    const blocks = min<usize>(ADLER_BLOCKS, (stop - at) >> 4);
    let sums = i32x4.splat(0);
    let earlier = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    for (let i: usize = 0; i < blocks; i++, at += 16) {
      const x = v128.load(at);
      const low = i16x8.extend_low_i8x16_u(x);
      const high = i16x8.extend_high_i8x16_u(x);
      earlier = i32x4.add(earlier, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(x)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(low, i16x8(16, 15, 14, 13, 12, 11, 10, 9)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(high, i16x8(8, 7, 6, 5, 4, 3, 2, 1)));
    }
    sumOfSums = (sumOfSums + 16 * <u32>blocks * sum + 16 * total(earlier) + total(weighted)) % ADLER_BASE;
    sum = (sum + total(sums)) % ADLER_BASE;
  }
  for (; at < stop; at++) {
    sum += load<u8>(at);
    sumOfSums += sum;
  }
  return ((sumOfSums % ADLER_BASE) << 16) | (sum % ADLER_BASE);
}

function total(x: v128): u32 {
  return (
    i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1) + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3)
  );
}

/**
 * Undoes the filter of each row, in place, since a row moves towards the start: each byte was stored as its difference
 * from a guess from its neighbours.
 *
 * @param rows [height, 1 + stride]: a filter and its bytes; after it [height, stride]
 * @param channels bytes of a pixel
 * @returns whether all filters are known
 */
function unfilter(rows: usize, height: i32, stride: i32, channels: i32): bool {
  let from = rows;
  let to = rows;
  for (let y = 0; y < height; y++) {
    const filter = load<u8>(from++);
    if (filter === 0) memory.copy(to, from, stride);
    else if (filter === 1) undoLeft(from, to, stride, channels);
    else if (filter === 2) undoUp(from, to, y === 0 ? 0 : to - stride, stride);
    else if (filter === 3) undoAverage(from, to, y === 0 ? 0 : to - stride, stride, channels);
    else if (filter === 4) undoPaeth(from, to, y === 0 ? 0 : to - stride, stride, channels);
    else return false;
    from += stride;
    to += stride;
  }
  return true;
}

function undoLeft(from: usize, to: usize, stride: i32, channels: i32): void {
  for (let i = 0; i < stride; i++) {
    const left: u8 = i < channels ? 0 : load<u8>(to + i - channels);
    store<u8>(to + i, load<u8>(from + i) + left);
  }
}

/** @param above the row before, 0 for none */
function undoUp(from: usize, to: usize, above: usize, stride: i32): void {
  for (let i = 0; i < stride; i++) {
    const up: u8 = above === 0 ? 0 : load<u8>(above + i);
    store<u8>(to + i, load<u8>(from + i) + up);
  }
}

function undoAverage(from: usize, to: usize, above: usize, stride: i32, channels: i32): void {
  for (let i = 0; i < stride; i++) {
    const left: u32 = i < channels ? 0 : load<u8>(to + i - channels);
    const up: u32 = above === 0 ? 0 : load<u8>(above + i);
    store<u8>(to + i, load<u8>(from + i) + <u8>((left + up) >> 1));
  }
}

function undoPaeth(from: usize, to: usize, above: usize, stride: i32, channels: i32): void {
  for (let i = 0; i < stride; i++) {
    const left: i32 = i < channels ? 0 : load<u8>(to + i - channels);
    const up: i32 = above === 0 ? 0 : load<u8>(above + i);
    const upLeft: i32 = above === 0 || i < channels ? 0 : load<u8>(above + i - channels);
    const byLeft = abs(up - upLeft);
    const byUp = abs(left - upLeft);
    const byUpLeft = abs(left + up - 2 * upLeft);
    const guess = byLeft <= byUp && byLeft <= byUpLeft ? left : byUp <= byUpLeft ? up : upLeft;
    store<u8>(to + i, load<u8>(from + i) + <u8>guess);
  }
}
