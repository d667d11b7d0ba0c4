import { execFile } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAtomicFile, readFileOrFail, writeFileAtomic } from './files.js';
import { formatMark, ownMark } from './process-mark.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnist-onnx-files-'));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

describe('a file written whole', () => {
  it('appears under its name, in folders made for it, and leaves nothing beside it', async () => {
    await writeFileAtomic(join(folder, 'a/b/c.txt'), 'text');
    expect(await readFile(join(folder, 'a/b/c.txt'), 'utf8')).toBe('text');
    expect(await readdir(join(folder, 'a/b'))).toEqual(['c.txt']);
  });

  it('appears beside others that are written into the same new folders at the same time', async () => {
    for (let round = 0; round < 20; round++) {
      const names = Array.from({ length: 8 }, (_, i) => `${round}/a/b/${i % 2 ? 'c/' : ''}${i}.txt`);
      await Promise.all(names.map((name) => writeFileAtomic(join(folder, name), name)));
      for (const name of names) expect(await readFile(join(folder, name), 'utf8')).toBe(name);
    }
  });

  it('is not seen before it is complete, and replaces the old one at once', async () => {
    const path = join(folder, 'c.txt');
    await writeFile(path, 'old');
    const file = await createAtomicFile(path);
    await file.write('new ');
    await file.write('text');
    expect(await readFile(path, 'utf8')).toBe('old');
    await file.commit();
    expect(await readFile(path, 'utf8')).toBe('new text');
  });

  it('that is discarded takes the folders made for it along, unless something else lies there', async () => {
    await (await createAtomicFile(join(folder, 'a/b/c.txt'))).discard();
    expect(await readdir(folder)).toEqual([]);
    const file = await createAtomicFile(join(folder, 'a/b/c.txt'));
    await writeFile(join(folder, 'a/other.txt'), '');
    await file.discard();
    expect(await readdir(join(folder, 'a'))).toEqual(['other.txt']);
  });

  it('that is discarded leaves the old one, and nothing beside it', async () => {
    const path = join(folder, 'c.txt');
    await writeFile(path, 'old');
    const file = await createAtomicFile(path);
    await file.write('new');
    await file.discard();
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['c.txt']);
  });

  it('fails with a sentence where a file stands in the place of a folder', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(writeFileAtomic(join(folder, 'file/c.txt'), 'x')).rejects.toThrow(
      /cannot write .*c.txt: a part of its path is not a folder/,
    );
    await expect(readFileOrFail(join(folder, 'none'), 'the model')).rejects.toThrow(
      /cannot read the model .*none: it does not exist/,
    );
  });

  it.skipIf(process.platform === 'win32')(
    'leaves the old one when there is no room for the new',
    async () => {
      const path = join(folder, 'c.bin');
      await writeFile(path, 'old');
      // A limit on the size of files stands for a full disk: both fail in the middle of a write.
      const script = `import { writeFileAtomic } from './dist/node/files.js';
      await writeFileAtomic(process.argv[1], new Uint8Array(1 << 20)).catch((error) => console.log(error.message));`;
      const limited = `trap '' XFSZ; ulimit -f 64; exec "$0" --input-type=module -e "$1" "$2"`;
      const { stdout } = await promisify(execFile)('bash', ['-c', limited, process.execPath, script, path]);
      expect(stdout).toMatch(/cannot write .*c.bin: it is larger than the file system allows/);
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(await readdir(folder)).toEqual(['c.bin']);
    },
  );

  it.skipIf(process.platform !== 'linux')('fails where a file system takes no new folders', async () => {
    await expect(writeFileAtomic('/proc/mnist-onnx/c.txt', 'x')).rejects.toThrow(
      /cannot write \/proc\/mnist-onnx/,
    );
  });

  it('fails with a sentence when the name belongs to a folder, and leaves nothing beside it', async () => {
    await writeFileAtomic(join(folder, 'taken/x'), '');
    await expect(writeFileAtomic(join(folder, 'taken'), 'x')).rejects.toThrow(
      /cannot write .*taken: it is a folder/,
    );
    expect(await readdir(folder)).toEqual(['taken']);
  });

  it('fails for such a name before any work is done', async () => {
    await expect(createAtomicFile(folder)).rejects.toThrow(/it is a folder/);
    await expect(createAtomicFile(join(folder, 'x'.repeat(300)))).rejects.toThrow(/its name is too long/);
    await expect(createAtomicFile(join(folder, 'new/'))).rejects.toThrow(/it is a folder/);
    await expect(createAtomicFile('')).rejects.toThrow('cannot write a file: its name is empty');
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes the longest name that the file system allows', async () => {
    const name = 'x'.repeat(255);
    await writeFileAtomic(join(folder, name), 'text');
    expect(await readdir(folder)).toEqual([name]);
  });

  it.skipIf(process.platform === 'win32')('is made where a link leads that leads nowhere yet', async () => {
    await symlink('there/c.txt', join(folder, 'b.txt'));
    await symlink('b.txt', join(folder, 'a.txt'));
    await writeFileAtomic(join(folder, 'a.txt'), 'text');
    expect(await readFile(join(folder, 'there/c.txt'), 'utf8')).toBe('text');
    expect((await lstat(join(folder, 'a.txt'))).isSymbolicLink()).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('keeps who may read the one that it replaces', async () => {
    const path = join(folder, 'c.txt');
    await writeFile(path, 'old', { mode: 0o600 });
    await writeFileAtomic(path, 'new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.platform === 'win32')(
    'goes where a symbolic link leads, and leaves the link',
    async () => {
      await writeFile(join(folder, 'real.txt'), 'old');
      await symlink('real.txt', join(folder, 'link.txt'));
      await writeFileAtomic(join(folder, 'link.txt'), 'new');
      expect(await readFile(join(folder, 'real.txt'), 'utf8')).toBe('new');
      expect((await lstat(join(folder, 'link.txt'))).isSymbolicLink()).toBe(true);
    },
  );

  it.skipIf(process.platform === 'win32')('is written straight into a pipe, as into /dev/null', async () => {
    const path = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [path]);
    const reading = readFile(path, 'utf8');
    await writeFileAtomic(path, 'text');
    expect(await reading).toBe('text');
    expect((await stat(path)).isFIFO()).toBe(true);
  });
});

describe('what killed processes left half written', () => {
  const part = (mark: string) => `.mnist-onnx-${mark}-999999.part`;

  it('is cleared away when its folder is written to again', async () => {
    const script = `import { createAtomicFile } from './dist/node/files.js';
      await (await createAtomicFile(process.argv[1])).write('half');
      process.kill(process.pid, 'SIGKILL');`;
    const args = ['--input-type=module', '-e', script, join(folder, 'c.txt')];
    await expect(promisify(execFile)(process.execPath, args)).rejects.toThrow();
    expect(await readdir(folder)).toEqual([expect.stringMatching(/\.part$/)]);
    await writeFileAtomic(join(folder, 'd.txt'), '');
    expect(await readdir(folder)).toEqual(['d.txt']);
  });

  it('stays while its process runs, or where that cannot be known and it is not a day old', async () => {
    const own = part(formatMark(ownMark()));
    const [foreign, old] = [part('ffffffff-1-5'), part('ffffffff-2-5')];
    for (const name of [own, foreign, old, 'my.part']) await writeFile(join(folder, name), 'half');
    await utimes(join(folder, old), 1, 1);
    await writeFileAtomic(join(folder, 'd.txt'), '');
    expect((await readdir(folder)).sort()).toEqual([own, foreign, 'd.txt', 'my.part'].sort());
  });
});
