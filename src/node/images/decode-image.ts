import type { Sharp } from 'sharp';
import { messageOf, UserError } from '../../core/errors.js';
import type { GrayImage, RawPixels } from '../../core/image.js';
import { grayFromPixels } from '../../core/preprocess/to-gray.js';
import { checkSvg } from './check-svg.js';
import { decodePlainPng } from './plain-png.js';

/** Pictures of more pixels are refused: one would take 400 MB and more. */
const MAX_MEGAPIXELS = 100;
/** The longest that one picture may take; those that need it are made to waste time. */
const MAX_SECONDS = 20;

/** A decoded picture, perhaps smaller than it is. */
export interface DecodedImage {
  readonly image: GrayImage;
  /** The picture's own size in pixels, upright. */
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes a picture of any format that sharp reads (PNG, JPEG, WebP, GIF, TIFF, AVIF, SVG), upright by its
 * EXIF orientation, as 8-bit grey; of several pages or frames the first.
 *
 * @throws UserError with a clause that says why it cannot be read.
 */
export async function decodeImage(bytes: Uint8Array): Promise<GrayImage> {
  return (await decodeReduced(bytes, Number.POSITIVE_INFINITY)).image;
}

/**
 * {@link decodeImage}, but made smaller by a power of two where its longer side stays at least `side`: a
 * JPEG of a camera is decoded so in half the time, and no large picture is ever held whole.
 *
 * @throws UserError as `decodeImage`.
 */
export async function decodeReduced(bytes: Uint8Array, side: number): Promise<DecodedImage> {
  if (bytes.length === 0) throw new UserError('the file is empty');
  const plain = decodePlain(bytes);
  if (plain) return plain;
  checkSvg(bytes);
  try {
    return await decodeWithSharp(bytes, side);
  } catch (error) {
    throw new UserError(decodeReason(bytes, messageOf(error)), { cause: error });
  }
}

/** {@link decodeReduced} at once, for small pictures of the plainest kind; `undefined` for all others. */
export function decodePlain(bytes: Uint8Array): DecodedImage | undefined {
  const plain = decodePlainPng(bytes);
  return plain && { image: grayFromPixels(plain), width: plain.width, height: plain.height };
}

/** A picture that sharp is to work on, as all are opened: what merely makes decoders warn is read. */
export async function openPicture(bytes: Uint8Array): Promise<Sharp> {
  const { default: sharp } = await import('./sharp.js');
  return sharp(bytes, { limitInputPixels: MAX_MEGAPIXELS * 1e6, failOn: 'error' });
}

async function decodeWithSharp(bytes: Uint8Array, side: number): Promise<DecodedImage> {
  const picture = await openPicture(bytes);
  const { width, height } = (await picture.metadata()).autoOrient;
  let pipeline = picture.autoOrient();
  const shrink = 2 ** Math.floor(Math.log2(Math.max(1, Math.max(width, height) / side)));
  if (shrink > 1) {
    const size = [Math.max(1, Math.floor(width / shrink)), Math.max(1, Math.floor(height / shrink))] as const;
    pipeline = pipeline.resize(...size, { fit: 'fill', kernel: 'linear' });
  }
  const { data, info } = await pipeline
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .timeout({ seconds: MAX_SECONDS })
    .toBuffer({ resolveWithObject: true });
  const channels = info.channels as RawPixels['channels'];
  return {
    image: grayFromPixels({ width: info.width, height: info.height, channels, data }),
    width: shrink > 1 ? width : info.width,
    height: shrink > 1 ? height : info.height,
  };
}

function decodeReason(bytes: Uint8Array, message: string): string {
  if (/unsupported image format/i.test(message)) {
    return looksLikeText(bytes)
      ? 'it is a text file, not an image'
      : 'it is no image of a known format (PNG, JPEG, WebP, GIF, TIFF, AVIF, SVG)';
  }
  if (/pixel limit/i.test(message)) return `the image has more than ${MAX_MEGAPIXELS} megapixels`;
  if (/timeout/i.test(message)) return `the image takes more than ${MAX_SECONDS} seconds to decode`;
  const detail = message.split('\n', 1)[0]!.trim().replace(/[.:]$/, '');
  return `the image is damaged or cut off (${detail})`;
}

function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 512).every((b) => b === 9 || b === 10 || b === 13 || (b >= 32 && b !== 127));
}
