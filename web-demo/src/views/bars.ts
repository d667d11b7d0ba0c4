import { argmax } from '../../../src/core/metrics.js';
import { texts } from '../texts.js';
import { create } from './dom.js';

/** As many as the list has room for; of more, it scrolls to the best. */
const MAX_IN_SIGHT = 10;

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
      const label = create('span', 'name', name);
      label.title = name;
      const item = create('li', '', label, create('span', 'track', fill), percent);
      return { item, fill, percent };
    });
    this.#list.replaceChildren(...this.#rows.map(({ item }) => item));
    // What scrolls is scrolled by keyboard too.
    if (classes.length > MAX_IN_SIGHT) this.#list.tabIndex = 0;
    else this.#list.removeAttribute('tabindex');
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
    if (this.#rows.length > MAX_IN_SIGHT && best >= 0) this.#scrollTo(this.#rows[best]!.item);
  }

  #scrollTo(item: HTMLElement): void {
    const list = this.#list;
    const top = item.offsetTop - list.offsetTop;
    const isInSight = top >= list.scrollTop && top + item.offsetHeight <= list.scrollTop + list.clientHeight;
    if (!isInSight) list.scrollTop = top - (list.clientHeight - item.offsetHeight) / 2;
  }
}
