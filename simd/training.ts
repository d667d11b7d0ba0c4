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
      let t = 0;
      while (t < taps) {
        const count = t + 4 <= taps ? 4 : 1;
        const from = x + p * rowBytes + (t << 2);
        const to = dw + (p * taps + t) * filterBytes;
        addProducts(
          from,
          count,
          dy,
          filters,
          outHeight,
          outWidth,
          rowStep,
          step,
          to,
          to + filterBytes,
          to + 2 * filterBytes,
          to + 3 * filterBytes,
        );
        t += count;
      }
    }
    x += inHeight * rowBytes;
    dy += outHeight * outWidth * filterBytes;
  }
}

/**
 * The gradient of a convolution for its input, as far as the kernel reaches: dx[n, i·strideHeight + p,
 * j·strideWidth + q, c] gets the sum of dy[n, k, i, j] · w[p, q, k, c] over k, for all i, j, p and q.
 *
 * @param dy [batch, filters, outHeight, outWidth]
 * @param w [filterHeight, filterWidth, filters, channels]
 * @param dx [batch, inHeight, inWidth, channels], overwritten
 */
export function convolutionInputGradient(
  dy: usize,
  w: usize,
  dx: usize,
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
  const filterBytes = filters << 2;
  const pixelBytes = channels << 2;
  const rowBytes = inWidth * pixelBytes;
  const rowStep = strideHeight * rowBytes;
  const step = strideWidth * pixelBytes;
  const positions = outHeight * outWidth;
  memory.fill(dx, 0, batch * inHeight * rowBytes);
  for (let n = 0; n < batch; n++) {
    for (let p = 0; p < filterHeight; p++) {
      for (let q = 0; q < filterWidth; q++) {
        const weights = w + (p * filterWidth + q) * filterBytes * channels;
        const to = dx + p * rowBytes + q * pixelBytes;
        let m = 0;
        while (m < positions) {
          const count = m + 4 <= positions ? 4 : 1;
          addProducts(
            dy + (m << 2),
            count,
            weights,
            channels,
            1,
            filters,
            0,
            positions << 2,
            to + (m / outWidth) * rowStep + (m % outWidth) * step,
            to + ((m + 1) / outWidth) * rowStep + ((m + 1) % outWidth) * step,
            to + ((m + 2) / outWidth) * rowStep + ((m + 2) % outWidth) * step,
            to + ((m + 3) / outWidth) * rowStep + ((m + 3) % outWidth) * step,
          );
          m += count;
        }
      }
    }
    dy += positions * filterBytes;
    dx += inHeight * rowBytes;
  }
}

/**
 * Adds to each number r of a line of `length` at `out0` the sum of a[i, j] · b[i · width + j, r] over i and j; and
 * if `count` is 4, not 1, likewise at `out1` to `out3` for the three numbers that follow each of a.
 *
 * @param a i-th row, j-th number at i · rowStep + j · step bytes
 * @param b [height * width, length]
 */
function addProducts(
  a: usize,
  count: i32,
  b: usize,
  length: i32,
  height: i32,
  width: i32,
  rowStep: i32,
  step: i32,
  out0: usize,
  out1: usize,
  out2: usize,
  out3: usize,
): void {
  const bytes = length << 2;
  let r = 0;
  for (; r + 32 <= bytes; r += 32) {
    if (count === 1) {
      addVector(a, b + r, bytes, height, width, rowStep, step, out0 + r);
      continue;
    }
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let d0 = a0;
    let d1 = a0;
    let at = b + r;
    for (let i = 0; i < height; i++) {
      let from = a + i * rowStep;
      for (let j = 0; j < width; j++) {
        const y0 = v128.load(at);
        const y1 = v128.load(at, 16);
        const first = v128.load32_splat(from);
        a0 = f32x4.add(a0, f32x4.mul(first, y0));
        a1 = f32x4.add(a1, f32x4.mul(first, y1));
        const second = v128.load32_splat(from, 4);
        b0 = f32x4.add(b0, f32x4.mul(second, y0));
        b1 = f32x4.add(b1, f32x4.mul(second, y1));
        const third = v128.load32_splat(from, 8);
        c0 = f32x4.add(c0, f32x4.mul(third, y0));
        c1 = f32x4.add(c1, f32x4.mul(third, y1));
        const fourth = v128.load32_splat(from, 12);
        d0 = f32x4.add(d0, f32x4.mul(fourth, y0));
        d1 = f32x4.add(d1, f32x4.mul(fourth, y1));
        from += step;
        at += bytes;
      }
    }
    addTo(out0 + r, a0, a1);
    addTo(out1 + r, b0, b1);
    addTo(out2 + r, c0, c1);
    addTo(out3 + r, d0, d1);
  }
  for (; r < bytes; r += 4) {
    addNumber(a, b + r, bytes, height, width, rowStep, step, out0 + r);
    if (count === 1) continue;
    addNumber(a + 4, b + r, bytes, height, width, rowStep, step, out1 + r);
    addNumber(a + 8, b + r, bytes, height, width, rowStep, step, out2 + r);
    addNumber(a + 12, b + r, bytes, height, width, rowStep, step, out3 + r);
  }
}

/** Adds to eight numbers at `out` as addProducts does. */
function addVector(
  a: usize,
  b: usize,
  bytes: i32,
  height: i32,
  width: i32,
  rowStep: i32,
  step: i32,
  out: usize,
): void {
  let first = f32x4.splat(0);
  let second = first;
  for (let i = 0; i < height; i++) {
    let from = a + i * rowStep;
    for (let j = 0; j < width; j++) {
      const factor = v128.load32_splat(from);
      first = f32x4.add(first, f32x4.mul(factor, v128.load(b)));
      second = f32x4.add(second, f32x4.mul(factor, v128.load(b, 16)));
      from += step;
      b += bytes;
    }
  }
  addTo(out, first, second);
}

/** Adds to one number at `out` as addProducts does. */
function addNumber(
  a: usize,
  b: usize,
  bytes: i32,
  height: i32,
  width: i32,
  rowStep: i32,
  step: i32,
  out: usize,
): void {
  let sum: f32 = 0;
  for (let i = 0; i < height; i++) {
    let from = a + i * rowStep;
    for (let j = 0; j < width; j++) {
      sum += load<f32>(from) * load<f32>(b);
      from += step;
      b += bytes;
    }
  }
  store<f32>(out, load<f32>(out) + sum);
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
