import type { GrayImage, RawPixels } from '../image.js';
import { type ChannelWeights, chooseWeights } from './ink-channel.js';

/**
 * Turns decoded pixels to grey: luma (ITU-R BT.601), or the channel that shows coloured ink clearly better;
 * exactly `v` where red, green and blue are all `v`. Of pixels that are grey already, the memory is shared.
 *
 * Transparent pixels get the colour that a person imagines there: around a drawing the opposite of its
 * ink, so that white strokes on nothing stay visible; round the corners of an opaque picture its paper.
 */
export function grayFromPixels(pixels: RawPixels): GrayImage {
  const { width, height, channels } = pixels;
  const luma = lumaOf(pixels);
  if (channels === 2 || channels === 4) flattenAlpha(luma, pixels);
  return { width, height, data: luma };
}

function lumaOf(pixels: RawPixels): Uint8Array {
  const { width, height, channels, data } = pixels;
  const count = width * height;
  if (channels === 1) return new Uint8Array(data.buffer, data.byteOffset, count);
  const luma = new Uint8Array(count);
  if (channels === 2) {
    for (let i = 0; i < count; i++) luma[i] = data[2 * i]!;
    return luma;
  }
  weigh(chooseWeights(pixels), pixels, luma);
  return luma;
}

/** Alone, so that V8 makes fast code of it however short the pictures before were. */
function weigh([red, green, blue]: ChannelWeights, { channels, data }: RawPixels, luma: Uint8Array): void {
  for (let i = 0, at = 0; i < luma.length; i++, at += channels) {
    luma[i] = (red * data[at]! + green * data[at + 1]! + blue * data[at + 2]! + 128) >> 8;
  }
}

function flattenAlpha(luma: Uint8Array, { channels, data }: RawPixels): void {
  const alphaAt = channels - 1;
  const histogram = new Float64Array(256);
  let opacity = 0;
  for (let i = 0; i < luma.length; i++) {
    const alpha = data[i * channels + alphaAt]!;
    opacity += alpha;
    histogram[luma[i]!]! += alpha;
  }
  if (opacity === 255 * luma.length) return;
  const behind = colourBehind(histogram, opacity, luma.length);
  for (let i = 0; i < luma.length; i++) {
    const alpha = data[i * channels + alphaAt]!;
    luma[i] = Math.round((luma[i]! * alpha + behind * (255 - alpha)) / 255);
  }
}

function colourBehind(histogram: Float64Array, opacity: number, count: number): number {
  let visible = 0;
  let median = 0;
  while (median < 255 && visible + histogram[median]! < opacity / 2) visible += histogram[median++]!;
  const mostlyOpaque = opacity > 0.5 * 255 * count;
  if (mostlyOpaque) return median;
  return median < 128 ? 255 : 0;
}
