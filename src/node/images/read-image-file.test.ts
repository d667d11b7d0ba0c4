import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { MAX_FILE_BYTES, readImageFile } from './read-image-file.js';

const TOO_LARGE = 'the file is larger than 256 MB';

describe('an image file', () => {
  it('is read whole', async () => {
    const path = join(await temporaryFolder(), 'a.png');
    await writeFile(path, 'the bytes');
    expect(Buffer.from(readImageFile(path)).toString()).toBe('the bytes');
  });

  it.each([
    ['is not there', 'none.png', 'it does not exist'],
    ['is a folder', '.', 'it is a folder'],
  ])('that %s says so', async (_, name, message) => {
    const path = join(await temporaryFolder(), name);
    expect(() => readImageFile(path)).toThrow(expect.objectContaining({ name: 'UserError', message }));
  });

  it('that is too large is not read', async () => {
    const path = join(await temporaryFolder(), 'large.png');
    await writeFile(path, '');
    // A hole: it takes no room.
    await truncate(path, MAX_FILE_BYTES + 1);
    expect(() => readImageFile(path)).toThrow(TOO_LARGE);
  });

  it.skipIf(process.platform === 'win32')('that is a named pipe is not waited for', async () => {
    const path = join(await temporaryFolder(), 'pipe.png');
    execFileSync('mkfifo', [path]);
    expect(() => readImageFile(path)).toThrow('it is no file but a pipe or a device');
  });

  it.skipIf(process.platform === 'win32')('that is a named pipe loses nothing of what it holds', async () => {
    const path = join(await temporaryFolder(), 'pipe.png');
    execFileSync('mkfifo', [path]);
    const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    try {
      writeSync(pipe, 'for another');
      expect(() => readImageFile(path)).toThrow('it is no file but a pipe or a device');
      expect(readSync(pipe, Buffer.alloc(100))).toBe('for another'.length);
    } finally {
      closeSync(pipe);
    }
  });

  it.each([1, 65_535, 65_536, 65_537, 300_000])('of %i bytes is read whole', async (size) => {
    const path = join(await temporaryFolder(), 'a.png');
    const bytes = Buffer.from(Array.from({ length: size }, (_, i) => i % 251));
    await writeFile(path, bytes);
    expect(bytes.equals(readImageFile(path))).toBe(true);
  });
});
