import { MNIST_SIZE } from '../../../src/core/image.js';
import type { Reading } from '../reader/protocol.js';
import { texts } from '../texts.js';
import { byId, create } from './dom.js';
import { createPixels, paintPixels } from './pixels.js';

interface SeenEvents {
  /** One of several digits was chosen to be looked at. */
  readonly onChoose: (index: number) => void;
  readonly onCentring: (isCentred: boolean) => void;
}

/** The 28x28 pictures that the network got, and the switch that shows what centring them is good for. */
export class SeenView {
  readonly #container = byId('seen');
  readonly #effect = byId('centring-effect');
  readonly #onChoose: SeenEvents['onChoose'];

  constructor({ onChoose, onCentring }: SeenEvents) {
    this.#onChoose = onChoose;
    const centring = byId<HTMLInputElement>('centring');
    centring.addEventListener('change', () => onCentring(centring.checked));
    // Browsers keep a box's state when a page is loaded again.
    centring.checked = true;
    this.show(undefined, 0);
  }

  show(reading: Reading | undefined, chosen: number): void {
    this.#effect.textContent = reading ? texts.centringEffect(reading) : texts.centringHint;
    const count = reading?.seen.length ?? 0;
    if (!reading || count <= 1) {
      const pixels = reading?.seen[0]?.pixels;
      const digit = reading?.prediction.digits[0]?.digit;
      const label = digit === undefined ? texts.seenNothing : texts.seenLabel(digit, 1);
      this.#container.replaceChildren(picture(pixels, label));
      return;
    }
    const { digits } = reading.prediction;
    const pictures = reading.seen.map(({ pixels }, i) =>
      picture(pixels, texts.seenLabel(digits[i]!.digit, i + 1)),
    );
    this.#showChoice(pictures, chosen);
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
export function picture(pixels: Uint8Array | undefined, label: string): HTMLCanvasElement {
  const canvas = createPixels('pixels');
  paintPixels(canvas, label, {
    width: MNIST_SIZE,
    height: MNIST_SIZE,
    colourAt: (i) => {
      const value = pixels?.[i] ?? 0;
      return [value, value, value];
    },
  });
  return canvas;
}
