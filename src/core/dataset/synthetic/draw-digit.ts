import { UserError } from '../../errors.js';
import { type Box, type GrayImage, MNIST_SIZE } from '../../image.js';
import type { Random } from '../../random.js';
import { createBetween } from './chance.js';
import { checkNumber, checkWhole } from './check-range.js';
import { DIGIT_STYLES } from './digits/index.js';
import type { Style } from './digits/style.js';
import { createWarp, jitterKnots } from './hand.js';
import { NON_DIGIT_STYLES } from './non-digits/index.js';
import { createPen } from './pen.js';
import { type Canvas, fitTraces, inkTrace } from './raster.js';
import { type Trace, traceStroke } from './trace.js';

/** MNIST's box: the digit fills it in height or in width, and stands by its centre of mass in 28x28. */
const MNIST_BOX = 20;

/**
 * An edge fades over this many pixels: MNIST was filtered as it was scaled down, and is softer than a plain
 * box filter (1 pixel) leaves it.
 */
const EDGE_MIN = 1;
const EDGE_RANGE = 0.7;

/** Of the canvas and of the box, in pixels. */
const MAX_SIDE = 8192;

/** What to draw, and on what. */
export interface DrawDigitOptions {
  /** 0 to 9. */
  readonly digit: number;
  readonly random: Random;
  /** The name of one of the digit's styles; without it, one is taken at random. */
  readonly style?: string;
  /** The pen's width, of the digit's height; without it, one is taken at random (0.06 to 0.4, mostly 0.15). */
  readonly penWidth?: number;
  /** How far the hand strays from the skeleton: 0 hardly, 1 (default) as people do. */
  readonly stray?: number;
}

/** A canvas for a digit of any size. */
export interface DrawDigitOnCanvasOptions extends DrawDigitOptions {
  readonly width: number;
  readonly height: number;
  /** Where the digit goes; it fills the box in height or in width. */
  readonly box: Box;
}

/**
 * Draws a digit as MNIST stores one: white ink on black, in a 20x20 box with its aspect kept, the centre of
 * mass within half a pixel of (14, 14) in 28x28.
 *
 * @returns 28x28, 0 background to 255 ink
 * @throws UserError for a digit or a style that does not exist
 */
export function drawDigit(options: DrawDigitOptions): GrayImage {
  const data = new Uint8Array(MNIST_SIZE * MNIST_SIZE);
  drawDigitInto(data, options);
  return { width: MNIST_SIZE, height: MNIST_SIZE, data };
}

/** {@link drawDigit} into the 784 zeros of `pixels`. */
export function drawDigitInto(pixels: Uint8Array, options: DrawDigitOptions): void {
  const box = { x: 0, y: 0, width: MNIST_BOX, height: MNIST_BOX };
  placeByMass(inkDigit({ ...options, width: MNIST_BOX, height: MNIST_BOX, box }), pixels);
}

/** Draws a letter, a sign or a scribble in MNIST's form into the 784 zeros of `pixels`. */
export function drawNonDigitInto(pixels: Uint8Array, random: Random): void {
  const style = chooseStyle(NON_DIGIT_STYLES, random);
  const box = { x: 0, y: 0, width: MNIST_BOX, height: MNIST_BOX };
  placeByMass(inkStyle(style, { random, width: MNIST_BOX, height: MNIST_BOX, box }), pixels);
}

/**
 * Draws a digit of any size and place, for pictures such as a user would have.
 *
 * @returns width x height, 0 background to 255 ink
 * @throws UserError for a digit or a style that does not exist, or an option out of its range
 */
export function drawDigitOnCanvas(options: DrawDigitOnCanvasOptions): GrayImage {
  checkOptions(options);
  const { width, height, ink } = inkDigit(options);
  return { width, height, data: Uint8Array.from(ink, toByte) };
}

/** Before any of it is drawn: beyond these ranges time and memory would have no bound. */
function checkOptions({ width, height, box, penWidth = 0.1, stray = 1 }: DrawDigitOnCanvasOptions): void {
  checkWhole('width', width, 1, MAX_SIDE);
  checkWhole('height', height, 1, MAX_SIDE);
  checkNumber('x', box.x, -MAX_SIDE, MAX_SIDE);
  checkNumber('y', box.y, -MAX_SIDE, MAX_SIDE);
  checkNumber('box width', box.width, 1, MAX_SIDE);
  checkNumber('box height', box.height, 1, MAX_SIDE);
  checkNumber('pen width', penWidth, 0.001, 1);
  checkNumber('stray', stray, 0, 10);
}

function inkDigit(options: DrawDigitOnCanvasOptions): Canvas {
  return inkStyle(styleOf(options), options);
}

type InkOptions = Omit<DrawDigitOnCanvasOptions, 'digit' | 'style'> & { readonly digit?: number };

function inkStyle(style: Style, options: InkOptions): Canvas {
  const { digit, random, width, height, box, stray = 1 } = options;
  const strokes = style.strokes(createBetween(random));
  const warp = createWarp(random, stray);
  const pen = createPen(digit, random, options.penWidth);
  const steps = Math.max(5, Math.ceil(Math.max(box.width, box.height) / 8));
  const traces = strokes.map((stroke): Trace => {
    const trace = traceStroke(jitterKnots(stroke, random, stray), steps);
    warp(trace);
    pen(trace, random);
    return trace;
  });
  fitTraces(traces, box);
  const canvas = {
    width,
    height,
    ink: new Float32Array(width * height),
    edge: EDGE_MIN + EDGE_RANGE * random(),
  };
  for (const trace of traces) inkTrace(canvas, trace);
  return canvas;
}

function styleOf({ digit, random, style: name }: DrawDigitOptions): Style {
  const styles = DIGIT_STYLES[digit];
  if (!styles) throw new UserError('synthetic digits are those from 0 to 9', { exitCode: 2 });
  if (name === undefined) return chooseStyle(styles, random);
  const named = styles.find((style) => style.name === name);
  if (!named) throw new UserError(`the digit ${digit} has no style ${name}`, { exitCode: 2 });
  return named;
}

/** One of the styles, by their weights. */
function chooseStyle(styles: readonly Style[], random: Random): Style {
  let left = random() * styles.reduce((sum, style) => sum + style.weight, 0);
  return (
    styles.find((style) => {
      left -= style.weight;
      return left < 0;
    }) ?? styles[0]!
  );
}

/** Copies the box into 28x28, whole pixels moved, so that the centre of mass comes nearest to (14, 14). */
function placeByMass({ width, height, ink }: Canvas, pixels: Uint8Array): void {
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < ink.length; i++) {
    const value = ink[i]!;
    sum += value;
    sumX += value * (i % width);
    sumY += value * Math.floor(i / width);
  }
  const left = keepWithin(Math.round(MNIST_SIZE / 2 - sumX / sum), MNIST_SIZE - width);
  const top = keepWithin(Math.round(MNIST_SIZE / 2 - sumY / sum), MNIST_SIZE - height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels[(y + top) * MNIST_SIZE + x + left] = toByte(ink[y * width + x]!);
    }
  }
}

function keepWithin(value: number, highest: number): number {
  return Math.max(0, Math.min(highest, value));
}

function toByte(ink: number): number {
  return Math.round(ink * 255);
}
