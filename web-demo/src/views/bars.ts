import { argmax } from '../../../src/core/metrics.js';
import { texts } from '../texts.js';
import { create } from './dom.js';

interface Row {
  readonly item: HTMLElement;
  readonly fill: HTMLElement;
  readonly percent: HTMLElement;
}

/** One numbered bar a class, in the order of the classes. */
export class Bars {
  readonly #list: HTMLElement;
  #rows: readonly Row[] = [];

  constructor(list: HTMLElement, classes: readonly string[]) {
    this.#list = list;
    this.setClasses(classes);
  }

  setClasses(classes: readonly string[]): void {
    this.#rows = classes.map((name) => {
      const fill = create('span', 'fill');
      const percent = create('span', 'percent');
      const item = create('li', '', create('span', 'name', name), create('span', 'track', fill), percent);
      return { item, fill, percent };
    });
    this.#list.replaceChildren(...this.#rows.map(({ item }) => item));
    this.show(undefined);
  }

  /** @param probabilities [K]; `undefined` empties the bars */
  show(probabilities: Float32Array | undefined): void {
    const best = probabilities ? argmax(probabilities) : -1;
    for (const [k, { item, fill, percent }] of this.#rows.entries()) {
      const probability = probabilities?.[k] ?? 0;
      fill.style.transform = `scaleX(${probability})`;
      percent.textContent = probabilities ? texts.percent(probability) : '–';
      item.classList.toggle('best', k === best);
    }
  }
}
