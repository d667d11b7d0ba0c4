import { UserError } from '../../../src/core/errors.js';
import type { Picture } from '../drawing/history.js';
import { texts } from '../texts.js';

/** Sharp on any screen, and small enough to keep several. */
const SHOWN_SIDE = 1200;

/**
 * Opens a picture file for the sheet.
 *
 * @throws UserError if the browser cannot read it as a picture.
 */
export async function openPicture(file: Blob, name: string): Promise<Picture> {
  try {
    const whole = await createImageBitmap(file);
    return { kind: 'picture', name, file, bitmap: await shrink(whole) };
  } catch (cause) {
    throw new UserError(texts.errors.unreadable(name), { hint: texts.errors.unreadableHint, cause });
  }
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
