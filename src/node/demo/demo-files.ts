import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { type DemoManifest, type DemoModel, describeDemoModel } from '../../core/demo-manifest.js';
import { UserError } from '../../core/errors.js';
import { readFileOrFail } from '../files.js';
import { PRETRAINED_DIR, packageRoot } from '../paths.js';
import { addBytes, addFile, type FileTable, listFiles } from './file-table.js';
import { makeParityReference, parityDigits } from './parity-reference.js';

/** Where the build puts the page. */
export const DEMO_DIR: string = join(packageRoot, 'web-demo/dist');

/**
 * Everything that the demo's page loads: its built files, and from where else they lie in an installed package the
 * models and onnxruntime-web's WebAssembly.
 *
 * @param options.model the user's own model, which then stands first in the menu
 * @param options.first the name of the shipped model that stands first, where there is none of the user
 * @throws UserError if the page is not built, or the model cannot be read or does not fit.
 */
export async function demoFiles({
  folder = DEMO_DIR,
  model,
  first,
}: {
  folder?: string | undefined;
  model?: string | undefined;
  first?: string | undefined;
}): Promise<FileTable> {
  if (!existsSync(join(folder, 'models.json'))) {
    throw new UserError(`the demo's page is not built: there is no ${join(folder, 'models.json')}`, {
      hint: 'In a checkout, build it with: npm run build:demo',
    });
  }
  const files = await listFiles(folder);
  const manifest: DemoManifest = JSON.parse(await readFile(join(folder, 'models.json'), 'utf8'));
  await addMissing(files, '/models/', PRETRAINED_DIR, '.onnx');
  await addMissing(files, `/onnxruntime-web-${manifest.runtimeVersion}/`, runtimeFolder(manifest), '.wasm');
  const own = model === undefined ? [] : [await addOwnModel(files, model)];
  const shipped = manifest.models.toSorted((a, b) => Number(b.name === first) - Number(a.name === first));
  // A server on this machine is there when the page is; kept files would outlive the model that they came with.
  const served: DemoManifest = { ...manifest, keepsOffline: false, models: [...own, ...shipped] };
  addBytes(files, '/models.json', async () => Buffer.from(JSON.stringify(served)));
  return files;
}

/** What the package leaves out because it lies elsewhere in it, or in one that it depends on. */
async function addMissing(files: FileTable, address: string, folder: string, ending: string): Promise<void> {
  for (const [name, { content }] of await listFiles(folder)) {
    const key = `${address}${name.slice(1)}`;
    const path = content.kind === 'files' ? content.paths.identity : undefined;
    if (path && name.endsWith(ending) && !files.has(key)) addFile(files, key, path);
  }
}

function runtimeFolder({ runtimeVersion }: DemoManifest): string {
  const main = createRequire(import.meta.url).resolve('onnxruntime-web');
  const folder = dirname(main);
  const { version } = createRequire(import.meta.url)(join(folder, '../package.json'));
  if (version === runtimeVersion) return folder;
  throw new UserError(
    `the demo's page needs onnxruntime-web ${runtimeVersion}, and ${version} is installed`,
    { hint: `npm install onnxruntime-web@${runtimeVersion}` },
  );
}

async function addOwnModel(files: FileTable, path: string): Promise<DemoModel> {
  const bytes = await readFileOrFail(path, 'the model');
  // Made now, so that a model that does not fit is refused before the page is opened.
  const digits = 'own/digits.bin';
  const reference = await makeParityReference(bytes, { name: path, digits });
  addBytes(files, '/own/model.onnx', async () => bytes);
  addBytes(files, '/own/parity.json', async () => Buffer.from(JSON.stringify(reference)));
  addBytes(files, `/${digits}`, async () => parityDigits());
  return describeDemoModel(bytes, {
    name: basename(path),
    file: 'own/model.onnx',
    parity: 'own/parity.json',
  });
}
