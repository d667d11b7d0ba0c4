import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, relative } from 'node:path';
import { classifierPorts } from '../../core/classify.js';
import { DIGIT_CLASSES } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import { fromMetadata, MNIST_PREPROCESSING, type ModelInfo } from '../../core/model-info.js';
import type { OnnxModel } from '../../core/onnx/read.js';
import { scanMetadata } from '../../core/onnx/scan-metadata.js';
import { readFileOrFail } from '../files.js';
import { sha256Of } from '../hash.js';
import { PRETRAINED_DIR } from '../paths.js';
import type { Reporter } from '../reporter.js';
import { createNodeSession } from './node-session.js';
import type { Device, RuntimeSession } from './runtime-session.js';

/** A classifier that is ready to run. */
export interface OpenModel {
  readonly path: string;
  /** Hex, of the file. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The file's content. */
  readonly bytes: Uint8Array;
  readonly info: ModelInfo;
  readonly session: RuntimeSession;
}

/** What a model without metadata is taken for: the ten digits. */
const DEFAULT_INFO: ModelInfo = { classes: DIGIT_CLASSES, preprocessing: MNIST_PREPROCESSING };

/**
 * The model to use: the given one (a path, or a name that is sought here, in `models`, and in the package); else
 * `./mnist_cnn.onnx`, `models/mnist_cnn.onnx`, the same of mnist_deep, or the one that comes with the package,
 * whichever is found first.
 *
 * @throws UserError if none is found.
 */
export function resolveModelPath(given?: string): { path: string; isShipped: boolean } {
  if (given !== undefined) return resolveName(given);
  const own = ['mnist_cnn', 'mnist_deep'].flatMap((name) => [`${name}.onnx`, `models/${name}.onnx`]);
  const found = own.find((path) => existsSync(path));
  if (found) return { path: found, isShipped: false };
  const shipped = ['mnist_deep.onnx', 'mnist_cnn.onnx'].map((name) => join(PRETRAINED_DIR, name));
  const best = shipped.find((path) => existsSync(path));
  if (best) return { path: shorten(best), isShipped: true };
  throw new UserError('no model found: neither ./mnist_cnn.onnx nor models/mnist_cnn.onnx exists', {
    hint: 'Make one with: mnist-onnx train, then mnist-onnx export models/mnist_cnn.onnx',
  });
}

/** A path is that file; a bare name, with or without its ending, is sought here, in `models`, and in the package. */
function resolveName(given: string): { path: string; isShipped: boolean } {
  if (basename(given) !== given || existsSync(given)) return { path: given, isShipped: false };
  const file = `${basename(given, '.onnx')}.onnx`;
  const own = [file, `models/${file}`].find((path) => existsSync(path));
  if (own) return { path: own, isShipped: false };
  const shipped = join(PRETRAINED_DIR, file);
  return existsSync(shipped)
    ? { path: shorten(shipped), isShipped: true }
    : { path: given, isShipped: false };
}

/** A path below the working folder without that folder. */
function shorten(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith('..') || isAbsolute(below) ? path : below;
}

/** A classifier's file, and what it says of itself. */
export interface ModelFile {
  readonly path: string;
  readonly isShipped: boolean;
  readonly bytes: Uint8Array;
  readonly info: ModelInfo;
}

/** How a model is made ready to run. */
export interface OpenOptions {
  readonly device?: Device;
  /** Threads within an operator, as `createNodeSession` has them. */
  readonly threads?: number;
  readonly reporter: Reporter;
}

/**
 * Opens a classifier of 28x28 images with what its file says of itself, and notes which it is and where it runs.
 *
 * @throws UserError if there is no model, it is damaged, its shapes do not fit, or the device is missing.
 */
export async function openModel(options: OpenOptions & { model?: string | undefined }): Promise<OpenModel> {
  return openModelFile(await readModelFile(options.model), options);
}

/**
 * Reads a classifier's file, `resolveModelPath`'s, without making it ready to run.
 *
 * @throws UserError if there is none, or it is no ONNX model.
 */
export async function readModelFile(given?: string): Promise<ModelFile> {
  const { path, isShipped } = resolveModelPath(given);
  const bytes = await readFileOrFail(
    path,
    'the model',
    'Make one with: mnist-onnx train, then mnist-onnx export',
  );
  return { path, isShipped, bytes, info: await readInfo(bytes, path) };
}

/**
 * Makes a classifier of 28x28 images ready to run, and notes which it is and where it runs.
 *
 * @throws UserError as `openModel`.
 */
export async function openModelFile(file: ModelFile, options: OpenOptions): Promise<OpenModel> {
  const model = await openWithInfo(file, options);
  const { runtime, device } = model.session;
  options.reporter.note(
    `model: ${file.path}${file.isShipped ? ' (the one that comes with mnist-onnx)' : ''}, ${runtime} on ${device.toUpperCase()}`,
  );
  return model;
}

/**
 * Opens a classifier that is in memory.
 *
 * @param options.path names it in errors and captions.
 * @throws UserError as `openModel`.
 */
export async function openModelBytes(
  bytes: Uint8Array,
  { path, ...options }: OpenOptions & { path: string },
): Promise<OpenModel> {
  return openWithInfo({ path, bytes, info: await readInfo(bytes, path) }, options);
}

async function readInfo(bytes: Uint8Array, path: string): Promise<ModelInfo> {
  const metadata = scanMetadata(bytes) ?? (await decode(bytes, path)).metadata;
  return fromMetadata(metadata) ?? DEFAULT_INFO;
}

async function openWithInfo(
  { path, bytes, info }: Omit<ModelFile, 'isShipped'>,
  options: OpenOptions,
): Promise<OpenModel> {
  const session = await createNodeSession(bytes, options).catch(async (error) => {
    // Of a damaged file this says more than onnxruntime does.
    await decode(bytes, path);
    throw error;
  });
  try {
    checkForm(info, path);
    classifierPorts(session, info);
  } catch (error) {
    await session.release();
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path} does not fit: ${error.message}`, { hint: error.hint ?? '' });
  }
  let sha256: string | undefined;
  return {
    path,
    // Few ask for it.
    get sha256() {
      sha256 ??= sha256Of(bytes);
      return sha256;
    },
    sizeBytes: bytes.length,
    bytes,
    info,
    session,
  };
}

/** Decodes the whole file; few models need it, and the decoder takes its time to load. */
async function decode(bytes: Uint8Array, path: string): Promise<OnnxModel> {
  return (await import('../../core/onnx/read.js')).readOnnx(bytes, path);
}

function checkForm({ preprocessing: { width, height } }: ModelInfo, path: string): void {
  if (width === MNIST_PREPROCESSING.width && height === MNIST_PREPROCESSING.height) return;
  throw new UserError(`its metadata asks for images of ${width}x${height} pixels, not 28x28`, {
    hint: `Export ${path} again from a model of 28x28 images.`,
  });
}
