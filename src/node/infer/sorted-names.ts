/** Names are sorted and packed so many at a time. */
const RUN = 4096;
/** No name of a file holds it. */
const END = '\0';

/**
 * The names in a folder, in order: held as sorted runs of one text each, which are merged as they are asked for. That
 * takes far less memory than to sort a list, and less time, which counts in folders of a million files.
 */
export class SortedNames {
  readonly #runs: string[] = [];
  #names: string[] = [];

  add(name: string): void {
    if (this.#names.push(name) === RUN) this.#pack();
  }

  /** Once all are added. */
  *inOrder(): Generator<string> {
    if (this.#names.length > 0) this.#pack();
    // A heap: the run whose name comes next is the first, and each comes before the two at 2i + 1 and 2i + 2.
    const heap = this.#runs.map((run) => new Cursor(run));
    for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i);
    while (heap.length > 0) {
      const first = heap[0]!;
      yield first.name;
      if (!first.next()) {
        const last = heap.pop()!;
        if (last === first) continue;
        heap[0] = last;
      }
      sink(heap, 0);
    }
  }

  #pack(): void {
    this.#runs.push(this.#names.sort().join(END));
    this.#names = [];
  }
}

/** A place in a run. */
class Cursor {
  name = '';
  #start = 0;

  constructor(readonly run: string) {
    this.next();
  }

  /** @returns whether there was another name. */
  next(): boolean {
    if (this.#start >= this.run.length) return false;
    const found = this.run.indexOf(END, this.#start);
    const end = found < 0 ? this.run.length : found;
    this.name = this.run.slice(this.#start, end);
    this.#start = end + 1;
    return true;
  }
}

/** Moves the run at `i` down to where its name belongs. */
function sink(heap: Cursor[], i: number): void {
  const moved = heap[i]!;
  let place = i;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]!.name < heap[child]!.name) child++;
    if (heap[child]!.name >= moved.name) break;
    heap[place] = heap[child]!;
    place = child;
  }
  heap[place] = moved;
}
