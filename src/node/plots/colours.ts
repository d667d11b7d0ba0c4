/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

// The ends are the style's `right` and `wrong`, which colour-blind readers tell apart.
const DIVERGING: readonly Rgb[] = [
  [0, 80, 140],
  [0, 114, 178],
  [255, 255, 255],
  [213, 94, 0],
  [150, 60, 0],
];
const SEQUENTIAL: readonly Rgb[] = [
  [10, 14, 36],
  [0, 74, 140],
  [48, 150, 200],
  [190, 220, 190],
  [255, 250, 205],
];

/** Blue for -1 over white for 0 to orange for 1. */
export function divergingColour(value: number): Rgb {
  return between(DIVERGING, (value + 1) / 2);
}

/** Dark for 0 to light for 1, lighter at every step. */
export function sequentialColour(value: number): Rgb {
  return between(SEQUENTIAL, value);
}

function between(stops: readonly Rgb[], place: number): Rgb {
  const scaled = Math.max(0, Math.min(1, place)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(scaled));
  return mix(stops[i]!, stops[i + 1]!, scaled - i);
}

/** `share` of the second colour, 0 to 1. */
export function mix(first: Rgb, second: Rgb, share: number): Rgb {
  const channel = (c: 0 | 1 | 2) => Math.round(first[c] + (second[c] - first[c]) * share);
  return [channel(0), channel(1), channel(2)];
}

export function cssColour([r, g, b]: Rgb): string {
  return `rgb(${r}, ${g}, ${b})`;
}
