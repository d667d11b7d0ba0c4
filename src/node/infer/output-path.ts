import { join, sep } from 'node:path';
import { sha256Of } from '../hash.js';
import { STDIN } from './input.js';

/**
 * Where a picture made of an image is written below `folder`: under the image's own path, so that equal names in
 * different folders stay apart, but without its root; a step upward is a folder's name too (`../a.png` is not
 * `a.png`): nothing is written outside the folder.
 *
 * @param suffix is added to the image's name
 */
export function outputPath(folder: string, file: string, suffix: string): string {
  if (file === STDIN) return `${join(folder, 'stdin')}${suffix}`;
  const steps = file.split(SEPARATORS).filter((step) => step !== '' && step !== '.');
  const kept = steps.map((step) => (step === '..' ? UPWARD : step.replace(/^([a-z]):$/i, '$1')));
  const name = shorten(kept.pop() ?? '', MAX_NAME_BYTES - suffix.length);
  return `${join(folder, ...kept, name)}${suffix}`;
}

const UPWARD = '_up_';

/** Elsewhere than on Windows a name may hold a backslash. */
const SEPARATORS = sep === '\\' ? /[\\/]/ : '/';

/** What file systems allow a name. */
const MAX_NAME_BYTES = 255;

/** A name that is too long loses its end; a digest of the whole keeps it apart from others. */
function shorten(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) <= maxBytes) return name;
  const digest = sha256Of(name).slice(0, 16);
  let start = name;
  while (Buffer.byteLength(start) + digest.length >= maxBytes) start = start.slice(0, -1);
  return `${start}-${digest}`;
}
