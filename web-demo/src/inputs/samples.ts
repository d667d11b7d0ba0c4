import chalk from '../../../images/chalk-7.jpg?url';
import corner from '../../../images/corner-2.png?url';
import blue from '../../../images/digit-3.png?url';
import shadow from '../../../images/digit-4.jpg?url';
import red from '../../../images/digit-5.png?url';
import paper from '../../../images/digit-9.jpg?url';
import numbers from '../../../images/numbers.jpg?url';
import { UserError } from '../../../src/core/errors.js';
import { texts } from '../texts.js';
import { create } from '../views/dom.js';

const SAMPLES = [
  { url: numbers, name: texts.samples.numbers },
  { url: blue, name: texts.samples.blue },
  { url: chalk, name: texts.samples.chalk },
  { url: red, name: texts.samples.red },
  { url: shadow, name: texts.samples.shadow },
  { url: paper, name: texts.samples.paper },
  { url: corner, name: texts.samples.corner },
];
const SIDE = 56;

interface SampleEvents {
  readonly onFile: (file: Promise<Blob>, name: string) => void;
}

/** Pictures to try, one button each. */
export function showSamples(list: HTMLElement, { onFile }: SampleEvents): void {
  const items = SAMPLES.map(({ url, name }) => {
    const image = create('img', '');
    Object.assign(image, { src: url, alt: texts.sample(name), width: SIDE, height: SIDE, decoding: 'async' });
    const button = create('button', '', image);
    button.type = 'button';
    button.addEventListener('click', () => onFile(fetchPicture(url, name), name));
    return create('li', '', button);
  });
  list.replaceChildren(...items);
}

async function fetchPicture(url: string, name: string): Promise<Blob> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.blob();
  } catch {
    // The sentence below says it.
  }
  throw new UserError(texts.errors.sample(name), { hint: texts.errors.checkConnection });
}
