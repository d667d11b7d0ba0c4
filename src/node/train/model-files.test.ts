import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TrainingRecord } from '../../core/training-record.js';
import { type ModelFiles, saveModel } from './model-files.js';

test('a write that fails half-way leaves the model that stood there, and nothing beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'model-files-'));
  try {
    const record = (seed: number) => ({ config: { seed } }) as unknown as TrainingRecord;
    const files: ModelFiles = { modelJson: '"old"', weights: Uint8Array.of(1), weightsSha256: '' };
    await saveModel(folder, files, record(1));
    const read = async () =>
      Object.fromEntries(
        await Promise.all(
          (await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name), 'latin1')]),
        ),
      );
    const before = await read();
    expect(Object.keys(before).sort()).toEqual(['model.json', 'training.json', 'weights.bin']);

    // The second file of the three cannot be written.
    const broken = { ...files, modelJson: '"new"', weights: null as unknown as Uint8Array };
    await expect(saveModel(folder, broken, record(2))).rejects.toThrow(/^cannot write .*weights\.bin/);
    expect(await read()).toEqual(before);
  } finally {
    await rm(folder, { recursive: true });
  }
});
