import { type Dirent, readdir, realpath, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { fileErrorReason } from '../files.js';
import type { Input } from './input.js';

/**
 * The files that a glob pattern names, by name, and the folders below it that cannot be read: what a folder's list holds
 * too. Links to files are files, links to folders are passed over.
 *
 * @param skipped folders whose files are passed over, by their real paths
 */
export async function listPattern(pattern: string, skipped: ReadonlySet<string>): Promise<Input[]> {
  const unread = new Map<string, string>();
  const nameOf = (folder: string) =>
    isAbsolute(pattern) ? folder : relative(process.cwd(), folder).split(sep).join('/') || '.';
  let opened = 0;
  const readFolder = (
    folder: string,
    options: { withFileTypes: true },
    done: (error: Error | null, entries: readonly Dirent[]) => void,
  ) => {
    const isRoot = opened++ === 0;
    readdir(folder, options, (error, entries = []) => {
      // A pattern may well name nothing.
      const isMissing = isRoot && (error?.code === 'ENOENT' || error?.code === 'ENOTDIR');
      if (error && !isMissing) unread.set(`${nameOf(folder).replace(/\/$/, '')}/`, fileErrorReason(error));
      realpath.native(folder, (_, real = folder) => {
        const kept = entries.filter(({ name }) => !skipped.has(join(real, name)));
        done(
          null,
          kept.flatMap((entry) => asFileOrFolder(folder, entry)),
        );
      });
    });
  };
  const files = await glob(pattern, {
    expandDirectories: false,
    followSymbolicLinks: false,
    absolute: isAbsolute(pattern),
    fs: { readdir: readFolder as typeof readdir },
  });
  // Folders stand in their place among the names.
  return [...files, ...unread.keys()].sort().map((name) => {
    const error = unread.get(name);
    return error === undefined ? { file: name } : { file: name.slice(0, -1), error };
  });
}

/** What is neither, and leads to no folder, counts as a file: reading it says why it is none. */
function asFileOrFolder(folder: string, entry: Dirent): Dirent[] {
  if (entry.isDirectory() || entry.isFile()) return [entry];
  if (entry.isSymbolicLink() && isFolder(join(folder, entry.name))) return [];
  const file = {
    name: entry.name,
    isFile: () => true,
    isDirectory: () => false,
    isSymbolicLink: () => false,
  };
  return [file as Dirent];
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
