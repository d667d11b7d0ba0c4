import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownMark } from '../../process-mark.js';
import { createWorkDir, folderSize, publish, removeStaleWorkDirs } from './cache.js';

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'cache-'));
});
afterEach(() => rm(cache, { recursive: true }));

async function makeFolder(name: string, content: string): Promise<string> {
  const dir = join(cache, name);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'file'), content);
  return dir;
}

describe('work folders', () => {
  it('of an ended process are cleared away, those of a running one and of another machine stay', async () => {
    const own = await createWorkDir(cache);
    // No process has so high a number.
    await makeFolder(`work/${ownMark().space}-99999999-5-abcdef`, 'left by a crash');
    await makeFolder('work/ffffffff-99999999-5-abcdef', 'in use over there');
    await removeStaleWorkDirs(cache);
    expect((await readdir(join(cache, 'work'))).sort()).toEqual(
      [own.split('/').at(-1), 'ffffffff-99999999-5-abcdef'].sort(),
    );
  });

  it('that cannot be made are explained by the cache folder', async () => {
    await writeFile(join(cache, 'file'), '');
    await expect(createWorkDir(join(cache, 'file'))).rejects.toThrow(/the cache folder .* cannot be written/);
  });
});

describe('publish', () => {
  it.each([
    { replace: true, kept: 'mine' },
    { replace: false, kept: 'theirs' },
  ])('with replace $replace keeps $kept of two', async ({ replace, kept }) => {
    const to = await makeFolder('target', 'theirs');
    const from = await makeFolder('work/mine', 'mine');
    await publish({ from, to, workDir: join(cache, 'work'), replace });
    expect(await readFile(join(to, 'file'), 'utf8')).toBe(kept);
  });
});

it('folderSize adds up all files below a folder', async () => {
  await makeFolder('a', '12345');
  await makeFolder('a/b', '123');
  expect(await folderSize(join(cache, 'a'))).toBe(8);
  expect(await folderSize(join(cache, 'missing'))).toBe(0);
});
