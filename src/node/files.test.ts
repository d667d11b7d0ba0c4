import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAtomicFile, readFileOrFail, writeFileAtomic } from './files.js';

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
});
