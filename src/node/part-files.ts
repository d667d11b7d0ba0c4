import { type FileHandle, opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chance } from './hash.js';
import { formatMark, isRunning, MARK_PATTERN, markOf, ownMark } from './process-mark.js';

const PART_NAME = new RegExp(`^\\.mnist-onnx-${MARK_PATTERN}-[0-9a-f]+\\.part$`);
const FOREIGN_PART_MS = 24 * 60 * 60 * 1000;
/** A name for what is being written, hidden, short, and never used twice. */
export function partName(): string {
  return `.mnist-onnx-${formatMark(ownMark())}-${chance()}.part`;
}

/** Folders that were looked through already; forgotten now and then, so that any number of them takes no memory. */
const tidied = new Set<string>();

/**
 * Removes what ended processes left half written, when a folder is first written to. Where it cannot be told
 * whether a writer has ended, its file must be a day older than `fresh`, by the file system's own clock.
 */
export async function removeStaleParts(folder: string, fresh: FileHandle): Promise<void> {
  if (tidied.has(folder)) return;
  if (tidied.size > 1000) tidied.clear();
  tidied.add(folder);
  const { mtimeMs } = await fresh.stat();
  try {
    for await (const { name } of await opendir(folder)) {
      const groups = PART_NAME.exec(name)?.groups;
      if (!groups) continue;
      const path = join(folder, name);
      const isOld = async () => (await stat(path)).mtimeMs < mtimeMs - FOREIGN_PART_MS;
      if (!(isRunning(markOf(groups)) ?? !(await isOld()))) await rm(path, { force: true });
    }
  } catch {
    // A folder that cannot be listed can still be written to.
  }
}
