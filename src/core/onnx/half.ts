/** The value of an IEEE 754 half-precision number given as its 16 bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The largest number that half precision holds. */
export const MAX_HALF = 65504;

/** The 16 bits of the nearest half-precision number, ties to even; beyond the largest one it is infinite. */
export function numberToHalf(value: number): number {
  const sign = Object.is(Math.sign(value), -1) || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  // Half way from the largest number to the next one it would be.
  if (size >= 65520) return sign | 0x7c00;
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size) + 1e-12);
  // Steps of this exponent; rounding up to the next power of two carries into the exponent's bits by itself.
  const steps = roundToEven(size / 2 ** (exponent - 10));
  const bits = size < 2 ** -14 ? steps : ((exponent + 15) << 10) + (steps - 1024);
  return sign | bits;
}

/** Rounds to the nearest whole number, ties to the even one. */
export function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
