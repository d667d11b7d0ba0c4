/** A fraction in hundredths of a percent: `99.23%`. */
export function formatPercent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)}%`;
}
