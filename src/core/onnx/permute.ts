/** Axis orders of convolution kernels: `permute(kernel, HWIO_TO_OIHW)`. */
export const WIO_TO_OIW = [2, 1, 0] as const;
export const HWIO_TO_OIHW = [3, 2, 0, 1] as const;
export const DHWIO_TO_OIDHW = [4, 3, 0, 1, 2] as const;

/**
 * The axes of a channels-last tensor of this rank in the order that puts the channels second:
 * `[0, 3, 1, 2]` (NHWC to NCHW) for rank 4.
 */
export function channelsFirstAxes(rank: number): number[] {
  return [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)];
}

/** The inverse of `channelsFirstAxes`: `[0, 2, 3, 1]` (NCHW to NHWC) for rank 4. */
export function channelsLastAxes(rank: number): number[] {
  return [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
}

/**
 * Transposes a dense row-major tensor: axis i of the result is axis `axes[i]` of the source.
 *
 * @returns the source index of each element of the result.
 */
export function permutedIndices(shape: readonly number[], axes: readonly number[]): Uint32Array {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  let indices = Uint32Array.of(0);
  for (const axis of axes) {
    const count = shape[axis]!;
    const stride = strides[axis]!;
    const next = new Uint32Array(indices.length * count);
    for (let i = 0; i < indices.length; i++) {
      for (let j = 0; j < count; j++) next[i * count + j] = indices[i]! + j * stride;
    }
    indices = next;
  }
  return indices;
}

/** A transposed copy of a dense row-major tensor: axis i of the result is axis `axes[i]` of the source. */
export function permute(
  tensor: { readonly shape: readonly number[]; readonly data: Float32Array },
  axes: readonly number[],
): { shape: number[]; data: Float32Array } {
  return {
    shape: axes.map((axis) => tensor.shape[axis]!),
    data: Float32Array.from(permutedIndices(tensor.shape, axes), (from) => tensor.data[from]!),
  };
}
