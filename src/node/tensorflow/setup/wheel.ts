import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bindingFile, bindingKey } from '../bindings.js';
import { buildBinding, findCompiler, findNodeHeaders } from './build-binding.js';
import { createWorkDir, publish } from './cache.js';
import type { NativeStep, SetupContext } from './context.js';
import { fetchLibrary, findLibrary, type Library } from './library.js';
import { wheelFor } from './wheel-names.js';

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
