import { realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type FolderLock, type FolderLockOptions, lockFolder } from '../folder-lock.js';
import { shortHash } from '../hash.js';

/**
 * Takes an output for this process alone; other outputs in the same folder stay free. What is no plain file, such as
 * /dev/null or a pipe, belongs to nobody: `undefined`.
 *
 * @throws UserError if another run writes it, or its folder cannot be written.
 */
export async function lockOutput(
  path: string,
  options: Pick<FolderLockOptions, 'reporter' | 'signal'> = {},
): Promise<FolderLock | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile()) return undefined;
  const target = found ? await realpath(path) : path;
  // In the lock's name: a purpose is plain letters and numbers.
  const id = shortHash(basename(target));
  return lockFolder(dirname(target), {
    purpose: `output${id}`,
    name: path,
    hint: 'Wait until that has ended, or choose another --output.',
    ...options,
  });
}
