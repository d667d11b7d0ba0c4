import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentReporter } from '../../reporter.js';
import { findPackage } from '../packages.js';
import type { SetupContext } from './context.js';
import { installer } from './installer.js';
import { CommandError } from './run-command.js';

const tfjsNode = findPackage('@tensorflow/tfjs-node')!;
let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'installer-'));
});
afterEach(() => rm(cache, { recursive: true }));

const makeContext = (changes: Partial<SetupContext>): SetupContext => ({
  tfjsNode,
  cache,
  platform: 'linux',
  arch: 'x64',
  env: {},
  reporter: silentReporter,
  allowUnverified: true,
  verify: async () => '2.9.1',
  probe: async () => {},
  run: async () => '',
  ...changes,
});

describe("the step of tfjs-node's own installer", () => {
  it('runs it in a copy in the cache, with what it calls on the PATH, and keeps the result', async () => {
    const context = makeContext({
      run: async ({ cwd, args, env }) => {
        expect(args[0]).toBe(join(cwd!, 'scripts', 'install.js'));
        expect(await readFile(args[0]!, 'utf8')).toContain('libtensorflow');
        expect(await readdir(env!.PATH!.split(':')[0]!)).toEqual(['node-pre-gyp']);
        await mkdir(join(cwd!, 'lib/napi-v8'), { recursive: true });
        await writeFile(join(cwd!, 'lib/napi-v8/tfjs_binding.node'), 'binding');
        return '';
      },
    });
    const { path, version } = await installer.run(context);
    expect(version).toBe('2.9.1');
    expect(path.startsWith(join(cache, 'bindings'))).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('binding');
    expect(await readdir(join(cache, 'work'))).toEqual([]);
  });

  it('leaves nothing behind when it fails, and gives the reason that it printed', async () => {
    const output =
      'node:internal/x\n    throw er;\nError: connect ECONNREFUSED 127.0.0.1:443\n    at y\n\nNode.js v24';
    const run = () => Promise.reject(new CommandError('node failed with status 1', 'failed', output));
    await expect(installer.run(makeContext({ run }))).rejects.toThrow(
      'it failed: Error: connect ECONNREFUSED 127.0.0.1:443',
    );
    expect(await readdir(cache)).toEqual(['work']);
    expect(await readdir(join(cache, 'work'))).toEqual([]);
  });

  it('does not begin unless downloads without checksums are allowed, nor without HTTPS', async () => {
    const run = () => expect.fail('it began');
    await expect(installer.run(makeContext({ allowUnverified: false, run }))).rejects.toThrow(
      /not tried: its downloads have no checksums/,
    );
    const env = { CDN_STORAGE: 'http://mirror.example/' };
    await expect(installer.run(makeContext({ env, run }))).rejects.toThrow(/only HTTPS is spoken/);
  });

  it('does not begin where its server does not answer', async () => {
    const probe = () => Promise.reject(new Error('storage.googleapis.com answers with status 403'));
    const run = () => expect.fail('it began');
    await expect(installer.run(makeContext({ probe, run }))).rejects.toThrow('status 403');
  });

  it('has no TensorFlow for some platforms', async () => {
    await expect(installer.run(makeContext({ arch: 'riscv64' }))).rejects.toThrow(
      /no TensorFlow for linux riscv64/,
    );
  });
});
