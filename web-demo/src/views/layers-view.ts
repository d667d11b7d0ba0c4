import type { LayerMaps } from '../inspect/layer-maps.js';
import { texts } from '../texts.js';
import { byId, create } from './dom.js';
import { createPixels, mixColours, paintPixels, type Rgb } from './pixels.js';

/** More maps of a layer than this tell no more. */
const MAX_MAPS = 16;
/** From silent to strongest. */
const RAMP: readonly Rgb[] = [
  [13, 14, 24],
  [72, 52, 132],
  [206, 84, 104],
  [255, 226, 150],
];

interface Row {
  readonly item: HTMLElement;
  readonly title: HTMLElement;
  readonly canvases: readonly HTMLCanvasElement[];
}

/** What the convolutions answer to the drawing, layer by layer. */
export class LayersView {
  readonly #list = byId('layers');
  #rows: readonly Row[] = [];
  /** A sentence that holds for every digit stands in the maps' place. */
  #isSettled = false;
  #isDark = true;

  constructor() {
    this.reset();
  }

  /** Forgets the layers: those of another network will come. */
  reset(): void {
    this.#isSettled = false;
    this.#say(texts.layersNothing);
  }

  /** Says that the network cannot be looked into; it still reads. */
  showFailure(): void {
    this.#settle(texts.layersFailed);
  }

  /**
   * Darkens the maps; they stay, so that nothing on the page moves.
   *
   * @param isAwaited whether others are on their way
   */
  clear(isAwaited: boolean): void {
    if (this.#rows.length === 0 && !this.#isSettled)
      this.#say(isAwaited ? texts.layersComing : texts.layersNothing);
    if (this.#isDark) return;
    this.#isDark = true;
    for (const { canvases } of this.#rows) {
      for (const canvas of canvases) {
        const { width, height } = canvas;
        paintPixels(canvas, '', { width, height, colourAt: () => rampColour(0) });
      }
    }
  }

  show(layers: readonly LayerMaps[]): void {
    const counts = layers.map(({ channels }) => Math.min(channels, MAX_MAPS));
    // Rows that fit are painted anew, so that nothing on the page moves.
    if (this.#rows.length !== layers.length || counts.some((n, i) => n !== this.#rows[i]!.canvases.length)) {
      this.#rows = counts.map(createRow);
      this.#list.replaceChildren(...this.#rows.map(({ item }) => item));
    }
    for (const [i, layer] of layers.entries()) paintRow(this.#rows[i]!, layer);
    this.#isDark = false;
    if (layers.length === 0) this.#settle(texts.layersNone);
  }

  #settle(sentence: string): void {
    this.#isSettled = true;
    this.#say(sentence);
  }

  #say(sentence: string): void {
    this.#rows = [];
    this.#list.replaceChildren(create('li', 'hint', sentence));
  }
}

function createRow(count: number): Row {
  const title = create('p', 'layer');
  const canvases = Array.from({ length: count }, () => createPixels('map'));
  // One picture to those who cannot see it, not sixteen.
  for (const canvas of canvases) canvas.ariaHidden = 'true';
  return { item: create('li', '', title, create('div', 'maps', ...canvases)), title, canvases };
}

function paintRow({ title, canvases }: Row, { name, channels, height, width, values }: LayerMaps): void {
  title.replaceChildren(
    create('b', '', name),
    ` ${texts.layer({ channels, height, width, shown: canvases.length })}`,
  );
  const strongest = values.reduce((most, value) => Math.max(most, value), 1e-6);
  for (const [channel, canvas] of canvases.entries()) {
    const map = values.subarray(channel * height * width, (channel + 1) * height * width);
    paintPixels(canvas, '', { width, height, colourAt: (i) => rampColour(map[i]! / strongest) });
  }
}

/** @param t from 0 to 1; below, as 0 */
function rampColour(t: number): Rgb {
  const place = Math.max(0, Math.min(1, t)) * (RAMP.length - 1);
  const i = Math.min(RAMP.length - 2, Math.floor(place));
  return mixColours(RAMP[i]!, RAMP[i + 1]!, place - i);
}
