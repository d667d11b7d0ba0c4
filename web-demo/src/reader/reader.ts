import { UserError } from '../../../src/core/errors.js';
import { texts } from '../texts.js';
import type { ModelSummary, Reading, Reply, Request, Source } from './protocol.js';

type Body<R> = R extends Request ? Omit<R, 'id'> : never;

interface Waiting {
  readonly source: Source;
  readonly settle: (reading: Promise<Reading | undefined>) => void;
}

/** The page's side of the worker that reads. */
export class Reader {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  readonly #replies = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  #lastId = 0;
  #isBusy = false;
  #waiting: Waiting | undefined;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      this.#replies.get(data.id)?.resolve(data);
      this.#replies.delete(data.id);
    });
    this.#worker.addEventListener('error', (event) => {
      // The browser's own line in the console says no more.
      event.preventDefault();
      for (const { reject } of this.#replies.values()) {
        reject(new UserError(texts.errors.stopped, { hint: texts.errors.runtimeHint }));
      }
      this.#replies.clear();
    });
  }

  /** @throws UserError if the model or the runtime cannot be loaded. */
  async load(modelUrl: string): Promise<ModelSummary> {
    const reply = await this.#ask({ type: 'load', modelUrl });
    if (reply.type !== 'loaded') throw unexpected(reply);
    return reply.model;
  }

  /**
   * Reads a source, one at a time. Of those that come meanwhile only the newest is read; `undefined` where
   * a newer one took the place.
   *
   * @throws UserError if the source cannot be read.
   */
  read(source: Source): Promise<Reading | undefined> {
    this.#waiting?.settle(Promise.resolve(undefined));
    return new Promise((resolve) => {
      this.#waiting = { source, settle: resolve };
      this.#next();
    });
  }

  #next(): void {
    if (this.#isBusy || !this.#waiting) return;
    const { source, settle } = this.#waiting;
    this.#waiting = undefined;
    this.#isBusy = true;
    const reading = this.#ask({ type: 'read', source }).then((reply) => {
      if (reply.type !== 'read') throw unexpected(reply);
      return reply.reading;
    });
    settle(reading);
    const done = () => {
      this.#isBusy = false;
      this.#next();
    };
    reading.then(done, done);
  }

  #ask(body: Body<Request>): Promise<Reply> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#replies.set(id, { resolve, reject });
      this.#worker.postMessage({ ...body, id } satisfies Request);
    });
  }
}

function unexpected(reply: Reply): Error {
  if (reply.type !== 'failed') return new Error(`the worker answered ${reply.type}`);
  return new UserError(reply.message, reply.hint === undefined ? {} : { hint: reply.hint });
}
