import { arePixelsEqual } from '../inspect/are-pixels-equal.js';
import { loadPart } from '../load-part.js';
import { texts } from '../texts.js';
import { byId, create } from '../views/dom.js';
import { picture } from '../views/seen-view.js';
import { saveFile } from './save-file.js';
import {
  addCorrection,
  type Correction,
  listCorrections,
  removeAllCorrections,
  removeCorrection,
  watchCorrections,
} from './store.js';

interface CorrectionsEvents {
  readonly onSay: (sentence: string) => void;
  readonly onError: (error: unknown) => void;
  /** Called when corrections came or went, be it in another tab. */
  readonly onChange: () => void;
}

/** The corrections kept so far, and the way to take them along. */
export class CorrectionsView {
  readonly #list = byId('corrections');
  readonly #save = byId<HTMLButtonElement>('save-corrections');
  readonly #removeAll = byId<HTMLButtonElement>('remove-corrections');
  readonly #events: CorrectionsEvents;
  #corrections: readonly Correction[] = [];

  constructor(events: CorrectionsEvents) {
    this.#events = events;
    this.#save.addEventListener('click', () => this.#download());
    this.#removeAll.addEventListener('click', () => {
      if (!confirm(texts.removeAllQuestion(this.#corrections.length))) return;
      this.#attempt(removeAllCorrections);
      this.#goOn();
    });
    watchCorrections(() => this.#change());
    this.#show();
  }

  /** What a digit is kept as. */
  labelOf(pixels: Uint8Array): string | undefined {
    return this.#corrections.find((each) => arePixelsEqual(each.pixels, pixels))?.label;
  }

  /** Keeps one more, and tells that through `onSay`, or a failure through `onError`. */
  add(correction: Omit<Correction, 'id'>): void {
    const isKept = this.#attempt(() => addCorrection(correction));
    if (isKept) this.#events.onSay(texts.kept(correction.label));
  }

  #attempt(change: () => void): boolean {
    try {
      change();
      return true;
    } catch (error) {
      this.#events.onError(error);
      return false;
    } finally {
      this.#change();
    }
  }

  #change(): void {
    this.#show();
    this.#events.onChange();
  }

  /** The button that was pressed is gone, or can do nothing more; the keyboard goes on from here. */
  #goOn(): void {
    (this.#list.querySelector('button') ?? byId('corrections-heading')).focus();
  }

  #show(): void {
    const corrections = listCorrections();
    this.#corrections = corrections;
    this.#save.disabled = corrections.length === 0;
    this.#removeAll.disabled = corrections.length === 0;
    byId('corrections-count').textContent = texts.correctionsCount(corrections.length);
    // The newest first: that is the one that was just added.
    this.#list.replaceChildren(...corrections.toReversed().map((each) => this.#item(each)));
  }

  #item({ id, label, read, pixels }: Correction): HTMLElement {
    const remove = create('button', 'remove', '×');
    remove.type = 'button';
    remove.ariaLabel = texts.removeCorrection(label, read);
    remove.addEventListener('click', () => {
      this.#attempt(() => removeCorrection(id));
      this.#goOn();
    });
    const caption = create('span', 'caption', create('b', '', label), ` ${texts.not(read)}`);
    return create('li', '', picture(pixels, texts.correctionLabel(label, read)), caption, remove);
  }

  async #download(): Promise<void> {
    try {
      // fflate is loaded by who needs it.
      const { zipCorrections } = await loadPart(() => import('./zip-corrections.js'));
      const zip = await zipCorrections(this.#corrections);
      saveFile(new Blob([zip], { type: 'application/zip' }), 'mnist-corrections.zip');
    } catch (error) {
      this.#events.onError(error);
    }
  }
}
