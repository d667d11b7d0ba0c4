import { ThreadsPoolWorker } from 'vitest/node';

/** A thread serves that many runs; what tfjs and onnxruntime keep of each then goes. */
const RUNS = 60;

const kept = [];
let runs = 0;

/**
 * A pool of Vitest whose threads outlive a run. Each mutant is a run of its own, and loading tfjs and onnxruntime
 * anew for each would take hours. What is mutated is loaded anew: it is not in node_modules.
 */
class KeptThread extends ThreadsPoolWorker {
  name = 'kept';
  #listeners = [];

  async start() {
    this._thread = kept.pop();
    await super.start();
  }

  on(event, listener) {
    this.#listeners.push([event, listener]);
    super.on(event, listener);
  }

  send(message) {
    // A thread that was told to stop listens no longer.
    if (message.type === 'stop') {
      this.thread.emit('message', { type: 'stopped', __vitest_worker_response__: true });
    } else super.send(message);
  }

  async stop() {
    if (++runs % RUNS === 0) return super.stop();
    for (const [event, listener] of this.#listeners) this.thread.off(event, listener);
    this.thread.stdout.unpipe(this.stdout);
    this.thread.stderr.unpipe(this.stderr);
    this.stdout.setMaxListeners(this.stdout.getMaxListeners() - 1);
    this.stderr.setMaxListeners(this.stderr.getMaxListeners() - 1);
    kept.push(this.thread);
  }
}

export const keptThreads = {
  name: 'kept threads',
  configureVitest({ project }) {
    project.config.pool = 'kept';
    project.config.poolRunner = { name: 'kept', createPoolWorker: (options) => new KeptThread(options) };
  },
};
