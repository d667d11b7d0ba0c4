/**
 * The value that stands at `rank` of the values in ascending order, found by counting.
 *
 * @param rank 0 to the number of values less 1
 */
export function valueAtRank(values: Uint8Array, rank: number): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < values.length; i++) counts[values[i]!]! += 1;
  return rankInCounts(counts, rank);
}

/** {@link valueAtRank} of values that are counted already. */
export function rankInCounts(counts: Uint32Array, rank: number): number {
  let value = 0;
  for (let below = counts[0]!; below <= rank && value < counts.length - 1; ) below += counts[++value]!;
  return value;
}
