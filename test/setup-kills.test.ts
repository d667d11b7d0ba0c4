import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from './tiny-model.js';

/** Builds a binding as `setup` does, with a compiler that only writes a file. */
const SCRIPT = `
import { writeFile } from 'node:fs';
import { promisify } from 'node:util';
import { removeStaleWorkDirs } from './dist/node/tensorflow/setup/cache.js';
import { wheel } from './dist/node/tensorflow/setup/wheel.js';
import { rememberNative } from './dist/node/tensorflow/state.js';
const cache = process.argv[1];
const reporter = { note() {}, warn() {}, progress: () => ({ update() {}, end() {} }) };
await removeStaleWorkDirs(cache);
const { path, version } = await wheel.run({
  tfjsNode: { dir: cache, version: '4.22.0', manifest: {} },
  cache, reporter, platform: 'linux', arch: 'x64', env: { npm_config_nodedir: cache },
  verify: async () => '2.21.0',
  run: async ({ args }) => {
    const out = args[args.indexOf('-o') + 1];
    if (args.includes('-o')) await promisify(writeFile)(out, 'binding');
    return '';
  },
});
await rememberNative(path, version, cache);
console.log(path);
`;
const preload = pathToFileURL(join(import.meta.dirname, 'fault.mjs')).href;

/** Resolves to the binding's path; with `killAt` the process dies at that call that writes. */
function setUp(cache: string, killAt?: number): Promise<string | undefined> {
  const args = [...(killAt ? ['--import', preload] : []), '--input-type=module', '-e', SCRIPT, cache];
  const env = { ...process.env, FAULT: `KILL:${killAt}`, FAULT_PATH: cache };
  return new Promise((resolve, reject) =>
    execFile(process.execPath, args, { env }, (error, stdout) =>
      error && error.signal !== 'SIGKILL' ? reject(error) : resolve(stdout.trim() || undefined),
    ),
  );
}

test('setup, killed at any call that writes, leaves a whole binding or none, and the next one ends well', async () => {
  const folder = await temporaryFolder();
  let kills = 0;
  for (let killAt = 1; ; killAt++) {
    const cache = join(folder, String(killAt));
    await mkdir(join(cache, 'libraries/2.21.0-linux-x64'), { recursive: true });
    await mkdir(join(cache, 'include/node'), { recursive: true });
    const wentThrough = await setUp(cache, killAt);
    const names = await readdir(join(cache, 'bindings')).catch(() => []);
    for (const name of names) expect(bindingIn(join(cache, 'bindings', name))).toBe('binding');
    const path = await setUp(cache);
    expect(readFileSync(path!, 'utf8')).toBe('binding');
    expect(await readdir(join(cache, 'work'))).toEqual([]);
    JSON.parse(readFileSync(join(cache, 'state.json'), 'utf8'));
    if (wentThrough) break;
    kills++;
  }
  expect(kills).toBeGreaterThan(8);
}, 600_000);

function bindingIn(folder: string): string | undefined {
  const path = join(folder, 'lib/napi-v8/tfjs_binding.node');
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
