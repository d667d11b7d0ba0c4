import type { Box, GrayImage } from '../image.js';
import { type Component, findComponents } from './components.js';
import { estimatePaper } from './paper.js';

/** The ink of a picture: 0 paper, 255 full ink, whatever the colours were, and the box around it. */
export interface Ink {
  readonly image: GrayImage;
  readonly box: Box;
}

/** Ink must stand out from the paper by this share of the way to black (or white)... */
const MIN_CONTRAST = 0.1;
/** ...and by this many standard deviations of the paper's own grey. */
const MIN_CONTRAST_SIGMAS = 4;
/** Ground darker than this (or, for light ink, lighter by as much) holds too little light to divide by. */
const MIN_REACH = 60;
/** A piece's longer side, as a share of the picture's longer side; smaller ones are specks. */
const MIN_PIECE_SIDE = 0.03;
/** A piece's area, as a share of the largest piece's. */
const MIN_PIECE_AREA = 0.03;
/** A piece that touches the border is taken for frame or table where a free one has this share of its area. */
const FREE_PIECE_AREA = 0.2;

/**
 * Separates ink from paper: the paper's light is divided out, ink told from paper by Otsu's threshold
 * (followed down to its soft edges), specks dropped. `undefined` means that there is no ink.
 */
export function findInk(image: GrayImage): Ink | undefined {
  const { width, height } = image;
  const { density, noise } = inkDensity(image);
  const otsu = otsuThreshold(density);
  const threshold = Math.max(otsu, MIN_CONTRAST * 255, MIN_CONTRAST_SIGMAS * noise);
  const edge = Math.max(0.5 * threshold, Math.min(threshold, 3 * noise));
  const { components, labels } = findComponents(density, width, height, edge);
  const kept = keepDigit(components, threshold, Math.max(width, height));
  if (kept.length === 0) return undefined;
  const isKept = new Uint8Array(components.length + 1);
  for (const { label } of kept) isKept[label] = 1;
  const box = unite(kept.map((piece) => piece.box));
  return { image: { width, height, data: normalize(density, labels, isKept, threshold, noise) }, box };
}

/** How far each pixel lies from the paper towards full ink, 0 to 255, and the paper's noise in that unit. */
function inkDensity({ width, height, data }: GrayImage): { density: Uint8Array; noise: number } {
  const paper = estimatePaper({ width, height, data });
  const density = new Uint8Array(data.length);
  const isLight = paper.ink === 'light';
  // Light ink adds to a dark ground. Dark ink takes a share of the light, in a shadow as in the sun; where
  // there is hardly any, noise must not be blown up.
  const lightReach = Math.max(MIN_REACH, 255 - paper.at((width - 1) / 2, (height - 1) / 2));
  let sumOfReach = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const ground = paper.at(x, y);
      const reach = isLight ? lightReach : Math.max(MIN_REACH, ground);
      const distance = isLight ? data[at]! - ground : ground - data[at]!;
      density[at] = Math.max(0, Math.min(255, Math.round((255 * distance) / reach)));
      sumOfReach += reach;
    }
  }
  return { density, noise: (255 * paper.noise * density.length) / sumOfReach };
}

/** The threshold that best parts a histogram in two (Otsu 1979). */
export function otsuThreshold(values: Uint8Array): number {
  const histogram = new Float64Array(256);
  let total = 0;
  for (const v of values) {
    histogram[v]! += 1;
    total += v;
  }
  let below = 0;
  let sumBelow = 0;
  let best = 0;
  let threshold = 0;
  for (let t = 0; t < 255; t++) {
    below += histogram[t]!;
    sumBelow += t * histogram[t]!;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const difference = sumBelow / below - (total - sumBelow) / above;
    const between = below * above * difference * difference;
    if (between > best) {
      best = between;
      threshold = t + 1;
    }
  }
  return threshold;
}

function keepDigit(pieces: readonly Component[], threshold: number, imageSide: number): Component[] {
  const side = (piece: Component) => Math.max(piece.box.width, piece.box.height);
  const minSide = Math.max(4, MIN_PIECE_SIDE * imageSide);
  let inked = pieces.filter((piece) => piece.peak >= threshold);
  const largest = (of: readonly Component[]) => of.reduce((most, piece) => Math.max(most, piece.area), 0);
  const free = inked.filter((piece) => !piece.touchesBorder && side(piece) >= minSide);
  if (largest(free) >= FREE_PIECE_AREA * largest(inked)) inked = inked.filter((p) => !p.touchesBorder);
  const minArea = MIN_PIECE_AREA * largest(inked);
  const digit = inked.filter((piece) => piece.area >= minArea);
  return digit.some((piece) => side(piece) >= minSide) ? digit : [];
}

/** Scales the ink so that its strokes are full and the paper round it is empty. */
function normalize(
  density: Uint8Array,
  labels: Int32Array,
  isKept: Uint8Array,
  threshold: number,
  noise: number,
): Uint8Array {
  const strong: number[] = [];
  for (let i = 0; i < density.length; i++) {
    if (isKept[labels[i]!] && density[i]! >= threshold) strong.push(density[i]!);
  }
  strong.sort((a, b) => a - b);
  const full = strong[Math.floor(0.5 * strong.length)] ?? 255;
  const empty = Math.min(2 * noise, 0.5 * threshold);
  return density.map((v, i) =>
    isKept[labels[i]!] ? Math.max(0, Math.min(255, Math.round((255 * (v - empty)) / (full - empty)))) : 0,
  );
}

function unite(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  const right = Math.max(...boxes.map((b) => b.x + b.width));
  const bottom = Math.max(...boxes.map((b) => b.y + b.height));
  return { x, y, width: right - x, height: bottom - y };
}
