/** Takes some milliseconds to load, which `--help` and the threads that read images need not wait for. */
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
