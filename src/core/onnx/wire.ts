/** Protobuf's wire format, as far as fields are found without decoding them. */

/** A field as it lies in a message: its number, its wire type, and where its content begins and ends. */
export interface WireField {
  readonly number: number;
  readonly wireType: number;
  readonly start: number;
  readonly end: number;
}

export const VARINT = 0;
export const LENGTH_DELIMITED = 2;
const FIXED_BYTES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** The field at `at`; `undefined` where none can be told. Its end may lie beyond the bytes that are there. */
export function readField(bytes: Uint8Array, at: number): WireField | undefined {
  const tag = readVarint(bytes, at);
  if (!tag) return undefined;
  const number = Math.floor(tag.value / 8);
  const wireType = tag.value % 8;
  const fixed = FIXED_BYTES[wireType];
  if (fixed !== undefined) return { number, wireType, start: tag.next, end: tag.next + fixed };
  const first = readVarint(bytes, tag.next);
  if (!first) return undefined;
  if (wireType === VARINT) return { number, wireType, start: tag.next, end: first.next };
  if (wireType !== LENGTH_DELIMITED) return undefined;
  return { number, wireType, start: first.next, end: first.next + first.value };
}

/** A number of up to ten bytes, and where the next thing begins. */
export function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte % 128) * 2 ** (7 * i);
    if (byte < 128) return { value, next: at + i + 1 };
  }
  return undefined;
}
