import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { offline, SERVICE_WORKER } from './build/offline.js';
import { pageTexts } from './build/page-texts.js';
import { securityPolicy } from './build/security-policy.js';
import { shippedModels } from './build/shipped-models.js';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const runtimeVersion: string = JSON.parse(
  readFileSync(folder('../node_modules/onnxruntime-web/package.json'), 'utf8'),
).version;

/** onnxruntime's files lie under their version, where the package's server finds them in onnxruntime-web too. */
const assetFileNames = ({ names }: { names: readonly string[] }) =>
  names.some((name) => name.startsWith('ort-wasm'))
    ? `onnxruntime-web-${runtimeVersion}/[name][extname]`
    : 'assets/[name]-[hash][extname]';

export default defineConfig({
  root: folder('.'),
  // Relative addresses: the built folder works from any sub-path.
  base: './',
  // A file that is missing is answered with 404, not with the page in its place.
  appType: 'mpa',
  plugins: [pageTexts(), securityPolicy(), shippedModels({ runtimeVersion }), offline()],
  worker: { format: 'es', rolldownOptions: { output: { assetFileNames } } },
  server: { fs: { allow: [folder('..')] } },
  build: {
    target: 'es2022',
    outDir: folder('dist'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        index: folder('index.html'),
        convert: folder('convert.html'),
        [SERVICE_WORKER]: folder('src/service-worker/service-worker.ts'),
      },
      output: {
        assetFileNames,
        entryFileNames: ({ name }) => (name === SERVICE_WORKER ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
    // onnxruntime's WebAssembly is 14 MB, and is meant to be.
    chunkSizeWarningLimit: 1000,
  },
});
