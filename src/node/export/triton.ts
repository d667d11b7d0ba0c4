import { existsSync } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { fromMetadata } from '../../core/model-info.js';
import { readOnnx } from '../../core/onnx/index.js';
import { printable } from '../../core/printable.js';
import { writeFileAtomic } from '../files.js';
import { withFolder } from '../folder-lock.js';
import { sha256Of } from '../hash.js';
import type { Reporter } from '../reporter.js';
import { formatTritonConfig } from './triton-config.js';

const LABELS = 'labels.txt';

/**
 * The name of a model in the repository, after its file.
 *
 * @throws UserError (exit status 2) if the file has none that a folder can have.
 */
export function tritonName(file: string): string {
  const name = basename(file).replace(/\.onnx$/i, '');
  if (!['', '.', '..'].includes(name)) return name;
  throw new UserError(`the output ${file} gives the model no name for --triton`, {
    exitCode: 2,
    hint: 'Name the file after the model, for example models/mnist_cnn.onnx.',
  });
}

/**
 * Adds a model to a repository of Triton Inference Server, which KServe's Triton runtime reads too:
 * `DIR/NAME/config.pbtxt`, `DIR/NAME/labels.txt` of classifiers, and `DIR/NAME/VERSION/model.onnx`. A new model
 * becomes the next version, so that a server that runs on the folder never reads a half of it; the same one adds
 * none. A config.pbtxt that was edited is kept.
 *
 * @returns the model's folder and its version
 * @throws UserError if a file cannot be written, Triton does not know the model's types, or a config.pbtxt was edited
 *   that was written for other inputs or outputs: nothing is added then.
 */
export async function writeTritonModel({
  folder,
  name,
  bytes,
  reporter,
}: {
  readonly folder: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly reporter: Reporter;
}): Promise<{ path: string; version: number }> {
  const path = join(folder, name);
  const model = readOnnx(bytes, name);
  const classes = fromMetadata(model.metadata)?.classes;
  const labels = classes && { fileName: LABELS, count: classes.length };
  const config = formatTritonConfig({ name, model, labels });
  // Two exports at once would choose the same version.
  return withFolder(path, { purpose: 'results', reporter }, async () => {
    await writeConfig(join(path, 'config.pbtxt'), config, reporter);
    // One line a class, whatever a foreign model calls its classes.
    if (classes) await writeFileAtomic(join(path, LABELS), `${classes.map(printable).join('\n')}\n`);
    return { path, version: await addVersion(path, bytes) };
  });
}

/** A file that can be written where a model can be added; a model that comes to nothing leaves no folder of its name. */
export function tritonProbe({ folder, name }: { readonly folder: string; readonly name: string }): string {
  const path = join(folder, name);
  return existsSync(path) ? join(path, 'config.pbtxt') : join(folder, '.writable');
}

/** Returns the version under which the model stands, a new one unless it is the latest already. */
async function addVersion(path: string, bytes: Uint8Array): Promise<number> {
  const latest = Math.max(0, ...(await listVersions(path)));
  const before = await readFile(modelPath(path, latest)).catch(() => undefined);
  if (before && Buffer.compare(before, bytes) === 0) return latest;
  // A server that watches the folder loads a version as soon as it is there, and passes over other names.
  const aside = join(path, `version-${latest + 1}.part`);
  await writeFileAtomic(join(aside, 'model.onnx'), bytes);
  await rename(aside, join(path, String(latest + 1)));
  return latest + 1;
}

function modelPath(path: string, version: number): string {
  return join(path, String(version), 'model.onnx');
}

/** The line before a configuration, a comment to Triton: what stands below it was this, while nobody edits it. */
const MARK = /^# Written by mnist-onnx, and anew unless edited: ([0-9a-f]{64})\n/;

async function writeConfig(path: string, config: string, reporter: Reporter): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  const [line = '', written] = MARK.exec(before ?? '') ?? [];
  const isUnedited = before === undefined || digestOf(before.slice(line.length)) === written;
  const marked = `# Written by mnist-onnx, and anew unless edited: ${digestOf(config)}\n${config}`;
  if (isUnedited) return before === marked ? undefined : writeFileAtomic(path, marked);
  if (written !== undefined && written !== digestOf(config)) {
    throw new UserError(`${path} was edited, and was written for a model with other inputs or outputs`, {
      hint: 'Delete it to have it written anew, or fit it to the new model and remove its first line; no version was added.',
    });
  }
  const doubt = written === undefined ? ', though it may not fit the model' : '';
  reporter.warn(`${path} was edited and is kept as it is${doubt}; delete it to have it written anew`);
}

function digestOf(text: string): string {
  return sha256Of(text);
}

async function listVersions(path: string): Promise<number[]> {
  const names = await readdir(path);
  return names.filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
}
