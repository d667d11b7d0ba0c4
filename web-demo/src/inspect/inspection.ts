import type { Saliency } from '../../../src/core/saliency.js';
import type { Reader } from '../reader/reader.js';
import { arePixelsEqual } from './are-pixels-equal.js';
import type { LayerMaps } from './layer-maps.js';

export interface InspectionOptions {
  /** Asked once the pen rests. */
  readonly reader: Pick<Reader, 'layers' | 'saliency'>;
  readonly onLayers: (layers: readonly LayerMaps[]) => void;
  readonly onSaliency: (saliency: Saliency, pixels: Uint8Array) => void;
  readonly onError: () => void;
  /** Nothing is computed for what is not in sight. */
  readonly elements: { readonly layers: HTMLElement; readonly saliency: HTMLElement };
}

const REST_MS = 250;

/** Looks into the network for the digit that is shown, while the pen rests. */
export class Inspection {
  readonly #options: InspectionOptions;
  readonly #inSight = new Set<Element>();
  #pixels: Uint8Array | undefined;
  #isDone = { layers: true, saliency: true };
  #timer = 0;

  constructor(options: InspectionOptions) {
    this.#options = options;
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) this.#inSight.add(target);
          else this.#inSight.delete(target);
        }
        this.#schedule();
      },
      { rootMargin: '200px' },
    );
    observer.observe(options.elements.layers);
    observer.observe(options.elements.saliency);
  }

  /** @param pixels [28, 28] uint8; `undefined` where there is no digit */
  show(pixels: Uint8Array | undefined): void {
    if (arePixelsEqual(pixels, this.#pixels)) return;
    this.#pixels = pixels;
    this.#isDone = { layers: false, saliency: false };
    this.#schedule();
  }

  /** Looks anew at the digit that is shown: the network is another. */
  lookAgain(): void {
    const pixels = this.#pixels;
    this.#pixels = undefined;
    this.show(pixels);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), REST_MS);
  }

  async #look(): Promise<void> {
    const { reader, elements, onError } = this.#options;
    const pixels = this.#pixels;
    if (!pixels) return;
    try {
      if (!this.#isDone.layers && this.#inSight.has(elements.layers)) {
        const layers = await reader.layers(pixels);
        if (pixels !== this.#pixels) return;
        this.#isDone.layers = true;
        this.#options.onLayers(layers);
      }
      if (!this.#isDone.saliency && this.#inSight.has(elements.saliency)) {
        const saliency = await reader.saliency(pixels);
        if (pixels !== this.#pixels) return;
        // It made way for a reading, which may have found the same digit again.
        if (!saliency) return this.#schedule();
        this.#isDone.saliency = true;
        this.#options.onSaliency(saliency, pixels);
      }
    } catch {
      onError();
    }
  }
}
