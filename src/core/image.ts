/** An 8-bit grey picture: `data[y * width + x]`, row by row from the top left, 0 is black and 255 white. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** 8-bit pixels as decoders and canvases give them: interleaved grey, grey + alpha, RGB or RGBA, sRGB, alpha not premultiplied. */
export interface RawPixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  /** [height, width, channels] */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** A rectangle in an image's own pixels; `x` and `y` are its top left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The side of MNIST's square images, in pixels. */
export const MNIST_SIZE = 28;

/** The pixels of one MNIST image. */
export const MNIST_PIXELS = MNIST_SIZE * MNIST_SIZE;
