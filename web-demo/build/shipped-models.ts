import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { type DemoManifest, type DemoModel, describeDemoModel } from '../../src/core/demo-manifest.js';
import { makeParityReference, parityDigits } from '../../src/node/demo/parity-reference.js';

const MODELS = fileURLToPath(new URL('../../models/pretrained/', import.meta.url));

/** The best first. */
const PREFERENCE = ['mnist_deep', 'mnist_deep_int8'];

/**
 * What 3 MB over the wire leave for the model beside onnxruntime's WebAssembly (2.3 MB) and the page (0.2 MB):
 * 450 kB, which compression makes of a third more.
 */
const MAX_FIRST_BYTES = 600_000;

/**
 * Puts beside the page: the shipped models, what onnxruntime-node says of the reference digits, and `models.json`,
 * which lists them.
 */
export function shippedModels({ runtimeVersion }: { runtimeVersion: string }): Plugin {
  let made: Promise<Map<string, Uint8Array>> | undefined;
  const files = () => {
    made ??= makeFiles(runtimeVersion);
    return made;
  };
  return {
    name: 'shipped-models',
    async generateBundle() {
      for (const [fileName, source] of await files()) this.emitFile({ type: 'asset', fileName, source });
    },
    configureServer(server) {
      server.middlewares.use(async (request, response, next) => {
        const address = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
        const bytes = (await files()).get(address);
        if (bytes) response.end(bytes);
        else next();
      });
    },
  };
}

async function makeFiles(runtimeVersion: string): Promise<Map<string, Uint8Array>> {
  const digits = parityDigits();
  const digitsFile = `parity/digits-${hashOf(digits)}.bin`;
  const files = new Map([[digitsFile, digits]]);
  const models: DemoModel[] = [];
  for (const file of readdirSync(MODELS).filter((name) => name.endsWith('.onnx'))) {
    const bytes = readFileSync(MODELS + file);
    const name = basename(file, '.onnx');
    const hash = hashOf(bytes);
    const parity = `parity/${name}-${hash}.json`;
    files.set(parity, toJson(await makeParityReference(bytes, { name: file, digits: digitsFile })));
    files.set(`models/${file}`, bytes);
    // The version keeps an old page and a new model apart in caches.
    models.push(describeDemoModel(bytes, { name: file, file: `models/${file}?v=${hash}`, parity }));
  }
  const manifest: DemoManifest = { keepsOffline: true, runtimeVersion, models: inOrder(models) };
  files.set('models.json', toJson(manifest));
  return files;
}

/** The best, first of all the best that is light enough to start with. */
function inOrder(models: readonly DemoModel[]): DemoModel[] {
  const rank = ({ name }: DemoModel) => (PREFERENCE.indexOf(basename(name, '.onnx')) + 1 || 99) - 1;
  const ranked = models.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  const lightest = ranked.toSorted((a, b) => a.sizeBytes - b.sizeBytes)[0];
  const first = ranked.find(({ sizeBytes }) => sizeBytes <= MAX_FIRST_BYTES) ?? lightest;
  if (!first) throw new Error(`no model in ${MODELS}`);
  return [first, ...ranked.filter((model) => model !== first)];
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 8);
}

function toJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
