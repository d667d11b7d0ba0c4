import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';
import { expect, test } from 'vitest';
import { createTensorBoardWriter, maskedCrc32c } from './tensorboard.js';

/** Parses TFRecords, checking both sums of each. */
function readRecords(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** An event's step and scalars, by the fields of event.proto and summary.proto. */
function readEvent(data: Uint8Array) {
  const reader = protobuf.Reader.create(data);
  const event = { step: 0, version: '', scalars: {} as Record<string, number> };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 2) event.step = Number(reader.int64());
    else if (tag >>> 3 === 3) event.version = reader.string();
    else if (tag >>> 3 === 5) {
      const end = reader.uint32() + reader.pos;
      while (reader.pos < end) {
        reader.uint32();
        reader.uint32();
        reader.uint32();
        const name = reader.string();
        reader.uint32();
        event.scalars[name] = reader.float();
      }
    } else reader.skipType(tag & 7);
  }
  return event;
}

test('the checksum is CRC-32C, masked', () => {
  // The published check value of CRC-32C over "123456789".
  const crc = 0xe3069283;
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  expect(maskedCrc32c(Buffer.from('123456789'))).toBe(masked);
});

test('an epoch is read back from the event files of its three parts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorboard-'));
  try {
    const writer = await createTensorBoardWriter(folder);
    await writer.add({
      epoch: 1,
      learningRate: 0.25,
      training: { loss: 2, accuracy: 0.5 },
      validation: { loss: 1.5, accuracy: 0.625 },
      test: { loss: 1, accuracy: 0.75 },
    });
    const eventsOf = async (part: string) => {
      const [name] = await readdir(join(folder, part));
      return readRecords(await readFile(join(folder, part, name!))).map(readEvent);
    };
    const [opening, epoch] = await eventsOf('train');
    expect(opening!.version).toBe('brain.Event:2');
    expect(epoch).toMatchObject({
      step: 1,
      scalars: { epoch_loss: 2, epoch_accuracy: 0.5, epoch_learning_rate: 0.25 },
    });
    expect((await eventsOf('validation'))[1]!.scalars).toEqual({ epoch_loss: 1.5, epoch_accuracy: 0.625 });
    expect((await eventsOf('test'))[1]!.scalars).toEqual({ epoch_loss: 1, epoch_accuracy: 0.75 });
  } finally {
    await rm(folder, { recursive: true });
  }
});
