import { MNIST_SIZE } from '../../../src/core/image.js';
import type { Reading } from '../reader/protocol.js';
import { texts } from '../texts.js';
import { create } from './dom.js';

/** The 28x28 pictures that the network got; of several, one is chosen by a click. */
export class SeenDigits {
  readonly #container: HTMLElement;
  readonly #onChoose: (index: number) => void;

  constructor(container: HTMLElement, onChoose: (index: number) => void) {
    this.#container = container;
    this.#onChoose = onChoose;
    this.show(undefined, 0);
  }

  show(reading: Reading | undefined, chosen: number): void {
    const count = reading?.seen.length ?? 0;
    if (!reading || count === 0) {
      this.#container.replaceChildren(picture(undefined, texts.seenNothing));
      return;
    }
    const pictures = reading.seen.map(({ pixels }, i) =>
      picture(pixels, texts.seenLabel(reading.prediction.digits[i]!.digit, i + 1)),
    );
    if (count === 1) this.#container.replaceChildren(...pictures);
    else this.#showChoice(pictures, chosen);
  }

  #showChoice(pictures: readonly HTMLElement[], chosen: number): void {
    // Kept where there are as many, so that the keyboard's focus stays.
    let buttons = [...this.#container.querySelectorAll('button')];
    if (buttons.length !== pictures.length) {
      buttons = pictures.map((_, i) => {
        const button = create('button', 'choice');
        button.type = 'button';
        button.addEventListener('click', () => this.#onChoose(i));
        return button;
      });
      this.#container.replaceChildren(...buttons);
    }
    for (const [i, button] of buttons.entries()) {
      button.replaceChildren(pictures[i]!);
      button.setAttribute('aria-pressed', String(i === chosen));
    }
  }
}

/** @param pixels [28, 28] uint8, shown light on black as the network gets them */
function picture(pixels: Uint8Array | undefined, label: string): HTMLCanvasElement {
  const canvas = create('canvas', 'pixels');
  canvas.width = MNIST_SIZE;
  canvas.height = MNIST_SIZE;
  canvas.role = 'img';
  canvas.ariaLabel = label;
  const image = new ImageData(MNIST_SIZE, MNIST_SIZE);
  for (let i = 0; i < MNIST_SIZE * MNIST_SIZE; i++) {
    image.data.fill(pixels?.[i] ?? 0, 4 * i, 4 * i + 3);
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}
