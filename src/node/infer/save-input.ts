import { join } from 'node:path';
import { type GrayImage, MNIST_SIZE } from '../../core/image.js';
import type { PreparedDigit } from '../../core/preprocess/prepare.js';
import { writeFileAtomic } from '../files.js';
import { encodePng } from '../images/encode-png.js';
import { STDIN } from './list-inputs.js';

/**
 * Writes the 28x28 pictures that the model saw of one image below `folder`: under the image's own path, so
 * that equal names in different folders stay apart, with `.png` added (`.2.png` and so on for further digits).
 *
 * @throws UserError if a picture cannot be written.
 */
export async function saveInputs(
  folder: string,
  file: string,
  digits: readonly PreparedDigit[],
): Promise<void> {
  for (const [i, { pixels }] of digits.entries()) {
    const image: GrayImage = { width: MNIST_SIZE, height: MNIST_SIZE, data: pixels };
    const suffix = i === 0 ? '.png' : `.${i + 1}.png`;
    await writeFileAtomic(`${join(folder, pathBelow(file))}${suffix}`, await encodePng(image));
  }
}

/** The image's path without a root and without steps upward: nothing is written outside the folder. */
function pathBelow(file: string): string {
  if (file === STDIN) return 'stdin';
  const steps = file.split(/[\\/]/).filter((step) => step !== '' && step !== '.' && step !== '..');
  return join(...steps.map((step) => step.replace(/^([a-z]):$/i, '$1')));
}
