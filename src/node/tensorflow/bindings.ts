import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '../cache-dir.js';
import type { InstalledPackage } from './packages.js';

/** The folder in the user's cache where native TensorFlow is kept for all checkouts. */
export function tensorflowCache(): string {
  return join(cacheDir(), 'tensorflow');
}

/** A build of tfjs-node's native part. */
export interface Binding {
  readonly path: string;
  /** Where it comes from, for the user. */
  readonly source: string;
}

/** The N-API version that tfjs-node's binding is built for: one build serves all versions of Node from 20. */
export function napiVersion(tfjsNode: InstalledPackage): number {
  const { napi_versions: versions = [8] } = (tfjsNode.manifest.binary ?? {}) as {
    napi_versions?: number[];
  };
  return Math.max(...versions.filter((version) => version <= Number(process.versions.napi ?? 8)));
}

/** Where, below the package or a folder of the cache, the binding lies. */
export function bindingFile(tfjsNode: InstalledPackage): string {
  return join('lib', `napi-v${napiVersion(tfjsNode)}`, 'tfjs_binding.node');
}

/** The name of the cache's folder for a binding built against a TensorFlow library. */
export function bindingKey(tfjsNode: InstalledPackage, library: string): string {
  return `${bindingKeyPrefix(tfjsNode)}${library}`;
}

function bindingKeyPrefix(tfjsNode: InstalledPackage): string {
  const { platform, arch } = process;
  return `tfjs-node-${tfjsNode.version}-napi-${napiVersion(tfjsNode)}-${platform}-${arch}-`;
}

/** Every binding for this version of tfjs-node and this platform: the package's own, then the cache's, newest first. */
export async function findBindings(
  tfjsNode: InstalledPackage,
  cache = tensorflowCache(),
): Promise<Binding[]> {
  const prefix = bindingKeyPrefix(tfjsNode);
  const names = (await readdir(join(cache, 'bindings')).catch(() => []))
    .filter((name) => name.startsWith(prefix))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const own = {
    path: join(tfjsNode.dir, bindingFile(tfjsNode)),
    source: 'the package @tensorflow/tfjs-node',
  };
  const cached = names.map((name) => ({
    path: join(cache, 'bindings', name, bindingFile(tfjsNode)),
    source: `the cache, ${name.slice(prefix.length)}`,
  }));
  return [own, ...cached].filter(({ path }) => existsSync(path));
}
