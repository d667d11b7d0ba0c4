import sharp from 'sharp';
import { messageOf, UserError } from '../../core/errors.js';
import type { GrayImage } from '../../core/image.js';
import { grayFromPixels } from '../../core/preprocess/to-gray.js';

/** Pictures of more pixels are refused: one would take 400 MB and more. */
export const MAX_MEGAPIXELS = 100;

// Every picture is seen once: a cache of decoded ones only grows. Several are decoded at a time, each on
// one thread, which serves many small pictures best.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes a picture of any format that sharp reads (PNG, JPEG, WebP, GIF, TIFF, AVIF, SVG), upright by its
 * EXIF orientation, as 8-bit grey; of several pages or frames the first.
 *
 * @throws UserError with a clause that says why it cannot be read.
 */
export async function decodeImage(bytes: Uint8Array): Promise<GrayImage> {
  if (bytes.length === 0) throw new UserError('the file is empty');
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_MEGAPIXELS * 1e6, failOn: 'error' })
      .autoOrient()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return grayFromPixels({
      width: info.width,
      height: info.height,
      channels: info.channels as 1 | 2 | 3 | 4,
      data,
    });
  } catch (error) {
    throw new UserError(decodeReason(bytes, messageOf(error)), { cause: error });
  }
}

function decodeReason(bytes: Uint8Array, message: string): string {
  if (/unsupported image format/i.test(message)) {
    return looksLikeText(bytes)
      ? 'it is a text file, not an image'
      : 'it is no image of a known format (PNG, JPEG, WebP, GIF, TIFF, AVIF, SVG)';
  }
  if (/pixel limit/i.test(message)) return `the image has more than ${MAX_MEGAPIXELS} megapixels`;
  const detail = message.split('\n', 1)[0]!.trim().replace(/\.$/, '');
  return `the image is damaged or cut off (${detail})`;
}

function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 512).every((b) => b === 9 || b === 10 || b === 13 || (b >= 32 && b !== 127));
}
