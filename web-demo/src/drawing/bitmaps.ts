/** Bitmaps take megabytes each, so that few are kept. */
const MAX_KEPT = 3;

/** The bitmaps of the pictures that were shown last, by their files; others are decoded once more. */
export class Bitmaps {
  /** The newest last. */
  readonly #kept = new Map<Blob, ImageBitmap>();

  get(file: Blob): ImageBitmap | undefined {
    return this.#kept.get(file);
  }

  /** Keeps one, and closes the one that was kept longest where there are too many. */
  keep(file: Blob, bitmap: ImageBitmap): void {
    this.#drop(file);
    this.#kept.set(file, bitmap);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT) this.#drop(oldest!);
  }

  #drop(file: Blob): void {
    this.#kept.get(file)?.close();
    this.#kept.delete(file);
  }
}
