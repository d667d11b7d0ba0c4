import { UserError } from '../../../src/core/errors.js';
import { texts } from '../texts.js';

/** By what the browser takes a file for. */
export const isPicture = ({ type }: File): boolean => type.startsWith('image/');

/** Sharp on any screen, and small enough to keep several. */
const SHOWN_SIDE = 1200;

/**
 * Decodes a picture file for the sheet; the bitmap may be smaller than the picture.
 *
 * @throws UserError if the file is empty, or the browser cannot read it as a picture.
 */
export async function openPicture(file: Blob, name: string): Promise<ImageBitmap> {
  if (file.size === 0)
    throw new UserError(texts.errors.emptyFile(name), { hint: texts.errors.emptyFileHint });
  try {
    return await decodePicture(file);
  } catch (cause) {
    throw new UserError(texts.errors.unreadable(name), { hint: texts.errors.unreadableHint, cause });
  }
}

/** @throws DOMException if the file is no picture. */
export async function decodePicture(file: Blob): Promise<ImageBitmap> {
  return shrink(await createImageBitmap(file));
}

async function shrink(bitmap: ImageBitmap): Promise<ImageBitmap> {
  const scale = SHOWN_SIDE / Math.max(bitmap.width, bitmap.height);
  if (scale >= 1) return bitmap;
  const small = await createImageBitmap(bitmap, {
    resizeWidth: Math.max(1, Math.round(bitmap.width * scale)),
    resizeHeight: Math.max(1, Math.round(bitmap.height * scale)),
    resizeQuality: 'high',
  });
  bitmap.close();
  return small;
}
