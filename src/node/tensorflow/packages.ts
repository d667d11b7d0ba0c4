import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

export interface InstalledPackage {
  readonly dir: string;
  readonly version: string;
  readonly manifest: Record<string, unknown>;
}

/**
 * An installed package as Node finds it from here, wherever npm has put it; `undefined` if it is missing.
 * Not every package lets its package.json be resolved, so the folders are looked through.
 */
export function findPackage(name: string): InstalledPackage | undefined {
  for (const folder of require.resolve.paths(name) ?? []) {
    const path = join(folder, name, 'package.json');
    if (!existsSync(path)) continue;
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    return { dir: realpathSync(join(folder, name)), version: String(manifest.version), manifest };
  }
  return undefined;
}
