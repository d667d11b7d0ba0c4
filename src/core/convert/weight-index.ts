import type { Weight } from '../keras/weights.js';
import type { WeightLookup } from './context.js';

/**
 * Finds weights by layer and name as tfjs does on loading: `layer/kernel`, or with one more level before the
 * last, as Keras names them (`lstm/lstm_cell/kernel` is found as `lstm/kernel`).
 */
export class WeightIndex {
  readonly #weights: ReadonlyMap<string, Weight>;
  readonly #shortened = new Map<string, Weight>();

  constructor(weights: ReadonlyMap<string, Weight>) {
    this.#weights = weights;
    for (const [name, weight] of weights) {
      const levels = name.split('/');
      if (levels.length > 2) this.#shortened.set([...levels.slice(0, -2), levels.at(-1)].join('/'), weight);
    }
  }

  /** The lookup within a layer. */
  of(layer: string): WeightLookup {
    return (name) => this.#weights.get(`${layer}/${name}`) ?? this.#shortened.get(`${layer}/${name}`);
  }
}
