/** A number in three digits: `0.125`, `24.6`, `4.77e-6`. */
export function formatFigure(value: number): string {
  const short = Number(value.toPrecision(3));
  return short === 0 || (Math.abs(short) >= 0.001 && Math.abs(short) < 1e6)
    ? String(short)
    : short.toExponential();
}
