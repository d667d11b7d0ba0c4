/**
 * Kernels of training for the WASM backend, in AssemblyScript: `npm run generate:simd` compiles them. They work in
 * the backend's own memory, on float32 tensors whose addresses they are given, four numbers at a time.
 */

/**
 * The gradient of a convolution for its kernel: dw[p, q, c, k] is the sum of x[n, i·strideHeight + p,
 * j·strideWidth + q, c] · dy[n, i, j, k] over n, i and j, which must lie within x.
 *
 * What a row of the kernel meets of x lies in a line: q and c are one index here, the tap.
 *
 * @param x [batch, inHeight, inWidth, channels]
 * @param dy [batch, outHeight, outWidth, filters]
 * @param dw [filterHeight, filterWidth, channels, filters], overwritten
 */
export function convolutionFilterGradient(
  x: usize,
  dy: usize,
  dw: usize,
  batch: i32,
  inHeight: i32,
  inWidth: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  filters: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
): void {
  const taps = filterWidth * channels;
  const filterBytes = filters << 2;
  const rowBytes = (inWidth * channels) << 2;
  const rowStep = strideHeight * rowBytes;
  const step = (strideWidth * channels) << 2;
  memory.fill(dw, 0, filterHeight * taps * filterBytes);
  // One image after the other, since it and its gradient fit into the cache.
  for (let n = 0; n < batch; n++) {
    for (let p = 0; p < filterHeight; p++) {
      const row = x + p * rowBytes;
      const out = dw + p * taps * filterBytes;
      let t = 0;
      for (; t + 4 <= taps; t += 4) {
        for (let k = 0; k + 8 <= filters; k += 8) {
          const at = out + t * filterBytes + (k << 2);
          addFourTaps(row + (t << 2), dy + (k << 2), at, outHeight, outWidth, rowStep, step, filterBytes);
        }
      }
      for (; t < taps; t++) {
        for (let k = 0; k + 8 <= filters; k += 8) {
          const at = out + t * filterBytes + (k << 2);
          addOneTap(row + (t << 2), dy + (k << 2), at, outHeight, outWidth, rowStep, step, filterBytes);
        }
      }
      for (t = 0; t < taps; t++) {
        for (let k = filters & ~7; k < filters; k++) {
          const at = out + t * filterBytes + (k << 2);
          addOneNumber(row + (t << 2), dy + (k << 2), at, outHeight, outWidth, rowStep, step, filterBytes);
        }
      }
    }
    x += inHeight * rowBytes;
    dy += outHeight * outWidth * filterBytes;
  }
}

/** Adds one image's part to dw[tap .. tap + 4, k .. k + 8]. */
function addFourTaps(
  x: usize,
  dy: usize,
  dw: usize,
  height: i32,
  width: i32,
  rowStep: i32,
  step: i32,
  filterBytes: i32,
): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  let c0 = a0;
  let c1 = a0;
  let d0 = a0;
  let d1 = a0;
  for (let i = 0; i < height; i++) {
    let from = x + i * rowStep;
    for (let j = 0; j < width; j++) {
      const y0 = v128.load(dy);
      const y1 = v128.load(dy, 16);
      const a = v128.load32_splat(from);
      a0 = f32x4.add(a0, f32x4.mul(a, y0));
      a1 = f32x4.add(a1, f32x4.mul(a, y1));
      const b = v128.load32_splat(from, 4);
      b0 = f32x4.add(b0, f32x4.mul(b, y0));
      b1 = f32x4.add(b1, f32x4.mul(b, y1));
      const c = v128.load32_splat(from, 8);
      c0 = f32x4.add(c0, f32x4.mul(c, y0));
      c1 = f32x4.add(c1, f32x4.mul(c, y1));
      const d = v128.load32_splat(from, 12);
      d0 = f32x4.add(d0, f32x4.mul(d, y0));
      d1 = f32x4.add(d1, f32x4.mul(d, y1));
      from += step;
      dy += filterBytes;
    }
  }
  addTo(dw, a0, a1);
  addTo(dw + filterBytes, b0, b1);
  addTo(dw + 2 * filterBytes, c0, c1);
  addTo(dw + 3 * filterBytes, d0, d1);
}

/** Adds one image's part to dw[tap, k .. k + 8]. */
function addOneTap(
  x: usize,
  dy: usize,
  dw: usize,
  height: i32,
  width: i32,
  rowStep: i32,
  step: i32,
  filterBytes: i32,
): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  for (let i = 0; i < height; i++) {
    let from = x + i * rowStep;
    for (let j = 0; j < width; j++) {
      const a = v128.load32_splat(from);
      a0 = f32x4.add(a0, f32x4.mul(a, v128.load(dy)));
      a1 = f32x4.add(a1, f32x4.mul(a, v128.load(dy, 16)));
      from += step;
      dy += filterBytes;
    }
  }
  addTo(dw, a0, a1);
}

/** Adds one image's part to dw[tap, k]. */
function addOneNumber(
  x: usize,
  dy: usize,
  dw: usize,
  height: i32,
  width: i32,
  rowStep: i32,
  step: i32,
  filterBytes: i32,
): void {
  let sum: f32 = 0;
  for (let i = 0; i < height; i++) {
    let from = x + i * rowStep;
    for (let j = 0; j < width; j++) {
      sum += load<f32>(from) * load<f32>(dy);
      from += step;
      dy += filterBytes;
    }
  }
  store<f32>(dw, load<f32>(dw) + sum);
}

function addTo(at: usize, first: v128, second: v128): void {
  v128.store(at, f32x4.add(v128.load(at), first));
  v128.store(at, f32x4.add(v128.load(at, 16), second), 16);
}

/**
 * The gradient of max-pooling: each output's gradient goes to the first number of its window that equals it.
 *
 * @param x [batch, inHeight, inWidth, channels]
 * @param y the maxima, [batch, outHeight, outWidth, channels]
 * @param dy as y
 * @param dx as x, overwritten
 */
export function maxPoolGradient(
  x: usize,
  y: usize,
  dy: usize,
  dx: usize,
  batch: i32,
  inHeight: i32,
  inWidth: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
): void {
  const pixelBytes = channels << 2;
  const rowBytes = inWidth * pixelBytes;
  const vectorBytes = (channels & ~3) << 2;
  memory.fill(dx, 0, batch * inHeight * rowBytes);
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * strideHeight - padTop;
      const firstRow = max(0, top) * rowBytes;
      const endRow = min(inHeight, top + filterHeight) * rowBytes;
      for (let j = 0; j < outWidth; j++) {
        const left = j * strideWidth - padLeft;
        const first = max(0, left) * pixelBytes;
        const end = min(inWidth, left + filterWidth) * pixelBytes;
        let c = 0;
        for (; c < vectorBytes; c += 16) {
          const greatest = v128.load(y + c);
          let gradient = v128.load(dy + c);
          for (let row = firstRow; row < endRow; row += rowBytes) {
            for (let at = row + first + c; at < row + end; at += pixelBytes) {
              const hit = f32x4.eq(v128.load(x + at), greatest);
              v128.store(dx + at, f32x4.add(v128.load(dx + at), v128.and(gradient, hit)));
              // Given once: what is left for later equal numbers is 0.
              gradient = v128.andnot(gradient, hit);
            }
          }
        }
        for (; c < pixelBytes; c += 4) {
          const greatest = load<f32>(y + c);
          let gradient = load<f32>(dy + c);
          for (let row = firstRow; row < endRow; row += rowBytes) {
            for (let at = row + first + c; at < row + end; at += pixelBytes) {
              if (load<f32>(x + at) !== greatest) continue;
              store<f32>(dx + at, load<f32>(dx + at) + gradient);
              gradient = 0;
            }
          }
        }
        y += pixelBytes;
        dy += pixelBytes;
      }
    }
    x += inHeight * rowBytes;
    dx += inHeight * rowBytes;
  }
}
