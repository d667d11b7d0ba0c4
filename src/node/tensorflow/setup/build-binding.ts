import { existsSync, realpathSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../files.js';
import { bindingFile, napiVersion } from '../bindings.js';
import { QUIET_STDERR_FILE, QUIET_STDERR_SOURCE } from '../quiet-stderr.js';
import type { SetupContext } from './context.js';
import type { Library } from './library.js';
import { CommandError, lastLine } from './run-command.js';
import { libraryNames } from './wheel-names.js';

const SOURCES = ['tfjs_backend.cc', 'tfjs_binding.cc'];
/** Node's stable C API as an npm package, for installations of Node without headers. */
const HEADERS_PACKAGE = 'node-api-headers@1.9.0';

/** Finds a C++ compiler that runs. */
export async function findCompiler({ run, env, signal }: SetupContext): Promise<string> {
  const candidates = [env.CXX, 'c++', 'g++', 'clang++'].filter((name) => name !== undefined && name !== '');
  for (const command of candidates) {
    try {
      await run({ command: command!, args: ['--version'], env, timeoutMs: 30_000, signal });
      return command!;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
    }
  }
  throw new Error('there is no C++ compiler (g++ or clang++) on the PATH to build the binding with');
}

/** Finds the folder of node_api.h: beside Node, or else, through npm, in `work`. */
export async function findNodeHeaders(context: SetupContext, work: string): Promise<string> {
  const { env, run, signal } = context;
  const prefixes = [
    env.npm_config_nodedir,
    dirname(dirname(realpathSync(process.execPath))),
    '/usr',
    '/usr/local',
  ];
  const folders = prefixes.flatMap((prefix) => (prefix ? [join(prefix, 'include', 'node')] : []));
  const found = folders.find((folder) => existsSync(join(folder, 'node_api.h')));
  if (found) return found;
  const install = ['install', '--prefix', work, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  // npm's own script, where npm runs us, needs no shell on Windows.
  const npm = env.npm_execpath
    ? { command: process.execPath, args: [env.npm_execpath, ...install, HEADERS_PACKAGE] }
    : { command: 'npm', args: [...install, HEADERS_PACKAGE] };
  try {
    await run({ ...npm, env, timeoutMs: 120_000, signal });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new Error(
      `Node's headers (node_api.h) are not beside Node, and npm cannot fetch them: ${error.message}`,
    );
  }
  return join(work, 'node_modules', 'node-api-headers', 'include');
}

export interface BuildOptions {
  readonly compiler: string;
  readonly headers: string;
  readonly library: Library;
  readonly outDir: string;
}

/**
 * Compiles tfjs-node's binding against a library of the cache. The compiler is called directly: two files
 * need no node-gyp, which would ask for make, Python and a download of headers.
 */
export async function buildBinding(context: SetupContext, options: BuildOptions): Promise<void> {
  const { tfjsNode, platform, reporter, run, env, signal } = context;
  const { compiler, headers, library, outDir } = options;
  const file = bindingFile(tfjsNode);
  const out = join(outDir, file);
  await makeFolder(dirname(out));
  const progress = reporter.progress('  building the binding');
  try {
    await run({
      command: compiler,
      args: [
        '-shared',
        '-fPIC',
        '-O2',
        '-std=c++17',
        `-DNAPI_VERSION=${napiVersion(tfjsNode)}`,
        `-I${join(library.dir, 'include')}`,
        `-I${headers}`,
        ...SOURCES.map((source) => join(tfjsNode.dir, 'binding', source)),
        ...libraryNames(platform).map((name) => join(library.dir, 'lib', name)),
        ...linkerFlags(platform, join(library.dir, 'lib')),
        '-o',
        out,
      ],
      env,
      timeoutMs: 10 * 60_000,
      signal,
    });
    await buildQuietStderr(context, options, dirname(out));
    progress.end('done');
  } catch (error) {
    progress.end('failed');
    if (!(error instanceof CommandError)) throw error;
    const reason = error.kind === 'failed' ? lastLine(error.output) : error.message;
    throw new Error(`the binding cannot be built: ${reason}`);
  }
}

async function buildQuietStderr(
  { platform, run, env, signal }: SetupContext,
  { compiler, headers }: BuildOptions,
  dir: string,
): Promise<void> {
  const source = join(dir, 'quiet_stderr.cc');
  await writeFile(source, QUIET_STDERR_SOURCE);
  const args = ['-shared', '-fPIC', '-O2', `-I${headers}`, source, ...undefinedSymbols(platform)];
  await run({
    command: compiler,
    args: [...args, '-o', join(dir, QUIET_STDERR_FILE)],
    env,
    timeoutMs: 60_000,
    signal,
  });
}

/** The binding finds the library by its full path: nothing in node_modules has to point to it. */
function linkerFlags(platform: NodeJS.Platform, libraryDir: string): string[] {
  return [...undefinedSymbols(platform), '-Xlinker', '-rpath', '-Xlinker', libraryDir];
}

/** Node's own functions are found when the binding is loaded, which macOS wants to be told. */
function undefinedSymbols(platform: NodeJS.Platform): string[] {
  return platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
}
