import type { Tensor4D } from '@tensorflow/tfjs';
import type { TensorFlow } from '../native.js';

/** A rectangle in the plane of an image; it may reach over the image's edges. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * The part of `images` [N, H, W, C] that lies in the window, with zeros where it reaches over the edges or lies
 * beyond them.
 */
export function cutWindow(tf: TensorFlow, images: Tensor4D, window: Window): Tensor4D {
  const rows = overlap(window.top, window.height, images.shape[1]);
  const columns = overlap(window.left, window.width, images.shape[2]);
  const [n, , , channels] = images.shape;
  if (rows.count <= 0 || columns.count <= 0) return tf.zeros([n, window.height, window.width, channels]);
  let result = images;
  if (rows.count < images.shape[1] || columns.count < images.shape[2]) {
    result = result.slice([0, rows.start, columns.start, 0], [-1, rows.count, columns.count, -1]);
  }
  const pads = [...rows.pads, ...columns.pads];
  if (pads.some((pad) => pad > 0)) result = tf.pad(result, [[0, 0], rows.pads, columns.pads, [0, 0]]);
  return result;
}

function overlap(start: number, size: number, available: number) {
  const from = Math.max(0, start);
  const to = Math.min(available, start + size);
  return { start: from, count: to - from, pads: [from - start, start + size - to] as [number, number] };
}

/** Puts `strideHeight - 1` rows and `strideWidth - 1` columns of zeros after each row and column. */
export function spreadByStrides(
  tf: TensorFlow,
  images: Tensor4D,
  strideHeight: number,
  strideWidth: number,
): Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return images;
  const [n, h, w, c] = images.shape;
  const wide = tf.pad(images.reshape([n * h * w, 1, c]), [
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ]);
  const rowSize = w * strideWidth * c;
  const tall = tf.pad(wide.reshape([n * h, 1, rowSize]), [
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
  ]);
  return tall.reshape([n, h * strideHeight, w * strideWidth, c]);
}
