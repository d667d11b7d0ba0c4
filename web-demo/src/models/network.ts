import type { ModelSource, ModelSummary, Parity, ParityDigits, RuntimeKind } from '../reader/protocol.js';
import type { Reader } from '../reader/reader.js';

/** Which network runs, and where. */
export interface NetworkChoice {
  readonly model: ModelSource;
  /** The address of the answers to compare with; `null` where there are none. */
  readonly parity: string | null;
  readonly runtime: RuntimeKind;
}

type Listener = (summary: ModelSummary, choice: NetworkChoice) => void;

/** The network that reads; one that cannot be loaded leaves the last in its place. */
export class Network {
  readonly #reader: Reader;
  readonly #listeners: Listener[] = [];
  #choice: NetworkChoice | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Calls the listener each time that a network has been loaded. */
  onLoaded(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /**
   * Loads another network, or the same elsewhere, one after the other.
   *
   * @throws UserError if it cannot be loaded.
   */
  load(change: Partial<NetworkChoice>): Promise<void> {
    const loaded = this.#last.then(() => this.#load(change));
    this.#last = loaded.catch(() => {});
    return loaded;
  }

  /** The median time of reading one digit, in milliseconds. */
  measure(): Promise<number> {
    return this.#reader.measure();
  }

  compare(digits: ParityDigits): Promise<Parity> {
    return this.#reader.compare(digits);
  }

  async #load(change: Partial<NetworkChoice>): Promise<void> {
    const choice = { runtime: 'wasm', parity: null, ...this.#choice, ...change } as NetworkChoice;
    const summary = await this.#reader.load(choice.model, choice.runtime);
    // On a runtime that did not start, the next model is not tried either.
    this.#choice = { ...choice, runtime: summary.runtime };
    for (const listener of this.#listeners) listener(summary, this.#choice);
  }
}
