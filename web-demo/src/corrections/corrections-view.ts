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
}

/** The corrections kept so far, and the way to take them along. */
export class CorrectionsView {
  readonly #list = byId('corrections');
  readonly #save = byId<HTMLButtonElement>('save-corrections');
  readonly #removeAll = byId<HTMLButtonElement>('remove-corrections');
  readonly #events: CorrectionsEvents;

  constructor(events: CorrectionsEvents) {
    this.#events = events;
    this.#save.addEventListener('click', () => this.#download());
    this.#removeAll.addEventListener('click', () => {
      if (confirm(texts.removeAllQuestion(listCorrections().length))) this.#attempt(removeAllCorrections);
    });
    watchCorrections(() => this.#show());
    this.#show();
  }

  /** Keeps one more, and tells that through `onSay`, or a failure through `onError`. */
  add(correction: Omit<Correction, 'id'>): boolean {
    const isKept = this.#attempt(() => addCorrection(correction));
    if (isKept) this.#events.onSay(texts.kept(correction.label));
    return isKept;
  }

  #attempt(change: () => void): boolean {
    try {
      change();
      return true;
    } catch (error) {
      this.#events.onError(error);
      return false;
    } finally {
      this.#show();
    }
  }

  #show(): void {
    const corrections = listCorrections();
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
      // The button is gone; the keyboard goes on from here.
      this.#list.querySelector('button')?.focus();
    });
    const caption = create('span', 'caption', create('b', '', label), ` ${texts.not(read)}`);
    return create('li', '', picture(pixels, texts.correctionLabel(label, read)), caption, remove);
  }

  async #download(): Promise<void> {
    try {
      // fflate is loaded by who needs it.
      const { zipCorrections } = await import('./zip-corrections.js');
      const zip = await zipCorrections(listCorrections());
      saveFile(new Blob([zip], { type: 'application/zip' }), 'mnist-corrections.zip');
    } catch (error) {
      this.#events.onError(error);
    }
  }
}
