import { DIGIT_CLASSES } from '../../../src/core/dataset/dataset.js';
import { messageOf, UserError } from '../../../src/core/errors.js';
import type { ModelSummary, Reading } from '../reader/protocol.js';
import { texts } from '../texts.js';
import { Bars } from './bars.js';
import { byId, create } from './dom.js';
import { SeenDigits } from './seen-digits.js';

/** A screen reader is told the result once the pen has rested so long. */
const REST_MS = 800;

/** Everything that is said about a reading. */
export class ResultView {
  readonly #bars = new Bars(byId('bars'), DIGIT_CLASSES);
  readonly #seen = new SeenDigits(byId('seen'), (index) => this.#choose(index));
  readonly #answer = byId('answer');
  readonly #sentence = byId('sentence');
  readonly #problem = byId('problem');
  #reading: Reading | undefined;
  #restTimer = 0;

  showModel(model: ModelSummary): void {
    this.#bars.setClasses(model.classes);
    byId('model').textContent = texts.model(model);
  }

  /** Says something else than a reading: that the network is loading, or the sheet is empty. */
  showSentence(sentence: string): void {
    this.#reading = undefined;
    this.#say('', 'none', sentence);
    this.#bars.show(undefined);
    this.#seen.show(undefined, 0);
  }

  showReading(reading: Reading): void {
    this.#reading = reading;
    const { prediction } = reading;
    this.#say(prediction.text, prediction.status, texts.sentence(prediction));
    this.#choose(reading.seen.length - 1);
    byId('timing').textContent = texts.timing(reading);
  }

  showProblem(error: unknown): void {
    const isExpected = error instanceof UserError;
    const message = isExpected ? error.message : texts.errors.failed(messageOf(error));
    const hint = isExpected && error.hint ? [create('p', 'hint', error.hint)] : [];
    this.#problem.replaceChildren(create('p', '', message), ...hint);
  }

  clearProblem(): void {
    this.#problem.replaceChildren();
  }

  #choose(index: number): void {
    this.#bars.show(this.#reading?.seen[index]?.probabilities);
    this.#seen.show(this.#reading, index);
  }

  #say(text: string, status: string, sentence: string): void {
    this.#answer.textContent = text;
    this.#answer.dataset.status = status;
    this.#sentence.textContent = sentence;
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      byId('live').textContent = sentence;
    }, REST_MS);
  }
}
