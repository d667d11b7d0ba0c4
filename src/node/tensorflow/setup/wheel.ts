import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bindingFile, bindingKey } from '../bindings.js';
import { buildBinding, findCompiler, findNodeHeaders } from './build-binding.js';
import { createWorkDir, publish } from './cache.js';
import type { NativeStep, SetupContext } from './context.js';
import { downloadWheel, findPip } from './pip.js';
import { unpackWheel } from './unpack-wheel.js';
import { isTestedVersion, type Wheel, wheelFor } from './wheel-names.js';

/** The TensorFlow wheel, which holds the C library and its headers, and tfjs-node's binding built against it. */
export const wheel: NativeStep = {
  name: 'wheel',
  summary:
    "the TensorFlow wheel through pip (downloads about 275 MB, checked by their SHA-256; keeps about 850 MB), and a build of tfjs-node's binding with your C++ compiler (half a minute)",
  async run(context) {
    const { tfjsNode, cache, platform, arch } = context;
    const wheelFile = wheelFor(platform, arch);
    if (!wheelFile) {
      throw new Error(`TensorFlow's wheels for ${platform} ${arch} have no library to build against`);
    }
    // What the build needs comes first: without it the download would be in vain.
    const compiler = await findCompiler(context);
    const work = await createWorkDir(cache);
    try {
      const headers = await findNodeHeaders(context, work);
      const library = (await findLibrary(context)) ?? (await fetchLibrary(context, { wheelFile, work }));
      const build = join(work, 'binding');
      await buildBinding(context, { compiler, headers, library, outDir: build });
      const version = await verifyBuild(context, library, join(build, bindingFile(tfjsNode)));
      const target = join(cache, 'bindings', bindingKey(tfjsNode, `tensorflow-${library.version}`));
      await publish({ from: build, to: target, workDir: work, replace: true });
      return {
        path: join(target, bindingFile(tfjsNode)),
        version,
        source: `the wheel of TensorFlow ${library.version}`,
      };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  },
};

async function verifyBuild(
  { verify, signal }: SetupContext,
  library: Library,
  path: string,
): Promise<string> {
  try {
    return await verify(path);
  } catch (error) {
    // The library may be what is damaged: the next setup fetches it anew.
    if (!signal?.aborted) await rm(library.dir, { recursive: true, force: true });
    throw error;
  }
}

/** The library and headers of a wheel, unpacked in the cache. */
export interface Library {
  readonly dir: string;
  readonly version: string;
}

async function findLibrary({ cache, platform, arch }: SetupContext): Promise<Library | undefined> {
  const suffix = `-${platform}-${arch}`;
  const names = await readdir(join(cache, 'libraries')).catch(() => []);
  const found = names
    .filter((name) => name.endsWith(suffix))
    .map((name) => ({ dir: join(cache, 'libraries', name), version: name.slice(0, -suffix.length) }))
    .filter(({ version }) => isTestedVersion(version))
    .sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
  return found[0];
}

async function fetchLibrary(
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
