import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { lockOutput } from './lock-output.js';

test('an output has one writer, also under another name; others in its folder have theirs', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'out.csv');
  await writeFile(path, '');
  await symlink(path, join(folder, 'link.csv'));
  const lock = await lockOutput(path);
  for (const name of ['out.csv', 'link.csv']) {
    await expect(lockOutput(join(folder, name))).rejects.toMatchObject({
      message: `${join(folder, name)} is in use by another run of mnist-onnx (process ${process.pid})`,
      exitCode: 1,
    });
  }
  await (await lockOutput(join(folder, 'other.csv')))!.release();
  await lock!.release();
  await (await lockOutput(path))!.release();
  expect((await readdir(folder)).sort()).toEqual(['link.csv', 'out.csv']);
});

test('where nothing can be written, there is nobody to wait for', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  await expect(lockOutput(join(folder, 'file/out.csv'))).rejects.toMatchObject({
    message: expect.stringMatching(/^cannot write to .*file: /),
    hint: 'Choose another folder, or make room and try again.',
  });
});

test.skipIf(process.platform === 'win32')('what is no plain file has any number of writers', async () => {
  expect(await lockOutput('/dev/null')).toBeUndefined();
});
