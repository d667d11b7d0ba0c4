import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);

export interface InstalledPackage {
  readonly dir: string;
  readonly version: string;
  readonly manifest: Record<string, unknown>;
}

/** An installed package as Node finds it from here, wherever npm has put it; `undefined` if it is missing. */
export function findPackage(name: string): InstalledPackage | undefined {
  try {
    const path = require.resolve(`${name}/package.json`);
    const manifest = require(path) as Record<string, unknown>;
    return { dir: dirname(path), version: String(manifest['version']), manifest };
  } catch {
    return undefined;
  }
}
