import { messageOf, UserError } from '../../../src/core/errors.js';
import type { Prediction } from '../../../src/core/prediction.js';
import { texts } from '../texts.js';
import { byId, create } from './dom.js';

/** What was read, large and in a sentence; or what went wrong. */
export class AnswerView {
  readonly #answer = byId('answer');
  readonly #sentence = byId('sentence');
  readonly #problem = byId('problem');
  readonly #onSay: (sentence: string) => void;
  /** The problem that is shown. */
  #shown: unknown;

  /** @param onSay is told each sentence, for screen readers */
  constructor(onSay: (sentence: string) => void) {
    this.#onSay = onSay;
  }

  showReading(prediction: Prediction): void {
    this.#show(prediction.text, prediction.status, texts.sentence(prediction));
  }

  /** Says something else than a reading: that the network is loading, or the sheet is empty. */
  showSentence(sentence: string): void {
    this.#show('', 'none', sentence);
  }

  showProblem(error: unknown): void {
    // A screen reader would say it once more.
    if (error === this.#shown) return;
    this.#shown = error;
    const isExpected = error instanceof UserError;
    const message = isExpected ? error.message : texts.errors.failed(messageOf(error));
    const hint = isExpected && error.hint ? [create('p', 'hint', error.hint)] : [];
    this.#problem.replaceChildren(create('p', '', message), ...hint);
  }

  clearProblem(): void {
    this.#shown = undefined;
    this.#problem.replaceChildren();
  }

  #show(text: string, status: string, sentence: string): void {
    this.#answer.textContent = text;
    this.#answer.dataset.status = status;
    this.#answer.dataset.length = text.length <= 2 ? 'short' : text.length <= 6 ? 'medium' : 'long';
    this.#sentence.textContent = sentence;
    this.#onSay(sentence);
  }
}
