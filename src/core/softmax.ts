/**
 * The softmax of each row.
 *
 * @param logits [N, K]
 * @returns [N, K]
 */
export function softmaxRows(logits: Float32Array, classCount: number): Float32Array {
  const result = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += classCount) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classCount; k++) highest = Math.max(highest, logits[row + k]!);
    let sum = 0;
    for (let k = 0; k < classCount; k++) {
      const value = Math.exp(logits[row + k]! - highest);
      result[row + k] = value;
      sum += value;
    }
    for (let k = 0; k < classCount; k++) result[row + k]! /= sum;
  }
  return result;
}
