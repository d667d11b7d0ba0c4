/** Whether two pictures, or the absence of one, are the same. */
export function arePixelsEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && a.length === b.length && a.every((value, i) => value === b[i]);
}
