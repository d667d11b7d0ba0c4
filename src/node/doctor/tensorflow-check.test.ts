import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { bindingFile, bindingKey } from '../tensorflow/bindings.js';
import { findPackage } from '../tensorflow/packages.js';
import { present } from '../tensorflow/setup/present.js';
import { bindingStateKey, rememberNative } from '../tensorflow/state.js';
import { verifyBinding } from '../tensorflow/verify.js';
import { checkTensorFlow } from './tensorflow-check.js';

const tfjsNode = findPackage('@tensorflow/tfjs-node')!;
const hasOwnBinding = existsSync(join(tfjsNode.dir, bindingFile(tfjsNode)));

let cache: string;
beforeEach(async () => {
  const folder = await temporaryFolder();
  vi.stubEnv('MNIST_ONNX_CACHE', folder);
  cache = join(folder, 'tensorflow');
});
afterEach(() => void vi.unstubAllEnvs());

/** Puts a file that is no binding where setup leaves one. */
async function addBinding(): Promise<string> {
  const path = join(cache, 'bindings', bindingKey(tfjsNode, '2.99.0'), bindingFile(tfjsNode));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'no library');
  return path;
}

describe.skipIf(hasOwnBinding)('native TensorFlow', () => {
  const wasm = `WASM ${findPackage('@tensorflow/tfjs-backend-wasm')?.version}, slower; `;
  const context = () => ({ tfjsNode, cache, verify: verifyBinding }) as Parameters<typeof present.run>[0];

  it('that is not set up leaves WASM', async () => {
    expect(await checkTensorFlow()).toEqual({
      status: 'limited',
      detail: `${wasm}native TensorFlow is not set up`,
      fix: 'npx mnist-onnx setup',
    });
    await expect(present.run(context())).rejects.toThrow('no native binding is installed yet');
  });

  it('that does not load is told with the reason', async () => {
    await addBinding();
    const reason = /the cache, 2\.99\.0( fails)?: it does not load: .*Error: /;
    const { status, detail } = await checkTensorFlow();
    expect({ status, detail }).toEqual({ status: 'limited', detail: expect.stringMatching(reason) });
    await expect(present.run(context())).rejects.toThrow(reason);
  });

  it('that setup has seen at work is not loaded for it again', async () => {
    await rememberNative(await bindingStateKey(await addBinding()), '2.99.0', cache);
    expect(await checkTensorFlow()).toEqual({
      status: 'ok',
      detail: 'native 2.99.0, from the cache, 2.99.0',
    });
  });
});
