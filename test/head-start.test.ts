import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCommand } from './command.js';

const folder = await mkdtemp(join(tmpdir(), 'mnist-onnx-head-start-'));
beforeAll(async () => {
  for (let i = 0; i < 1000; i++) await writeFile(join(folder, `${i}.txt`), '');
  await copyFile('images/digit-0.png', join(folder, 'a.png'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const { ended, text } = startCommand(args);
  return { status: await ended, ...text };
}

describe('with a folder of so many files that a thread is started ahead', () => {
  it('few images are read with the model that is told', async () => {
    const { status, stdout, stderr } = await run('infer', folder, '--model', 'mnist_cnn');
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^0 +ok .*a\.png$/m) });
    expect(stderr).toMatch(/^model: .*mnist_cnn\.onnx/);
    expect(stderr).toContain('images: 1 read in ');
  });

  it('a model that does not fit is named', async () => {
    const model = join(folder, 'm.onnx');
    await writeFile(model, 'no model');
    const { status, stderr } = await run('infer', folder, '--model', model);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(`${model} is no ONNX`) });
  });

  it.each([
    ['a mistake', ['--bogus'], 2, 'unknown option: --bogus'],
    ['a question', ['--help'], 0, ''],
  ])('%s is answered', async (_, args, status, said) => {
    const answer = await run('infer', folder, ...args);
    expect(answer).toMatchObject({ status, stderr: expect.stringContaining(said) });
  });
});
