import { type GrayImage, MNIST_SIZE } from '../../core/image.js';
import type { PreparedDigit } from '../../core/preprocess/prepare.js';
import { writeFileAtomic } from '../files.js';
import { encodePng } from '../images/encode-png.js';
import { outputPath } from './output-path.js';

/**
 * Writes the 28x28 pictures that the model saw of one image's digits below `folder`, the first with `.png` added to
 * the image's name, `.2.png` and so on for further digits in reading order.
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
    await writeFileAtomic(outputPath(folder, file, suffix), await encodePng(image));
  }
}
