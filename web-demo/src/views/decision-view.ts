import { MNIST_SIZE } from '../../../src/core/image.js';
import type { Saliency } from '../../../src/core/saliency.js';
import { texts } from '../texts.js';
import { byId, create } from './dom.js';
import { createPixels, mixColours, paintPixels, type Rgb } from './pixels.js';

const FOR: Rgb = [255, 140, 40];
const AGAINST: Rgb = [70, 150, 255];
/** Weaker changes than this, in units of log-odds, are noise; they stay faint. */
const MIN_STRONGEST = 1;

/** Which pixels spoke for what was read: those with ink, and those without. */
export class DecisionView {
  readonly #maps = [createPixels('pixels'), createPixels('pixels')] as const;
  readonly #captions = [create('figcaption', ''), create('figcaption', '')] as const;

  #isClear = false;

  constructor() {
    const figures = this.#maps.map((map, i) => create('figure', '', map, this.#captions[i]!));
    byId('decision').replaceChildren(...figures);
    this.clear();
  }

  clear(): void {
    if (this.#isClear) return;
    this.#isClear = true;
    const nothing = new Float32Array(MNIST_SIZE * MNIST_SIZE);
    for (const i of [0, 1] as const) {
      this.#paint(i, { pixels: nothing, change: nothing, label: texts.decisionNothing });
      this.#captions[i].textContent = '–';
    }
  }

  /** @param pixels [28, 28] uint8 */
  show(pixels: Uint8Array, { withoutInk, withInk }: Saliency, name: string): void {
    this.#isClear = false;
    for (const [i, change] of [withoutInk, withInk].entries()) {
      const caption = i === 0 ? texts.decidingInk(name) : texts.decidingPaper(name);
      this.#paint(i as 0 | 1, { pixels, change, label: caption });
      this.#captions[i as 0 | 1].textContent = caption;
    }
  }

  #paint(
    i: 0 | 1,
    { pixels, change, label }: { pixels: ArrayLike<number>; change: Float32Array; label: string },
  ): void {
    const strongest = change.reduce((most, value) => Math.max(most, Math.abs(value)), MIN_STRONGEST);
    const colourAt = (p: number): Rgb => {
      const grey = 0.75 * pixels[p]!;
      const strength = Math.min(1, Math.abs(change[p]!) / strongest);
      return mixColours([grey, grey, grey], change[p]! > 0 ? FOR : AGAINST, 0.85 * strength);
    };
    paintPixels(this.#maps[i], label, { width: MNIST_SIZE, height: MNIST_SIZE, colourAt });
  }
}
