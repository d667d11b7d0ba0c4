import fc from 'fast-check';

/** One change of a file: where (a fraction of its length) and what. */
interface Edit {
  readonly kind: 'set' | 'number' | 'insert' | 'remove' | 'repeat' | 'cut' | 'splice';
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

/** Numbers that parsers stumble over: limits of their types, sizes that cannot be. */
const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
/** A fraction; not fc.double, whose values are dense round 0 as floating-point numbers are. */
const place = () => fc.integer({ min: 0, max: 2 ** 30 - 1 }).map((n) => n / 2 ** 30);

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('set', 'set', 'number', 'insert', 'remove', 'repeat', 'cut', 'splice'),
  at: place(),
  length: fc.integer({ min: 1, max: 40 }),
  value: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...NUMBERS)),
});

/** The bytes of one of some files with up to eight changes. */
export function mutatedBytes(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...files), fc.array(edit, { maxLength: 8 }), fc.constantFrom(...files))
    .map(([file, edits, other]) => edits.reduce((bytes, change) => applyEdit(bytes, change, other), file));
}

function applyEdit(bytes: Uint8Array, { kind, at, length, value }: Edit, other: Uint8Array): Uint8Array {
  const start = Math.floor(at * bytes.length);
  const part = bytes.subarray(start, start + length);
  const put = (content: ArrayLike<number>, skipped: number) => {
    const result = new Uint8Array(bytes.length - skipped + content.length);
    result.set(bytes.subarray(0, start));
    result.set(content, start);
    result.set(bytes.subarray(start + skipped), start + content.length);
    return result;
  };
  switch (kind) {
    case 'set':
      return put([value], Math.min(1, part.length));
    case 'number':
      return put(value % 2 ? bytesOf(value) : bytesOf(value).reverse(), Math.min(4, part.length));
    case 'insert':
      return put(new Uint8Array(length).fill(value), 0);
    case 'remove':
      return put([], part.length);
    case 'repeat':
      return put(part, 0);
    case 'cut':
      return bytes.slice(0, start);
    case 'splice': {
      const from = Math.floor((value / 0xffffffff) * other.length);
      return put(other.subarray(from, from + 4 * length), 0);
    }
  }
}

const bytesOf = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

/** Values that do not belong where they are put. */
const STRANGE: readonly unknown[] = [
  ...[null, true, '', 'relu', 'causal', '__proto__', 'constructor', '\u001b[2J', '../../x', 'é'.repeat(300)],
  ...[-1, 0, 1, 2, 7, 0.5, -0, 1e9, 2 ** 31, 2 ** 53, 2 ** 63, 1e308, -(2 ** 63)],
  ...[[], [1], [2, 3], [[1, 2], [3]], [null], ['a', 0, 0], {}, { a: 1 }],
];

/** One change of a tree: at which of its places, and what: an index beyond STRANGE takes a part of the tree itself. */
const treeEdit = fc.record({
  at: place(),
  kind: fc.constantFrom('replace', 'replace', 'delete', 'repeat', 'move'),
  from: place(),
  strange: fc.constantFrom(...STRANGE),
});
type TreeEdit = typeof treeEdit extends fc.Arbitrary<infer T> ? T : never;

/** One of some JSON values (or decoded messages) with up to five changes of its structure. */
export function mutatedTree<T>(values: readonly T[]): fc.Arbitrary<T> {
  return fc.tuple(fc.constantFrom(...values), fc.array(treeEdit, { maxLength: 5 })).map(([value, edits]) => {
    const root = { value: copy(value) };
    for (const change of edits) applyTreeEdit(root, change);
    return root.value;
  });
}

function applyTreeEdit(root: object, { at, kind, from, strange }: TreeEdit): void {
  const all = places(root);
  const { holder, key } = all[Math.floor(at * all.length)] ?? {
    holder: root as Record<string, unknown>,
    key: 'value',
  };
  if (kind === 'delete' && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (kind === 'delete') delete holder[key];
  else if (kind === 'replace') holder[key] = copy(strange);
  else if (kind === 'repeat' && Array.isArray(holder))
    holder.splice(Number(key), 0, copy(holder[Number(key)]));
  else {
    const other = all[Math.floor(from * all.length)];
    if (other) holder[key] = copy(other.holder[other.key]);
  }
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Every place of a tree where something stands in an object or a list. */
function places(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return found;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    found.push({ holder, key });
    places(holder[key], found);
  }
  return found;
}

/** A copy of plain objects, lists and numbers; of a message's 64-bit integers, plain numbers. */
function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return (value as unknown as Uint8Array).slice() as unknown as T;
  if (Array.isArray(value)) return value.map(copy) as unknown as T;
  if ('toNumber' in value) return (value as unknown as { toNumber(): number }).toNumber() as unknown as T;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copy(part)])) as T;
}
