import { texts } from '../texts.js';
import { byId, create } from '../views/dom.js';

/** «Wrong? It was a …»: one button a class. */
export class CorrectControl {
  readonly #question = byId('correct-question');
  readonly #labels = byId('correct-labels');
  readonly #onCorrect: (label: string) => void;
  #classes: readonly string[] = [];

  constructor(onCorrect: (label: string) => void) {
    this.#onCorrect = onCorrect;
  }

  setClasses(classes: readonly string[]): void {
    this.#classes = classes;
    const buttons = classes.map((label) => {
      const button = create('button', '', label);
      button.type = 'button';
      button.addEventListener('click', () => this.#onCorrect(label));
      return button;
    });
    this.#labels.replaceChildren(...buttons);
    this.show(undefined);
  }

  showKept(label: string): void {
    this.#question.textContent = texts.kept(label);
  }

  /** @param chosen the digit that can be corrected, one of `count` */
  show(chosen: { digit: string; isSure: boolean; count: number } | undefined): void {
    this.#question.textContent = texts.correctQuestion(this.#classes, chosen);
    for (const [i, button] of this.#labels.querySelectorAll('button').entries()) {
      // What was surely read is no correction of it.
      button.disabled = !chosen || (chosen.isSure && this.#classes[i] === chosen.digit);
    }
  }
}
