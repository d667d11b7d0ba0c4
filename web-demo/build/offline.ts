import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';
import type { DemoManifest } from '../../src/core/demo-manifest.js';

/** The service worker's entry among the build's; its address is fixed, since browsers look there for a newer one. */
export const SERVICE_WORKER = 'service-worker';

/** Tells the built service worker which files it keeps, and a version that changes with any of them. */
export function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    writeBundle({ dir }) {
      const folder = dir!;
      const manifest: DemoManifest = JSON.parse(readFileSync(join(folder, 'models.json'), 'utf8'));
      const files = filesToKeep(folder, manifest);
      const version = createHash('sha256');
      for (const file of files) version.update(file).update(readFileSync(join(folder, file)));
      const path = join(folder, `${SERVICE_WORKER}.js`);
      const kept = files.map((file) => (file === 'index.html' ? './' : addressOf(file, manifest)));
      const code = readFileSync(path, 'utf8')
        .replace('__VERSION__', JSON.stringify(version.digest('hex').slice(0, 12)))
        .replace('__FILES__', JSON.stringify(kept));
      writeFileSync(path, code);
    },
  };
}

/** All that the page needs as it starts, and all its code; other models and WebGPU are kept once they were used. */
function filesToKeep(folder: string, manifest: DemoManifest): string[] {
  const [first, ...others] = manifest.models;
  const left = others.flatMap(({ file, parity }) => [withoutQuery(file), parity]);
  const isKept = (file: string) =>
    !left.includes(file) &&
    !file.endsWith('.asyncify.wasm') &&
    !/\.(br|gz)$/.test(file) &&
    file !== `${SERVICE_WORKER}.js`;
  if (!first) throw new Error('models.json names no model');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter(isKept)
    .sort();
}

function addressOf(file: string, { models }: DemoManifest): string {
  return models.find((model) => withoutQuery(model.file) === file)?.file ?? file;
}

const withoutQuery = (address: string) => address.split('?', 1)[0]!;
