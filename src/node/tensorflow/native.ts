import { createRequire } from 'node:module';
import util from 'node:util';
import { findPackage } from './packages.js';
import { withQuietStderr } from './quiet-stderr.js';

const require = createRequire(import.meta.url);

export type TensorFlow = typeof import('@tensorflow/tfjs');

export interface LoadedTensorFlow {
  readonly tf: TensorFlow;
  readonly backend: 'native' | 'wasm';
  /** Of native TensorFlow, or of the WASM package. */
  readonly version: string;
}

/**
 * Imports tfjs-node with the native binding at `bindingPath`, wherever that lies, and makes it the backend.
 *
 * @throws Error with what the loader or TensorFlow said.
 */
export function loadNative(bindingPath: string): LoadedTensorFlow {
  setDefaultEnvironment();
  restoreUtilFunctions();
  const tfjsNode = findPackage('@tensorflow/tfjs-node');
  if (!tfjsNode) throw new Error('the package @tensorflow/tfjs-node is not installed');
  const tf = withBinding(tfjsNode.dir, bindingPath, () =>
    withQuietStderr(bindingPath, () => require(tfjsNode.dir) as TensorFlow),
  );
  // The binding's own object is not part of the typed backend.
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  return { tf, backend: 'native', version: binding.TF_Version };
}

/** TensorFlow reads these once, while it is loaded. */
function setDefaultEnvironment(): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
}

/**
 * tfjs-node 4.22.0 calls functions that Node 23 removed, and whose use Node 22 warns of; a plain
 * replacement serves every version.
 */
function restoreUtilFunctions(): void {
  Object.assign(util, {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  });
}

/**
 * tfjs-node asks node-pre-gyp where its binding lies, which knows no place but tfjs-node's own folder.
 * While `work` runs, we answer instead, so that one binding in the user's cache serves all checkouts and
 * nothing in node_modules is changed.
 */
function withBinding<T>(tfjsNodeDir: string, bindingPath: string, work: () => T): T {
  const id = createRequire(`${tfjsNodeDir}/package.json`).resolve('@mapbox/node-pre-gyp');
  const original = require.cache[id];
  require.cache[id] = {
    id,
    filename: id,
    loaded: true,
    exports: { find: () => bindingPath },
  } as NodeJS.Module;
  try {
    return work();
  } finally {
    if (original) require.cache[id] = original;
    else delete require.cache[id];
  }
}
