import type { Stroke } from './strokes.js';

/** A picture that was opened. */
export interface Picture {
  readonly kind: 'picture';
  readonly name: string;
  readonly file: Blob;
}

/** What lies on the sheet. It is never changed, only replaced. */
export type Sheet = { readonly kind: 'strokes'; readonly strokes: readonly Stroke[] } | Picture;

const EMPTY: Sheet = { kind: 'strokes', strokes: [] };
/** Enough steps for any drawing; more would keep old pictures' files. */
const MAX_STEPS = 50;

/** The sheets so far, with the one that is shown. */
export class SheetHistory {
  #sheets: Sheet[] = [EMPTY];
  #at = 0;

  get current(): Sheet {
    return this.#sheets[this.#at]!;
  }

  get canUndo(): boolean {
    return this.#at > 0;
  }

  get canRedo(): boolean {
    return this.#at < this.#sheets.length - 1;
  }

  get isEmpty(): boolean {
    return this.current.kind === 'strokes' && this.current.strokes.length === 0;
  }

  /** Adds a stroke; on a picture it begins a new drawing. */
  addStroke(stroke: Stroke): void {
    const before = this.current.kind === 'strokes' ? this.current.strokes : [];
    this.#push({ kind: 'strokes', strokes: [...before, stroke] });
  }

  showPicture(picture: Picture): void {
    this.#push(picture);
  }

  clear(): void {
    if (!this.isEmpty) this.#push(EMPTY);
  }

  undo(): void {
    if (this.canUndo) this.#at--;
  }

  redo(): void {
    if (this.canRedo) this.#at++;
  }

  #push(sheet: Sheet): void {
    this.#sheets = [...this.#sheets.slice(0, this.#at + 1), sheet].slice(-MAX_STEPS);
    this.#at = this.#sheets.length - 1;
  }
}
