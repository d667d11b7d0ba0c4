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
  /** What was shown is of another digit or network; `undefined` where there is no digit now. */
  readonly onChange: (pixels: Uint8Array | undefined) => void;
  /** Nothing is computed for what is not in sight. */
  readonly elements: { readonly layers: HTMLElement; readonly saliency: HTMLElement };
}

const REST_MS = 250;

type Part = keyof InspectionOptions['elements'];

/** What is looked at: a digit, through one network. */
interface Subject {
  readonly pixels: Uint8Array;
  /** What is not shown yet. */
  readonly left: Set<Part>;
}

/** Looks into the network for the digit that is shown, while the pen rests. */
export class Inspection {
  readonly #options: InspectionOptions;
  readonly #inSight = new Set<Element>();
  #subject: Subject | undefined;
  /** What is being looked into. */
  #underWay: Subject | undefined;
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
    if (!arePixelsEqual(pixels, this.#subject?.pixels)) this.#begin(pixels);
  }

  /** Looks anew at the digit that is shown: the network is another. */
  lookAgain(): void {
    this.#begin(this.#subject?.pixels);
  }

  #begin(pixels: Uint8Array | undefined): void {
    this.#subject = pixels && { pixels, left: new Set(['layers', 'saliency']) };
    this.#options.onChange(pixels);
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), REST_MS);
  }

  async #look(): Promise<void> {
    const subject = this.#subject;
    // Asked for twice, the same would stop itself each time.
    if (!subject || subject === this.#underWay) return;
    this.#underWay = subject;
    try {
      if (this.#isDue(subject, 'layers')) await this.#showLayers(subject);
      if (this.#isDue(subject, 'saliency')) await this.#showSaliency(subject);
    } catch {
      subject.left.clear();
      if (subject === this.#subject) this.#options.onError();
    }
    if (subject !== this.#underWay) return;
    this.#underWay = undefined;
    // It came into sight meanwhile, or made way for a reading, which may have found the same digit again.
    if (this.#isDue(subject, 'layers') || this.#isDue(subject, 'saliency')) this.#schedule();
  }

  #isDue(subject: Subject, part: Part): boolean {
    const isInSight = this.#inSight.has(this.#options.elements[part]);
    return subject === this.#subject && subject.left.has(part) && isInSight;
  }

  async #showLayers(subject: Subject): Promise<void> {
    const layers = await this.#options.reader.layers(subject.pixels);
    if (subject !== this.#subject) return;
    subject.left.delete('layers');
    this.#options.onLayers(layers);
  }

  async #showSaliency(subject: Subject): Promise<void> {
    const saliency = await this.#options.reader.saliency(subject.pixels);
    if (subject !== this.#subject || !saliency) return;
    subject.left.delete('saliency');
    this.#options.onSaliency(saliency, subject.pixels);
  }
}
