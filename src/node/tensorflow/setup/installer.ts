import { existsSync, realpathSync } from 'node:fs';
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { bindingFile, bindingKey } from '../bindings.js';
import { createWorkDir, folderSize, publish } from './cache.js';
import type { NativeStep, SetupContext } from './context.js';
import { CommandError, lastLine } from './run-command.js';

/** What tfjs-node 4.22.0 downloads, by platform: the version of libtensorflow and its path on the server. */
const LIBRARIES: Record<string, { version: string; path: string }> = {
  'linux-x64': {
    version: '2.9.1',
    path: 'tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz',
  },
  'darwin-x64': {
    version: '2.9.1',
    path: 'tensorflow/libtensorflow/libtensorflow-cpu-darwin-x86_64-2.9.1.tar.gz',
  },
  'win32-x64': {
    version: '2.9.1',
    path: 'tensorflow/libtensorflow/libtensorflow-cpu-windows-x86_64-2.9.1.zip',
  },
  'linux-arm64': { version: '2.7.0', path: 'tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz' },
  'darwin-arm64': { version: '2.7.0', path: 'tf-builds/libtensorflow_r2_7_darwin_arm64_cpu.tar.gz' },
};
const DEFAULT_HOST = 'https://storage.googleapis.com/';
const PARTS = ['package.json', 'binding.gyp', 'binding', 'scripts'];
const TIMEOUT_MS = 15 * 60_000;
const STALL_MS = 60_000;

/**
 * tfjs-node's own installer, run in a copy of the parts that it needs: it begins by deleting, edits its own
 * package.json, and would leave all that behind when it fails.
 */
export const installer: NativeStep = {
  name: 'installer',
  summary:
    "tfjs-node's own installer, with --allow-unverified only: it downloads about 110 MB that nobody has published checksums of",
  async run(context) {
    const { tfjsNode, cache, platform, arch, env } = context;
    const library = LIBRARIES[`${platform}-${arch}`];
    if (!library) throw new Error(`it has no TensorFlow for ${platform} ${arch}`);
    if (!context.allowUnverified) {
      throw new Error(
        'not tried: its downloads have no checksums (mnist-onnx setup --allow-unverified tries it)',
      );
    }
    const host = env.TFJS_NODE_CDN_STORAGE || env.CDN_STORAGE || DEFAULT_HOST;
    if (!host.startsWith('https:')) throw new Error(`only HTTPS is spoken, not ${host}`);
    await context.probe(`${host}${library.path}`);

    const work = await createWorkDir(cache);
    try {
      const copy = join(work, 'tfjs-node');
      for (const part of PARTS) await cp(join(tfjsNode.dir, part), join(copy, part), { recursive: true });
      await runInstaller(context, work, copy);
      const version = await context.verify(join(copy, bindingFile(tfjsNode)));
      const target = join(cache, 'bindings', bindingKey(tfjsNode, `libtensorflow-${library.version}`));
      await publish({ from: copy, to: target, workDir: work, replace: true });
      return { path: join(target, bindingFile(tfjsNode)), version, source: "tfjs-node's installer" };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  },
};

async function runInstaller(context: SetupContext, work: string, copy: string): Promise<void> {
  const { tfjsNode, env, platform, reporter } = context;
  const progress = reporter.progress('  downloading and installing');
  const shims = await writeShims(work, tfjsNode.dir, platform);
  try {
    await context.run({
      command: process.execPath,
      args: [join(copy, 'scripts', 'install.js'), 'cpu', 'download'],
      cwd: copy,
      env: {
        ...env,
        // The copy lies outside node_modules and finds its dependencies here.
        NODE_PATH: moduleFolders(tfjsNode.dir).join(delimiter),
        PATH: [shims, dirname(process.execPath), env.PATH].join(delimiter),
        ...headersBesideNode(env),
      },
      timeoutMs: TIMEOUT_MS,
      signal: context.signal,
      watch: {
        stallMs: STALL_MS,
        measure: async () => {
          const bytes = await folderSize(copy);
          progress.update(bytes, `${Math.round(bytes / 1e6)} MB`);
          return bytes;
        },
      },
    });
    progress.end('done');
  } catch (error) {
    progress.end('failed');
    if (!(error instanceof CommandError) || error.kind !== 'failed') throw error;
    throw new Error(`it failed: ${lastLine(error.output)}`);
  }
}

/** Where no prebuilt binding is had, node-gyp builds one, and would download Node's headers. */
function headersBesideNode(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  if (env.npm_config_nodedir || !existsSync(join(prefix, 'include', 'node', 'node_api.h'))) return {};
  return { npm_config_nodedir: prefix };
}

/** The installer calls `node-pre-gyp` by name, which only npm puts on the PATH. */
async function writeShims(work: string, tfjsNodeDir: string, platform: NodeJS.Platform): Promise<string> {
  const preGyp = createRequire(join(tfjsNodeDir, 'package.json')).resolve(
    '@mapbox/node-pre-gyp/bin/node-pre-gyp',
  );
  const dir = join(work, 'bin');
  await mkdir(dir);
  const name = join(dir, platform === 'win32' ? 'node-pre-gyp.cmd' : 'node-pre-gyp');
  const call = `"${process.execPath}" "${preGyp}"`;
  await writeFile(name, platform === 'win32' ? `@${call} %*\r\n` : `#!/bin/sh\nexec ${call} "$@"\n`);
  await chmod(name, 0o755);
  return dir;
}

/** The node_modules folders that a module in `dir` sees. */
function moduleFolders(dir: string): string[] {
  return createRequire(join(dir, 'package.json')).resolve.paths('x') ?? [];
}
