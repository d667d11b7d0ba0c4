/** Takes longer to load than all else that `--help`, a lock or a thread that reads images needs. */
const crypto = () => process.getBuiltinModule('node:crypto');

/** The SHA-256 of all parts, one after the other, in hexadecimal. */
export function sha256Of(...parts: readonly (string | Uint8Array)[]): string {
  const hash = crypto().createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** So many random bytes, in hexadecimal. */
export function randomHex(bytes: number): string {
  return crypto().randomBytes(bytes).toString('hex');
}

/** What `fnv1a` starts with, and another number. */
const SEEDS = [0x811c9dc5, 0x9e3779b9];

/** 16 hexadecimal digits that tell texts apart (FNV-1a, twice), where nobody tries to make two alike. */
export function shortHash(text: string): string {
  return SEEDS.map((seed) => toHex(fnv1a(text, seed))).join('');
}

/** 8 hexadecimal digits by chance, where nobody tries to guess them. */
export function chance(): string {
  return toHex(Math.floor(2 ** 32 * Math.random()));
}

function fnv1a(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function toHex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
