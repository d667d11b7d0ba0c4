/** The least number of characters to insert, delete or replace that makes `b` of `a` (Levenshtein 1965). */
export function editDistance(a, b) {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let k = 1; k <= b.length; k++) {
      row[k] = Math.min(above[k] + 1, row[k - 1] + 1, above[k - 1] + Number(a[i - 1] !== b[k - 1]));
    }
    above = row;
  }
  return above[b.length];
}
