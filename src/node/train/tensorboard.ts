import { appendFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';
import { UserError } from '../../core/errors.js';
import type { EpochRecord } from '../../core/training-record.js';
import { fileErrorReason, writeFileAtomic } from '../files.js';

/** Writes epochs as TensorBoard's event files. */
export interface TensorBoardWriter {
  add(epoch: EpochRecord): Promise<void>;
}

/** Starts event files in the folders `train`, `validation` and `test`, which TensorBoard shows as three runs. */
export async function createTensorBoardWriter(folder: string): Promise<TensorBoardWriter> {
  const nowSeconds = () => Date.now() / 1000;
  const name = `events.out.tfevents.${Math.floor(nowSeconds())}.${hostname()}.${process.pid}.mnist-onnx`;
  const paths = { training: 'train', validation: 'validation', test: 'test' } as const;
  const pathOf = (part: keyof typeof paths) => join(folder, paths[part], name);
  const parts = Object.keys(paths) as (keyof typeof paths)[];
  for (const part of parts)
    await writeFileAtomic(pathOf(part), encodeRecord(encodeEvent({ wallTimeSeconds: nowSeconds() })));
  return {
    async add(epoch) {
      for (const part of parts) {
        const scalars: Record<string, number> = {
          epoch_loss: epoch[part].loss,
          epoch_accuracy: epoch[part].accuracy,
          ...(part === 'training' ? { epoch_learning_rate: epoch.learningRate } : {}),
        };
        const event = encodeEvent({ wallTimeSeconds: nowSeconds(), step: epoch.epoch, scalars });
        await append(pathOf(part), encodeRecord(event));
      }
    },
  };
}

/** TensorBoard reads its files while they grow, so that these alone are appended to. */
async function append(path: string, data: Uint8Array): Promise<void> {
  try {
    await appendFile(path, data);
  } catch (cause) {
    throw new UserError(`cannot write ${path}: ${fileErrorReason(cause)}`, { cause });
  }
}

interface Event {
  readonly wallTimeSeconds: number;
  readonly step?: number;
  readonly scalars?: Readonly<Record<string, number>>;
}

/**
 * An `Event` message (tensorflow/core/util/event.proto: 1 wall_time, 2 step, 3 file_version, 5 summary); one
 * without scalars opens a file.
 */
function encodeEvent({ wallTimeSeconds, step = 0, scalars }: Event): Uint8Array {
  const writer = protobuf.Writer.create().uint32(9).double(wallTimeSeconds).uint32(16).int64(step);
  if (!scalars) return writer.uint32(26).string('brain.Event:2').finish();
  writer.uint32(42).fork();
  // summary.proto: Summary { 1 value }, Value { 1 tag, 2 simple_value }
  for (const [tag, value] of Object.entries(scalars))
    writer.uint32(10).fork().uint32(10).string(tag).uint32(21).float(value).ldelim();
  return writer.ldelim().finish();
}

/** TFRecord's frame: length (uint64), its masked CRC, the data, its masked CRC; all little-endian. */
function encodeRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + 4 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc32c(data), 12 + data.length);
  return record;
}

/** CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), rotated and shifted as TFRecord wants it. */
export function maskedCrc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
