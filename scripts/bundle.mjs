// Bundles the compiled command line into dist/bundle: some hundred small modules take Node longer to find and load
// than to run, in each thread anew.
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

await build({
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  input: { main: 'dist/cli/main.js', 'reader-worker': 'dist/node/infer/reader-worker.js' },
  platform: 'node',
  // Packages stay as npm installed them; some find native files beside themselves.
  external: /^[^./]/,
  output: { dir: 'dist/bundle', cleanDir: true, chunkFileNames: '[name].js' },
});
