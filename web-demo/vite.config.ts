import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { texts } from './src/texts.js';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: folder('.'),
  // Relative addresses: the built folder works from any sub-path.
  base: './',
  // A file that is missing is answered with 404, not with the page in its place.
  appType: 'mpa',
  plugins: [pageTexts()],
  worker: { format: 'es' },
  server: { fs: { allow: [folder('..')] } },
  build: {
    target: 'es2022',
    outDir: folder('dist'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: [folder('index.html'), folder('convert.html')],
      // The model has an address of its own, where another can be put in its place.
      output: {
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith('.onnx'))
            ? 'models/[name][extname]'
            : 'assets/[name]-[hash][extname]',
      },
    },
    // onnxruntime's WebAssembly is 14 MB, and is meant to be.
    chunkSizeWarningLimit: 1000,
  },
});

/** Puts the texts in place of `{{name}}` in the page, so that all of them stand in one file. */
function pageTexts(): Plugin {
  const toHtml = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return {
    name: 'page-texts',
    transformIndexHtml(html) {
      const page = html.replace('lang="en"', `lang="${texts.language}"`);
      return page.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
        const text = (texts.page as Record<string, string>)[name];
        if (text === undefined) throw new Error(`texts.ts has no page text "${name}"`);
        return toHtml(text);
      });
    },
  };
}
