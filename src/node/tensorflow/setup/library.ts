import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { publish } from './cache.js';
import type { SetupContext } from './context.js';
import { downloadWheel, findPip } from './pip.js';
import { unpackWheel } from './unpack-wheel.js';
import { isTestedVersion, type Wheel } from './wheel-names.js';

/** The library and headers of a wheel, unpacked in the cache. */
export interface Library {
  readonly dir: string;
  readonly version: string;
}

/** The library of the newest tested version that the cache holds. */
export async function findLibrary({ cache, platform, arch }: SetupContext): Promise<Library | undefined> {
  const suffix = `-${platform}-${arch}`;
  const names = await readdir(join(cache, 'libraries')).catch(() => []);
  const found = names
    .filter((name) => name.endsWith(suffix))
    .map((name) => ({ dir: join(cache, 'libraries', name), version: name.slice(0, -suffix.length) }))
    .filter(({ version }) => isTestedVersion(version))
    .sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
  return found[0];
}

/** Downloads a wheel and unpacks its library into the cache. */
export async function fetchLibrary(
  context: SetupContext,
  { wheelFile, work }: { wheelFile: Wheel; work: string },
): Promise<Library> {
  const pip = await findPip(context);
  const { path, version } = await downloadWheel(context, { pip, wheel: wheelFile, work });
  const unpacked = join(work, 'library');
  await unpackWheel({
    path,
    outDir: unpacked,
    platform: context.platform,
    reporter: context.reporter,
    signal: context.signal,
  });
  await rm(path, { force: true });
  const dir = join(context.cache, 'libraries', `${version}-${context.platform}-${context.arch}`);
  await publish({ from: unpacked, to: dir, workDir: work, replace: false });
  return { dir, version };
}
