import { UserError } from '../../core/errors.js';

/** Drawings of digits take a hundredth of it; drawing time grows with it, and cannot be limited otherwise. */
const MAX_SVG_BYTES = 1e6;
/** Elements and properties that can take any time and memory whatever the size of the file, and refer to other files. */
const COSTLY = /<!ENTITY|<([\w.-]+:)?(image|feImage|foreignObject)\b|filter/i;

/**
 * Refuses SVG that is made to waste time or memory; passes everything that is no SVG.
 *
 * @throws UserError with a clause that says why.
 */
export function checkSvg(bytes: Uint8Array): void {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new UserError('it is a compressed file, not an image');
  if (!looksLikeMarkup(bytes)) return;
  if (bytes.length > MAX_SVG_BYTES) throw new UserError('the SVG is larger than 1 MB');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (text.includes('\0') || COSTLY.test(text)) {
    throw new UserError('the SVG has pictures, filters or entities in it, which are not read');
  }
}

/** Whether the first character is `<`, after a byte order mark and blanks; in UTF-16 a mark alone says enough. */
function looksLikeMarkup(bytes: Uint8Array): boolean {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return true;
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (bytes[at] === 0x20 || (bytes[at]! >= 0x09 && bytes[at]! <= 0x0d)) at++;
  return bytes[at] === 0x3c;
}
