import { UserError } from '../../../src/core/errors.js';
import type { Saliency } from '../../../src/core/saliency.js';
import type { LayerMaps } from '../inspect/layer-maps.js';
import { texts } from '../texts.js';
import type {
  ModelSource,
  ModelSummary,
  Parity,
  ParityDigits,
  Reading,
  Reply,
  Request,
  RuntimeKind,
} from './protocol.js';

type Type = Request['type'];
type Body<T extends Type> = Omit<Extract<Request, { type: T }>, 'id'>;
type Answer<T extends Type> = Extract<Reply, { type: T }>;
/** What is to be read, and how. */
export type ToRead = Omit<Body<'read'>, 'type'>;

interface Waiting {
  readonly toRead: ToRead;
  readonly settle: (reading: Promise<Reading | undefined>) => void;
}

/** What was asked for last, with its answer. */
interface Asked {
  readonly isSameAs: (toRead: ToRead) => boolean;
  readonly reading: Promise<Reading | undefined>;
}

/** The page's side of the worker that reads. */
export class Reader {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  readonly #replies = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  /** Why the worker answers no more. */
  #failure: UserError | undefined;
  #lastId = 0;
  #isBusy = false;
  #waiting: Waiting | undefined;
  #asked: Asked | undefined;
  #isLoaded = false;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      this.#replies.get(data.id)?.resolve(data);
      this.#replies.delete(data.id);
    });
    this.#worker.addEventListener('error', (event) => {
      // The browser's own line in the console says no more.
      event.preventDefault();
      this.#failure = new UserError(texts.errors.stopped, { hint: texts.errors.runtimeHint });
      for (const { reject } of this.#replies.values()) reject(this.#failure);
      this.#replies.clear();
    });
  }

  /**
   * Loads a model in place of the one that is there, which stays where this fails.
   *
   * @throws UserError if the model or the runtime cannot be loaded.
   */
  async load(model: ModelSource, runtime: RuntimeKind): Promise<ModelSummary> {
    const loaded = (await this.#ask({ type: 'load', model, runtime })).model;
    // What was asked for before the first model is read by that.
    if (this.#isLoaded) this.#asked = undefined;
    this.#isLoaded = true;
    return loaded;
  }

  /** The median time of reading one digit, in milliseconds. */
  async measure(): Promise<number> {
    return (await this.#ask({ type: 'measure' })).warmMs;
  }

  /** How far the runtime's logits are from those of another. */
  async compare(digits: ParityDigits): Promise<Parity> {
    return (await this.#ask({ type: 'compare', digits })).parity;
  }

  /**
   * Reads a source, one at a time, once there is a model. Of those that come meanwhile only the newest is read; `undefined` where
   * a newer one took the place. Lifting the pen changes nothing: the answer is that of the stroke as it grew.
   *
   * @throws UserError if the source cannot be read.
   */
  read(toRead: ToRead): Promise<Reading | undefined> {
    if (this.#asked?.isSameAs(toRead)) return this.#asked.reading;
    this.#waiting?.settle(Promise.resolve(undefined));
    const reading = new Promise<Reading | undefined>((resolve) => {
      this.#waiting = { toRead, settle: resolve };
      this.#next();
    });
    this.#asked = { isSameAs: sameAs(toRead), reading };
    return reading;
  }

  /**
   * What the network's layers answer.
   *
   * @param pixels [28, 28] uint8
   */
  async layers(pixels: Uint8Array): Promise<readonly LayerMaps[]> {
    return (await this.#ask({ type: 'layers', pixels })).layers;
  }

  /**
   * Which pixels decide; `undefined` where a reading came between.
   *
   * @param pixels [28, 28] uint8
   */
  async saliency(pixels: Uint8Array): Promise<Saliency | undefined> {
    return (await this.#ask({ type: 'saliency', pixels })).saliency;
  }

  #next(): void {
    if (this.#isBusy || !this.#waiting) return;
    const { toRead, settle } = this.#waiting;
    this.#waiting = undefined;
    this.#isBusy = true;
    const reading = this.#ask({ type: 'read', ...toRead }).then((reply) => reply.reading);
    settle(reading);
    const done = () => {
      this.#isBusy = false;
      this.#next();
    };
    reading.then(done, done);
  }

  async #ask<T extends Type>(body: { type: T } & Body<T>): Promise<Answer<T>> {
    if (this.#failure) throw this.#failure;
    const id = ++this.#lastId;
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#replies.set(id, { resolve, reject });
      this.#worker.postMessage({ ...body, id });
    });
    if (reply.type !== 'failed') return reply as Answer<T>;
    throw new UserError(reply.message, reply.hint === undefined ? {} : { hint: reply.hint });
  }
}

/** A stroke that grows stays the same list, so that its length tells whether it has grown. */
function sameAs({ source, isCentred }: ToRead): Asked['isSameAs'] {
  if (source.kind === 'picture') {
    return (other) =>
      other.isCentred === isCentred && other.source.kind === 'picture' && other.source.file === source.file;
  }
  const { strokes } = source;
  const lengths = strokes.map(({ length }) => length);
  return (other) =>
    other.isCentred === isCentred &&
    other.source.kind === 'strokes' &&
    other.source.strokes.length === strokes.length &&
    other.source.strokes.every((stroke, i) => stroke === strokes[i] && stroke.length === lengths[i]);
}
