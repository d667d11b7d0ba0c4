/**
 * Kernels of training, in AssemblyScript: `npm run generate:simd` compiles them. For the WASM backend they work in
 * the backend's own memory, on float32 tensors whose addresses they are given, four numbers at a time; Adam's step,
 * at the end, serves all backends.
 *
 * Convolutions, their gradients and matrix products are all the same sums of products (`addProducts`), of four
 * lines of results at once: what differs is where they find their factors.
 */

/**
 * A convolution: y[n, i, j, k] is bias[k] and the sum of x[n, i·strideHeight + p, j·strideWidth + q, c] ·
 * w[p, q, c, k] over p, q and c, which must lie within x.
 *
 * What a row of the kernel meets of x lies in a line: q and c are one index here.
 *
 * @param x [batch, inHeight, inWidth, channels]
 * @param w [filterHeight, filterWidth, channels, filters]
 * @param bias [filters], or 0 for none
 * @param y [batch, outHeight, outWidth, filters], overwritten
 */
export function convolution(
  x: usize,
  w: usize,
  bias: usize,
  y: usize,
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
  const rowBytes = (inWidth * channels) << 2;
  const rowStep = strideHeight * rowBytes;
  const step = (strideWidth * channels) << 2;
  const positions = outHeight * outWidth;
  fillRows(y, batch * positions, bias, filterBytes);
  for (let n = 0; n < batch; n++) {
    for (let m = 0; m < positions; m += 4) {
      const to = y + m * filterBytes;
      addProducts(
        x + (m / outWidth) * rowStep + (m % outWidth) * step,
        x + ((m + 1) / outWidth) * rowStep + ((m + 1) % outWidth) * step,
        x + ((m + 2) / outWidth) * rowStep + ((m + 2) % outWidth) * step,
        x + ((m + 3) / outWidth) * rowStep + ((m + 3) % outWidth) * step,
        positions - m,
        rowBytes,
        4,
        w,
        filters,
        filterHeight,
        filterWidth * channels,
        to,
        to + filterBytes,
        to + 2 * filterBytes,
        to + 3 * filterBytes,
      );
    }
    x += inHeight * rowBytes;
    y += positions * filterBytes;
  }
}

/** Copies a row of so many bytes to each of `count` rows at `to`; zeros for the row 0. */
function fillRows(to: usize, count: i32, row: usize, bytes: i32): void {
  if (row === 0) {
    memory.fill(to, 0, count * bytes);
    return;
  }
  for (let i = 0; i < count; i++) memory.copy(to + i * bytes, row, bytes);
}

/**
 * The gradient of a convolution for its kernel: dw[p, q, c, k] is the sum of x[n, i·strideHeight + p,
 * j·strideWidth + q, c] · dy[n, i, j, k] over n, i and j, which must lie within x.
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
  const all = filterHeight * taps;
  memory.fill(dw, 0, all * filterBytes);
  // One image after the other, since it and its gradient fit into the cache.
  for (let n = 0; n < batch; n++) {
    for (let t = 0; t < all; t += 4) {
      const to = dw + t * filterBytes;
      addProducts(
        x + (t / taps) * rowBytes + ((t % taps) << 2),
        x + ((t + 1) / taps) * rowBytes + (((t + 1) % taps) << 2),
        x + ((t + 2) / taps) * rowBytes + (((t + 2) % taps) << 2),
        x + ((t + 3) / taps) * rowBytes + (((t + 3) % taps) << 2),
        all - t,
        strideHeight * rowBytes,
        (strideWidth * channels) << 2,
        dy,
        filters,
        outHeight,
        outWidth,
        to,
        to + filterBytes,
        to + 2 * filterBytes,
        to + 3 * filterBytes,
      );
    }
    x += inHeight * rowBytes;
    dy += outHeight * outWidth * filterBytes;
  }
}

/**
 * The gradient of a convolution for its input, as far as the kernel reaches: dx[n, i·strideHeight + p,
 * j·strideWidth + q, c] gets the sum of dy[n, i, j, k] · w[p, q, k, c] over k, for all i, j, p and q.
 *
 * @param dy [batch, outHeight, outWidth, filters]
 * @param w [filterHeight, filterWidth, filters, channels]: of the kernel, the last two axes exchanged
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
        for (let m = 0; m < positions; m += 4) {
          const from = dy + m * filterBytes;
          addProducts(
            from,
            from + filterBytes,
            from + 2 * filterBytes,
            from + 3 * filterBytes,
            positions - m,
            0,
            4,
            weights,
            channels,
            1,
            filters,
            to + (m / outWidth) * rowStep + (m % outWidth) * step,
            to + ((m + 1) / outWidth) * rowStep + ((m + 1) % outWidth) * step,
            to + ((m + 2) / outWidth) * rowStep + ((m + 2) % outWidth) * step,
            to + ((m + 3) / outWidth) * rowStep + ((m + 3) % outWidth) * step,
          );
        }
      }
    }
    dy += positions * filterBytes;
    dx += inHeight * rowBytes;
  }
}

/** How many of so many numbers are not 0. */
export function countNonZero(x: usize, length: i32): i32 {
  let count = 0;
  for (const end = x + (length << 2); x < end; x += 4) count += i32(load<f32>(x) !== 0);
  return count;
}

/**
 * `convolutionFilterGradient` for a gradient dy that is mostly 0, as that of max-pooling is: only the others are
 * multiplied.
 *
 * @param dw [filters, filterHeight, filterWidth, channels], overwritten
 * @param list room for outHeight · outWidth entries of `addListed`
 */
export function sparseFilterGradient(
  x: usize,
  dy: usize,
  dw: usize,
  list: usize,
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
  memory.fill(dw, 0, (filters * filterHeight * taps) << 2);
  for (let n = 0; n < batch; n++) {
    let to = dw;
    for (let k = 0; k < filters; k++) {
      let end = list;
      let from = dy + (k << 2);
      for (let i = 0; i < outHeight; i++) {
        for (let j = 0; j < outWidth; j++) {
          end = append(end, x + i * rowStep + j * step, load<f32>(from));
          from += filterBytes;
        }
      }
      for (let p = 0; p < filterHeight; p++) {
        addListed(list, end, p * rowBytes, taps, to);
        to += taps << 2;
      }
    }
    x += inHeight * rowBytes;
    dy += outHeight * outWidth * filterBytes;
  }
}

/**
 * `convolutionInputGradient` for a gradient dy that is mostly 0.
 *
 * @param w [filters, filterHeight, filterWidth, channels]
 * @param list room for as many entries of `addListed` as there are filters
 */
export function sparseInputGradient(
  dy: usize,
  w: usize,
  dx: usize,
  list: usize,
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
  const rowBytes = (inWidth * channels) << 2;
  const rowStep = strideHeight * rowBytes;
  const step = (strideWidth * channels) << 2;
  memory.fill(dx, 0, batch * inHeight * rowBytes);
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        let end = list;
        for (let k = 0; k < filters; k++) {
          end = append(end, w + ((k * filterHeight * taps) << 2), load<f32>(dy));
          dy += 4;
        }
        const to = dx + i * rowStep + j * step;
        for (let p = 0; p < filterHeight; p++) addListed(list, end, (p * taps) << 2, taps, to + p * rowBytes);
      }
    }
    dx += inHeight * rowBytes;
  }
}

/** Writes an entry of `addListed` at `end` and returns the list's new end: the same where the factor is 0. */
function append(end: usize, address: usize, factor: f32): usize {
  // Written in any case: a jump that depends on chance takes longer.
  store<usize>(end, address);
  store<f32>(end, factor, 4);
  return end + (i32(factor !== 0) << 3);
}

/**
 * Adds to the line of `length` numbers at `out` the sum of the lines that a list names, each times its factor.
 *
 * @param list entries of 8 bytes, an address and a float32 factor
 * @param offset is added to each address
 */
function addListed(list: usize, end: usize, offset: usize, length: i32, out: usize): void {
  const bytes = length << 2;
  let r = 0;
  for (; r + 128 <= bytes; r += 128) {
    let s0 = v128.load(out + r);
    let s1 = v128.load(out + r, 16);
    let s2 = v128.load(out + r, 32);
    let s3 = v128.load(out + r, 48);
    let s4 = v128.load(out + r, 64);
    let s5 = v128.load(out + r, 80);
    let s6 = v128.load(out + r, 96);
    let s7 = v128.load(out + r, 112);
    for (let entry = list; entry < end; entry += 8) {
      const from = load<usize>(entry) + offset + r;
      const factor = v128.load32_splat(entry, 4);
      s0 = f32x4.add(s0, f32x4.mul(factor, v128.load(from)));
      s1 = f32x4.add(s1, f32x4.mul(factor, v128.load(from, 16)));
      s2 = f32x4.add(s2, f32x4.mul(factor, v128.load(from, 32)));
      s3 = f32x4.add(s3, f32x4.mul(factor, v128.load(from, 48)));
      s4 = f32x4.add(s4, f32x4.mul(factor, v128.load(from, 64)));
      s5 = f32x4.add(s5, f32x4.mul(factor, v128.load(from, 80)));
      s6 = f32x4.add(s6, f32x4.mul(factor, v128.load(from, 96)));
      s7 = f32x4.add(s7, f32x4.mul(factor, v128.load(from, 112)));
    }
    v128.store(out + r, s0);
    v128.store(out + r, s1, 16);
    v128.store(out + r, s2, 32);
    v128.store(out + r, s3, 48);
    v128.store(out + r, s4, 64);
    v128.store(out + r, s5, 80);
    v128.store(out + r, s6, 96);
    v128.store(out + r, s7, 112);
  }
  for (; r + 16 <= bytes; r += 16) {
    let sum = v128.load(out + r);
    for (let entry = list; entry < end; entry += 8) {
      const factor = v128.load32_splat(entry, 4);
      sum = f32x4.add(sum, f32x4.mul(factor, v128.load(load<usize>(entry) + offset + r)));
    }
    v128.store(out + r, sum);
  }
  for (; r < bytes; r += 4) {
    let sum = load<f32>(out + r);
    for (let entry = list; entry < end; entry += 8)
      sum += load<f32>(entry, 4) * load<f32>(load<usize>(entry) + offset + r);
    store<f32>(out + r, sum);
  }
}

/**
 * A product of matrices: out[i, r] is the sum of a[i, j] · b[j, r] over j.
 *
 * @param a [rows, inner], its i-th row's j-th number at i · rowStep + j · step bytes
 * @param b [inner, columns]
 * @param out [rows, columns], overwritten
 */
export function matrixProduct(
  a: usize,
  b: usize,
  out: usize,
  rows: i32,
  inner: i32,
  columns: i32,
  rowStep: i32,
  step: i32,
): void {
  const bytes = columns << 2;
  memory.fill(out, 0, rows * bytes);
  for (let i = 0; i < rows; i += 4) {
    const from = a + i * rowStep;
    const to = out + i * bytes;
    addProducts(
      from,
      from + rowStep,
      from + 2 * rowStep,
      from + 3 * rowStep,
      rows - i,
      0,
      step,
      b,
      columns,
      1,
      inner,
      to,
      to + bytes,
      to + 2 * bytes,
      to + 3 * bytes,
    );
  }
}

/**
 * Adds to each number r of the line of `length` at `out0` the sum of a[i, j] · b[i · width + j, r] over i and j, a
 * at `a0`; likewise to the lines at `out1` to `out3` with `a1` to `a3`, or to the first `count` of the four lines.
 *
 * @param rowStep the i-th row's j-th number of each a is at i · rowStep + j · step bytes
 * @param b [height * width, length]
 */
function addProducts(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  count: i32,
  rowStep: i32,
  step: i32,
  b: usize,
  length: i32,
  height: i32,
  width: i32,
  out0: usize,
  out1: usize,
  out2: usize,
  out3: usize,
): void {
  if (count < 4) {
    addLine(a0, rowStep, step, b, length, height, width, out0);
    if (count > 1) addLine(a1, rowStep, step, b, length, height, width, out1);
    if (count > 2) addLine(a2, rowStep, step, b, length, height, width, out2);
    return;
  }
  const bytes = length << 2;
  let r = 0;
  for (; r + 32 <= bytes; r += 32) {
    let s00 = v128.load(out0 + r);
    let s01 = v128.load(out0 + r, 16);
    let s10 = v128.load(out1 + r);
    let s11 = v128.load(out1 + r, 16);
    let s20 = v128.load(out2 + r);
    let s21 = v128.load(out2 + r, 16);
    let s30 = v128.load(out3 + r);
    let s31 = v128.load(out3 + r, 16);
    let at = b + r;
    for (let i = 0; i < height; i++) {
      let from = i * rowStep;
      for (let j = 0; j < width; j++) {
        const b0 = v128.load(at);
        const b1 = v128.load(at, 16);
        const f0 = v128.load32_splat(a0 + from);
        s00 = f32x4.add(s00, f32x4.mul(f0, b0));
        s01 = f32x4.add(s01, f32x4.mul(f0, b1));
        const f1 = v128.load32_splat(a1 + from);
        s10 = f32x4.add(s10, f32x4.mul(f1, b0));
        s11 = f32x4.add(s11, f32x4.mul(f1, b1));
        const f2 = v128.load32_splat(a2 + from);
        s20 = f32x4.add(s20, f32x4.mul(f2, b0));
        s21 = f32x4.add(s21, f32x4.mul(f2, b1));
        const f3 = v128.load32_splat(a3 + from);
        s30 = f32x4.add(s30, f32x4.mul(f3, b0));
        s31 = f32x4.add(s31, f32x4.mul(f3, b1));
        from += step;
        at += bytes;
      }
    }
    v128.store(out0 + r, s00);
    v128.store(out0 + r, s01, 16);
    v128.store(out1 + r, s10);
    v128.store(out1 + r, s11, 16);
    v128.store(out2 + r, s20);
    v128.store(out2 + r, s21, 16);
    v128.store(out3 + r, s30);
    v128.store(out3 + r, s31, 16);
  }
  if (r === bytes) return;
  addRest(a0, rowStep, step, b + r, bytes, bytes - r, height, width, out0 + r);
  addRest(a1, rowStep, step, b + r, bytes, bytes - r, height, width, out1 + r);
  addRest(a2, rowStep, step, b + r, bytes, bytes - r, height, width, out2 + r);
  addRest(a3, rowStep, step, b + r, bytes, bytes - r, height, width, out3 + r);
}

/** Adds to one line of numbers at `out` as addProducts does. */
function addLine(
  a: usize,
  rowStep: i32,
  step: i32,
  b: usize,
  length: i32,
  height: i32,
  width: i32,
  out: usize,
): void {
  const bytes = length << 2;
  let r = 0;
  for (; r + 32 <= bytes; r += 32) {
    let first = v128.load(out + r);
    let second = v128.load(out + r, 16);
    let at = b + r;
    for (let i = 0; i < height; i++) {
      let from = a + i * rowStep;
      for (let j = 0; j < width; j++) {
        const factor = v128.load32_splat(from);
        first = f32x4.add(first, f32x4.mul(factor, v128.load(at)));
        second = f32x4.add(second, f32x4.mul(factor, v128.load(at, 16)));
        from += step;
        at += bytes;
      }
    }
    v128.store(out + r, first);
    v128.store(out + r, second, 16);
  }
  addRest(a, rowStep, step, b + r, bytes, bytes - r, height, width, out + r);
}

/** Adds to the last numbers of a line, `rest` bytes from `out` on, as addProducts does; a line of b has `bytes`. */
function addRest(
  a: usize,
  rowStep: i32,
  step: i32,
  b: usize,
  bytes: i32,
  rest: i32,
  height: i32,
  width: i32,
  out: usize,
): void {
  for (let r = 0; r < rest; r += 4) {
    let sum = load<f32>(out + r);
    let at = b + r;
    for (let i = 0; i < height; i++) {
      let from = a + i * rowStep;
      for (let j = 0; j < width; j++) {
        sum += load<f32>(from) * load<f32>(at);
        from += step;
        at += bytes;
      }
    }
    store<f32>(out + r, sum);
  }
}

/** So many rows are added up by themselves first: sums of very many numbers one by one lose their last digits. */
const ROWS = 128;

/**
 * The sum of each column: out[c] is the sum of x[i, c] over i.
 *
 * @param x [rows, columns]
 * @param out [columns], overwritten
 */
export function columnSums(x: usize, out: usize, rows: i32, columns: i32): void {
  const bytes = columns << 2;
  const vectorBytes = (columns & ~3) << 2;
  memory.fill(out, 0, bytes);
  for (let start = 0; start < rows; start += ROWS) {
    const end = x + min(rows, start + ROWS) * bytes;
    const from = x + start * bytes;
    let c = 0;
    for (; c < vectorBytes; c += 16) {
      let sum = f32x4.splat(0);
      for (let at = from + c; at < end; at += bytes) sum = f32x4.add(sum, v128.load(at));
      v128.store(out + c, f32x4.add(v128.load(out + c), sum));
    }
    for (; c < bytes; c += 4) {
      let sum: f32 = 0;
      for (let at = from + c; at < end; at += bytes) sum += load<f32>(at);
      store<f32>(out + c, load<f32>(out + c) + sum);
    }
  }
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

/**
 * Adam's step, in float64: it gives what JavaScript's own loop gives, to the last bit.
 *
 * @param weights float32 [count], moved in place; so are `m` and `v`, the running means
 * @param gradient float32 [count]
 * @param count even
 * @param meanRate 1 less beta 1
 * @param squareRate 1 less beta 2
 */
export function adamStep(
  weights: usize,
  m: usize,
  v: usize,
  gradient: usize,
  count: i32,
  rate: f64,
  meanRate: f64,
  squareRate: f64,
  epsilon: f64,
): void {
  const rates = f64x2.splat(rate);
  const meanRates = f64x2.splat(meanRate);
  const squareRates = f64x2.splat(squareRate);
  const epsilons = f64x2.splat(epsilon);
  const end = (<usize>count) << 2;
  for (let at: usize = 0; at < end; at += 8) {
    const g = f64x2.promote_low_f32x4(v128.load64_zero(gradient + at));
    let mean = f64x2.promote_low_f32x4(v128.load64_zero(m + at));
    let square = f64x2.promote_low_f32x4(v128.load64_zero(v + at));
    mean = f64x2.add(mean, f64x2.mul(meanRates, f64x2.sub(g, mean)));
    square = f64x2.add(square, f64x2.mul(squareRates, f64x2.sub(f64x2.mul(g, g), square)));
    v128.store64_lane(m + at, f32x4.demote_f64x2_zero(mean), 0);
    v128.store64_lane(v + at, f32x4.demote_f64x2_zero(square), 0);
    const move = f64x2.div(f64x2.mul(rates, mean), f64x2.add(f64x2.sqrt(square), epsilons));
    const moved = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(weights + at)), move);
    v128.store64_lane(weights + at, f32x4.demote_f64x2_zero(moved), 0);
  }
}
