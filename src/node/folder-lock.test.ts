import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/tiny-model.js';
import { type FolderLockOptions, lockFolder, withFolder } from './folder-lock.js';
import { ownMark } from './process-mark.js';
import { silentReporter } from './reporter.js';

const options = { purpose: 'training' } as const;
const quick: FolderLockOptions = { ...options, beatMs: 40, watchMs: 200 };

/** A process that takes a folder and says so, or says why not; it holds the folder until it is ended. */
async function holder(folder: string): Promise<{ child: ChildProcess; said: string }> {
  const script = `import { lockFolder } from './dist/node/folder-lock.js';
    await lockFolder(process.argv[1], { purpose: 'training' }).then(
      () => console.log('held'), (error) => console.log(error.message));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [text] = await once(child.stdout, 'data');
  return { child, said: String(text).trim() };
}

const foreign = (name: string) => `.mnist-onnx-training-${name}-0a1b2c3d.lock`;

describe('a folder that a process has taken', () => {
  test('is refused to another process, with its number; is free again when it is given back', async () => {
    const folder = await temporaryFolder();
    const lock = await lockFolder(folder, options);
    const { said } = await holder(folder);
    expect(said).toBe(`${folder} is in use by another run of mnist-onnx (process ${process.pid})`);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    expect((await holder(folder)).said).toBe('held');
  });

  test('is removed again where it was made for that and is empty', async () => {
    const folder = await temporaryFolder();
    await (await lockFolder(join(folder, 'a/b'), options)).release();
    expect(await readdir(folder)).toEqual([]);
    const lock = await lockFolder(join(folder, 'a/b'), options);
    await writeFile(join(folder, 'a/b/model.json'), '');
    await lock.release();
    expect(await readdir(join(folder, 'a/b'))).toEqual(['model.json']);
  });

  test('is refused to a second run in the same process, but not for another purpose', async () => {
    const folder = await temporaryFolder();
    const lock = await lockFolder(folder, options);
    await expect(lockFolder(folder, options)).rejects.toThrow(/is in use by another run/);
    await (await lockFolder(folder, { purpose: 'results' })).release();
    await lock.release();
  });

  test('is free as soon as that process was killed, and its file is cleared away', async () => {
    const folder = await temporaryFolder();
    const { child } = await holder(folder);
    const [left] = await readdir(folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await lockFolder(folder, options);
    expect(await readdir(folder)).not.toContain(left);
    await lock.release();
  });

  test('stays taken while that process is suspended', async () => {
    const folder = await temporaryFolder();
    const { child } = await holder(folder);
    child.kill('SIGSTOP');
    await expect(lockFolder(folder, quick)).rejects.toThrow(/is in use by another run/);
  });

  test('is waited for where that is wanted', async () => {
    const folder = await temporaryFolder();
    const lock = await lockFolder(folder, options);
    const order: string[] = [];
    const waiting = withFolder(folder, options, async () => void order.push('second'));
    await sleep(300);
    order.push('first');
    await lock.release();
    await waiting;
    expect(order).toEqual(['first', 'second']);
  });

  test('goes to one alone of many that ask at the same moment', async () => {
    for (let round = 0; round < 20; round++) {
      const folder = await temporaryFolder();
      const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, quick)));
      const locks = asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      expect(locks).toHaveLength(1);
      await locks[0]!.release();
    }
  });
});

describe('a lock whose process cannot be asked', () => {
  test.each([
    ['another container or machine', 'ffffffff-1-5'],
    ['a system that does not say when a process began', `${ownMark().space}-${process.ppid}-0`],
  ])('of %s counts while it gives signs of life, and no longer', async (_, mark) => {
    const folder = await temporaryFolder();
    const path = join(folder, foreign(mark));
    await writeFile(path, 'far-away\n');
    let seconds = 1;
    // The clock of the other may be anywhere: only that the time changes is looked at.
    const beat = setInterval(() => utimes(path, seconds, seconds++).catch(() => {}), 40);
    onTestFinished(() => clearInterval(beat));
    const failure = lockFolder(folder, quick);
    await expect(failure).rejects.toThrow(
      /is in use by another run of mnist-onnx \(process \d+ on far-away\)/,
    );
    clearInterval(beat);
    const notes: string[] = [];
    const reporter = { ...silentReporter, note: (line: string) => notes.push(line) };
    const lock = await lockFolder(folder, { ...quick, reporter });
    expect(await readdir(folder)).toHaveLength(1);
    await lock.release();
  });

  test('a process number that was given to another process since does not count', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, foreign(`${ownMark().space}-${process.ppid}-1`)), 'here\n');
    await (await lockFolder(folder, quick)).release();
  });
});

describe('a lock that was lost', () => {
  test('with its folder is taken anew', async () => {
    const folder = join(await temporaryFolder(), 'model');
    const lock = await lockFolder(folder, options);
    await rm(folder, { recursive: true });
    await lock.check();
    expect(await readdir(folder)).toHaveLength(1);
    await lock.release();
  });

  test('to another run stops this one', async () => {
    const folder = join(await temporaryFolder(), 'model');
    const lock = await lockFolder(folder, options);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await holder(folder);
    await expect(lock.check()).rejects.toThrow(/is in use by another run/);
  });
});

test('a folder that cannot be written says so', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  await expect(lockFolder(join(folder, 'file', 'model'), options)).rejects.toThrow(
    /^cannot write to .*model: a part of its path is not a folder/,
  );
});
