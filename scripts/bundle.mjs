// Bundles the compiled command line into dist/bundle: some hundred small modules take Node longer to find and load
// than to run, in each thread anew. As CommonJS, which it loads sooner than modules.
//   node scripts/bundle.mjs [--clean]
import { readdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const dir = fileURLToPath(new URL('../dist/bundle', import.meta.url));
if (process.argv.includes('--clean')) rmSync(dir, { recursive: true, force: true });

const { output } = await build({
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  input: { main: 'dist/cli/start.js', 'reader-worker': 'dist/node/infer/reader-worker.js' },
  platform: 'node',
  // Packages stay as npm installed them; some find native files beside themselves.
  external: (id, _importer, isResolved) => !isResolved && /^[^./]/.test(id),
  // Names of their content: a build leaves those of another alone.
  output: { dir, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
});

// A command that is under way (a training, say) may still want to load parts of the build that it began with.
const YESTERDAY = Date.now() - 24 * 60 * 60 * 1000;
const built = new Set(output.map(({ fileName }) => fileName));
for (const name of readdirSync(dir)) {
  const path = `${dir}/${name}`;
  if (!built.has(name) && statSync(path).mtimeMs < YESTERDAY) rmSync(path);
}
