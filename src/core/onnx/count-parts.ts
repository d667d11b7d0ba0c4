import { LENGTH_DELIMITED, readField } from './wire.js';

/** Which fields of a message are messages again; what is not listed holds numbers, texts or bytes. */
type Fields = Readonly<Record<number, keyof typeof MESSAGES>>;

const tensor = { 3: 'Leaf', 13: 'Leaf', 16: 'Leaf' } as const;
const MESSAGES = {
  Leaf: {},
  Tensor: tensor,
  Sparse: { 1: 'Tensor', 2: 'Tensor' },
  Type: { 1: 'Shaped', 4: 'Element', 5: 'Map', 8: 'Shaped', 9: 'Element' },
  Element: { 1: 'Type' },
  Map: { 2: 'Type' },
  Shaped: { 2: 'Shape' },
  Shape: { 1: 'Leaf' },
  Value: { 2: 'Type', 4: 'Leaf' },
  Attribute: {
    5: 'Tensor',
    6: 'Graph',
    10: 'Tensor',
    11: 'Graph',
    14: 'Type',
    15: 'Type',
    22: 'Sparse',
    23: 'Sparse',
  },
  Node: { 5: 'Attribute', 9: 'Leaf' },
  Annotation: { 2: 'Leaf' },
  Graph: {
    1: 'Node',
    5: 'Tensor',
    11: 'Value',
    12: 'Value',
    13: 'Value',
    14: 'Annotation',
    15: 'Sparse',
    16: 'Leaf',
  },
  Training: { 1: 'Graph', 2: 'Graph', 3: 'Leaf', 4: 'Leaf' },
  Function: { 7: 'Node', 9: 'Leaf', 11: 'Attribute', 12: 'Value', 14: 'Leaf' },
  Model: { 7: 'Graph', 8: 'Leaf', 14: 'Leaf', 20: 'Training', 25: 'Function' },
} as const;

/**
 * Lists of numbers, and how many bytes of them weigh as much as a part once decoded: 64-bit integers become an
 * object each, the others a number.
 */
const LISTS: Partial<Record<keyof typeof MESSAGES, Readonly<Record<number, number>>>> = {
  Tensor: { 1: 2, 4: 256, 5: 64, 7: 2, 10: 256, 11: 2 },
  Sparse: { 3: 2 },
  Attribute: { 7: 256, 8: 2 },
};

/** The largest models in use have some hundred thousand; each takes about 200 bytes of memory once decoded. */
export const MAX_PARTS = 3_000_000;

/**
 * Counts the fields of an ONNX file, messages within messages included, without decoding it: a small file can
 * describe millions of empty parts, each of which takes memory once decoded. Stops at `limit`.
 *
 * @returns the count, at most `limit`; of a damaged file what was counted up to the damage.
 */
export function countParts(bytes: Uint8Array, limit: number): number {
  let count = 0;
  const open: { end: number; type: keyof typeof MESSAGES; at: number }[] = [
    { end: bytes.length, type: 'Model', at: 0 },
  ];
  while (open.length > 0) {
    const top = open.at(-1)!;
    if (top.at >= top.end) {
      open.pop();
      continue;
    }
    const field = readField(bytes, top.at);
    if (!field || ++count >= limit || field.end > top.end) return count;
    top.at = field.end;
    const bytesPerPart = LISTS[top.type]?.[field.number];
    if (bytesPerPart) count += Math.floor((field.end - field.start) / bytesPerPart);
    if (count >= limit) return limit;
    const type = (MESSAGES[top.type] as Fields)[field.number];
    if (type && field.wireType === LENGTH_DELIMITED) open.push({ end: field.end, type, at: field.start });
  }
  return count;
}
