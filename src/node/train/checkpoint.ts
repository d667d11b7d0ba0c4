import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { type EpochRecord, isEpochRecord } from '../../core/training-record.js';
import { readFileOrFail, writeFileAtomic } from '../files.js';
import type { AdamState } from './adam.js';
import type { TrainConfig } from './config.js';
import type { Sums } from './score.js';

/** Where a data set was had from: a name or a folder, and where MNIST is sought first. */
export interface DatasetSource {
  readonly dataset: string;
  readonly dataDir?: string | undefined;
  /** A folder of the user's own labelled images that were mixed in. */
  readonly images?: string | undefined;
}

/** The state of a training run between two steps: all that is needed to go on as if nothing had happened. */
export interface Checkpoint {
  readonly config: TrainConfig;
  readonly dataset: { readonly name: string; readonly sha256: string };
  /** What `loadDataset` was given for it. */
  readonly source: DatasetSource;
  readonly backend: string;
  /** The network's layers, as tfjs serializes them. */
  readonly topology: object;
  /** One record for each epoch done. */
  readonly history: readonly EpochRecord[];
  /** Steps done of the epoch under way, and its running sums. */
  readonly step: number;
  readonly sums: Sums;
  readonly weights: readonly Float32Array[];
  readonly adam: AdamState;
  /** The weights' running mean, where one is kept. */
  readonly average: readonly Float32Array[] | undefined;
  readonly best: { readonly epoch: number; readonly weights: readonly Float32Array[] } | undefined;
}

const MAGIC = 'MNIST-ONNX-CKPT2';
const DIGEST_BYTES = 32;
const PREFIX_BYTES = MAGIC.length + 4;

/** Where a model folder's checkpoint lies. */
export function checkpointPath(modelDir: string): string {
  return join(modelDir, 'checkpoint.bin');
}

/** Writes the checkpoint as one file, so that a crash at any moment leaves the last one whole. */
export async function saveCheckpoint(modelDir: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomic(checkpointPath(modelDir), encodeCheckpoint(checkpoint));
}

/**
 * Reads a model folder's checkpoint.
 *
 * @throws UserError if there is none, or it is damaged.
 */
export async function loadCheckpoint(modelDir: string): Promise<Checkpoint> {
  const path = checkpointPath(modelDir);
  const hint = 'Start a new run without --resume, or name the folder of the run with --model-dir.';
  return decodeCheckpoint(await readFileOrFail(path, 'the checkpoint', hint), path);
}

/**
 * Magic, the header's length (uint32, little-endian), the header as JSON, the arrays (float32, little-endian:
 * weights, Adam's m and v, the running mean and the best weights where there are some), then SHA-256 of all that.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { weights, adam, average, best, ...plain } = checkpoint;
  const groups = [weights, adam.m, adam.v, average ?? [], best?.weights ?? []];
  const header = Buffer.from(
    JSON.stringify({
      ...plain,
      adamStep: adam.step,
      bestEpoch: best?.epoch,
      lengths: groups.map((group) => group.map((array) => array.length)),
    }),
  );
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(header.length, MAGIC.length);
  const arrays = groups.flat().map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  const body = Buffer.concat([prefix, header, ...arrays]);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

/**
 * Reads what `encodeCheckpoint` wrote.
 *
 * @throws UserError if a bit of it is wrong or missing.
 */
export function decodeCheckpoint(bytes: Uint8Array, path: string): Checkpoint {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = file.subarray(0, Math.max(0, file.length - DIGEST_BYTES));
  const intact =
    file.length > PREFIX_BYTES + DIGEST_BYTES &&
    file.toString('latin1', 0, MAGIC.length) === MAGIC &&
    createHash('sha256').update(body).digest().equals(file.subarray(body.length));
  const checkpoint = intact ? decodeBody(body) : undefined;
  if (checkpoint) return checkpoint;
  throw new UserError(`the checkpoint ${path} is damaged, or not one of this version`, {
    hint: 'Start a new run without --resume.',
  });
}

/** Undefined where it is not what `encodeCheckpoint` writes: a digest is no proof of who wrote it. */
function decodeBody(body: Buffer): Checkpoint | undefined {
  const arraysStart = PREFIX_BYTES + body.readUInt32LE(MAGIC.length);
  const header = parseHeader(body.toString('utf8', PREFIX_BYTES, arraysStart));
  if (!header || !isRecord(header.config) || !isRecord(header.dataset) || !isRecord(header.source)) return;
  const { adamStep, bestEpoch, lengths, ...plain } = header;
  // Checked before any memory is taken for them.
  if (!isLengths(lengths) || arraysStart + 4 * sum(lengths.flat()) !== body.length) return;
  if (!Array.isArray(plain.history) || !plain.history.every(isEpochRecord)) return;
  if (![adamStep, plain.step].every(Number.isSafeInteger)) return;
  let offset = arraysStart;
  const [weights, m, v, average, bestWeights] = lengths.map((group) =>
    group.map((length) => {
      const array = new Float32Array(length);
      new Uint8Array(array.buffer).set(body.subarray(offset, offset + array.byteLength));
      offset += array.byteLength;
      return array;
    }),
  ) as [Float32Array[], Float32Array[], Float32Array[], Float32Array[], Float32Array[]];
  return {
    ...(plain as unknown as Checkpoint),
    weights,
    adam: { step: adamStep as number, m, v },
    average: average.length > 0 ? average : undefined,
    best: bestEpoch === undefined ? undefined : { epoch: bestEpoch as number, weights: bestWeights },
  };
}

function parseHeader(json: string): Record<string, unknown> | undefined {
  try {
    const header: unknown = JSON.parse(json);
    return isRecord(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const GROUPS = 5;

function isLengths(value: unknown): value is number[][] {
  const isLength = (length: unknown) => Number.isSafeInteger(length) && (length as number) >= 0;
  return (
    Array.isArray(value) &&
    value.length === GROUPS &&
    value.every((group) => Array.isArray(group) && group.every(isLength))
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
