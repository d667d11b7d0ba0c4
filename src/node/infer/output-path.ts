import { join } from 'node:path';
import { STDIN } from './list-inputs.js';

/**
 * Where a picture made of an image is written below `folder`: under the image's own path, so that equal names in
 * different folders stay apart, but without its root and its steps upward: nothing is written outside the folder.
 *
 * @param suffix is added to the image's name
 */
export function outputPath(folder: string, file: string, suffix: string): string {
  if (file === STDIN) return `${join(folder, 'stdin')}${suffix}`;
  const steps = file.split(/[\\/]/).filter((step) => step !== '' && step !== '.' && step !== '..');
  return `${join(folder, ...steps.map((step) => step.replace(/^([a-z]):$/i, '$1')))}${suffix}`;
}
