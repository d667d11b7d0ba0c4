/** A screen reader is told the result once the pen has rested so long. */
const REST_MS = 800;

/** Says things to screen readers, politely. */
export class Announcer {
  readonly #region: HTMLElement;
  #timer = 0;

  /** @param region a live region */
  constructor(region: HTMLElement) {
    this.#region = region;
  }

  say(sentence: string): void {
    clearTimeout(this.#timer);
    this.#region.textContent = sentence;
  }

  /** Says it unless something newer comes within a moment. */
  sayAtRest(sentence: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.say(sentence), REST_MS);
  }
}
