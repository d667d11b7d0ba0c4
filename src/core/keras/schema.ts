/**
 * Readers of configuration values. Each takes what stands in the JSON and returns it typed and with its
 * default, or throws a `SchemaError` that says what was expected. A table of them is a layer's schema, and
 * the layer's TypeScript type follows from it.
 */
export type Reader<T> = (value: unknown) => T;
type Schema = Readonly<Record<string, Reader<unknown>>>;
export type Config<S extends Schema> = { readonly [K in keyof S]: S[K] extends Reader<infer T> ? T : never };

/** The value is not of the expected kind; the message is a clause: `must be a whole number`. */
export class SchemaError extends Error {}

function fail(expected: string, value: unknown): never {
  const shown = JSON.stringify(value) ?? 'missing';
  throw new SchemaError(
    `must be ${expected}, but is ${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown}`,
  );
}

const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;

/** The reader, or `fallback` where the value is absent or null. */
export function orElse<T, F>(read: Reader<T>, fallback: F): Reader<T | F> {
  return (value) => (isMissing(value) ? fallback : read(value));
}

export function number(fallback?: number): Reader<number> {
  return (value) => {
    if (isMissing(value) && fallback !== undefined) return fallback;
    return typeof value === 'number' && Number.isFinite(value) ? value : fail('a number', value);
  };
}

/** A whole number of at least `min`. */
export function whole(min = Number.MIN_SAFE_INTEGER): Reader<number> {
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= min
      ? (value as number)
      : fail(min > 0 ? 'a positive whole number' : 'a whole number', value);
}

export const size: Reader<number> = whole(1);

export function flag(fallback: boolean): Reader<boolean> {
  return (value) => {
    if (isMissing(value)) return fallback;
    return typeof value === 'boolean' ? value : fail('true or false', value);
  };
}

/** One of some words; tfjs itself reads both `channels_last` and `channelsLast`. */
export function oneOf<const T extends string>(words: readonly T[], fallback?: NoInfer<T>): Reader<T> {
  return (value) => {
    if (isMissing(value) && fallback !== undefined) return fallback;
    const word = words.find((w) => w === value || (typeof value === 'string' && w === snakeCase(value)));
    return word ?? fail(`one of ${words.join(', ')}`, value);
  };
}

export function list<T>(read: Reader<T>, length?: number): Reader<T[]> {
  return (value) => {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
      return fail(length === undefined ? 'a list' : `a list of ${length}`, value);
    }
    return value.map(read);
  };
}

/** `rank` sizes, or one for all of them. */
export function sizes(rank: number, fallback?: number): Reader<number[]> {
  return (value) => {
    if (isMissing(value) && fallback !== undefined) return new Array(rank).fill(fallback);
    return typeof value === 'number' ? new Array(rank).fill(size(value)) : list(size, rank)(value);
  };
}

/** `[[top, bottom], [left, right]]`, also written as one number or as `[height, width]`. */
export function margins(fallback?: number): Reader<[[number, number], [number, number]]> {
  const count = whole(0);
  const pair: Reader<[number, number]> = (value) => {
    if (typeof value === 'number') return [count(value), count(value)];
    const [begin, end] = list(count, 2)(value);
    return [begin!, end!];
  };
  return (value) => {
    const given = isMissing(value) ? fallback : value;
    if (typeof given === 'number') return [pair(given), pair(given)];
    const [height, width] = list(pair, 2)(given);
    return [height!, width!];
  };
}

/** Reads the settings that the schema names; others (initializers, regularizers) do not matter here. */
export function readConfig<S extends Schema>(
  schema: S,
  config: Readonly<Record<string, unknown>>,
): Config<S> {
  const result: Record<string, unknown> = {};
  for (const [key, read] of Object.entries(schema)) {
    try {
      result[key] = read(Object.hasOwn(config, key) ? config[key] : undefined);
    } catch (error) {
      throw error instanceof SchemaError ? new SchemaError(`${key} ${error.message}`) : error;
    }
  }
  return result as Config<S>;
}

/** `channelsLast` and `HardSigmoid` as model.json writes them: `channels_last`, `hard_sigmoid`. */
export function snakeCase(word: string): string {
  return word.replace(/(?<=[a-z0-9])([A-Z])/g, '_$1').toLowerCase();
}
