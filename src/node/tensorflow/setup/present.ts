import { messageOf } from '../../../core/errors.js';
import { findBindings } from '../bindings.js';
import type { NativeStep } from './context.js';

/** What is there already: the package's own binding, as npm may have installed it, or one from the cache. */
export const present: NativeStep = {
  name: 'present',
  summary: 'what is installed already',
  async run({ tfjsNode, cache, verify, signal }) {
    const failures: string[] = [];
    for (const binding of await findBindings(tfjsNode, cache)) {
      try {
        return { ...binding, version: await verify(binding.path) };
      } catch (error) {
        signal?.throwIfAborted();
        failures.push(`${binding.source}: ${messageOf(error)}`);
      }
    }
    throw new Error(failures.length > 0 ? failures.join('; ') : 'no native binding is installed yet');
  },
};
