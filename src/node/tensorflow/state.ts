import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../files.js';
import { tensorflowCache } from './bindings.js';

/** What setups before have found out. */
interface State {
  /** TensorFlow's version, by the key of a binding that has loaded and computed. */
  readonly verified: Readonly<Record<string, string>>;
  /** Set while native TensorFlow could not be had. */
  readonly wasm?: RememberedWasm | undefined;
}

/** In the place of tfjs-node's version. */
export const NOT_INSTALLED = 'not installed';

export interface RememberedWasm {
  readonly reasons: readonly string[];
  /** ISO 8601, the day. */
  readonly date: string;
  readonly tfjsNode: string;
}

const stateFile = (cache: string) => join(cache, 'state.json');

/** Reads what is remembered; what cannot be read counts as nothing. */
export async function readState(cache = tensorflowCache()): Promise<State> {
  try {
    const { verified = {}, wasm } = JSON.parse(await readFile(stateFile(cache), 'utf8')) as Partial<State>;
    return { verified, wasm };
  } catch {
    return { verified: {} };
  }
}

/** Remembers that a binding works; doing without is only slower. */
export async function rememberNative(key: string, version: string, cache = tensorflowCache()): Promise<void> {
  const { verified } = await readState(cache);
  await write({ verified: { ...verified, [key]: version } }, cache);
}

/** Remembers that native TensorFlow could not be had, so that not every training tries again. */
export async function rememberWasm(wasm: RememberedWasm, cache = tensorflowCache()): Promise<void> {
  await write({ ...(await readState(cache)), wasm }, cache);
}

async function write(state: State, cache: string): Promise<void> {
  await writeFileAtomic(stateFile(cache), `${JSON.stringify(state, null, 2)}\n`).catch(() => {});
}

/** Names a binding as it is now, on this version of Node: another build or another Node is another key. */
export async function bindingStateKey(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return [await realpath(path), size, Math.round(mtimeMs), process.version, process.arch].join('|');
}
