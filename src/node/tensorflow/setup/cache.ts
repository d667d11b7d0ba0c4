import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileErrorReason, makeFolder } from '../../files.js';
import { formatMark, isRunning, MARK_PATTERN, markOf, ownMark } from '../../process-mark.js';

const STALE_MS = 24 * 60 * 60 * 1000;
const WORK_NAME = new RegExp(`^${MARK_PATTERN}-`);

/**
 * Makes a folder for half-done work in the cache, on the same file system as what it will become. Its name
 * says whose it is, so that two setups do not meet and what an interrupted one left can be cleared away.
 *
 * @throws Error if the cache cannot be written.
 */
export async function createWorkDir(cache: string): Promise<string> {
  const parent = join(cache, 'work');
  try {
    await makeFolder(parent);
    return await mkdtemp(join(parent, `${formatMark(ownMark())}-`));
  } catch (error) {
    throw new Error(
      `the cache folder ${cache} cannot be written: ${fileErrorReason(error)} (MNIST_ONNX_CACHE can name another)`,
    );
  }
}

/**
 * Clears away what interrupted setups left: of ended processes, and, where it cannot be told whether one has
 * ended, what is a day old.
 */
export async function removeStaleWorkDirs(cache: string): Promise<void> {
  const parent = join(cache, 'work');
  for (const name of await readdir(parent).catch(() => [])) {
    const path = join(parent, name);
    const groups = WORK_NAME.exec(name)?.groups;
    const runs = (groups && isRunning(markOf(groups))) ?? !(await isOld(path));
    if (!runs) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

/**
 * Gives a finished folder its name, in one step. What has the name already stays, being another setup's equal
 * work, or with `replace` makes room, moving into `workDir`.
 */
export async function publish(options: {
  readonly from: string;
  readonly to: string;
  readonly workDir: string;
  readonly replace: boolean;
}): Promise<void> {
  const { from, to, workDir, replace } = options;
  await makeFolder(dirname(to));
  if (replace) await rename(to, join(workDir, 'replaced')).catch(() => {});
  try {
    await rename(from, to);
  } catch (error) {
    if (!(await stat(to).catch(() => undefined))) throw error;
  }
}

/** The bytes of all files in a folder; what vanishes meanwhile counts as nothing. */
export async function folderSize(dir: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(dir, { withFileTypes: true }).catch(() => [])) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) bytes += await folderSize(path);
    else bytes += (await stat(path).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

async function isOld(path: string): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > STALE_MS,
    () => false,
  );
}
