// Compiles what lies in simd/ into src/node. The compiler weighs 100 MB, so that npx fetches it for those who change
// it; a test fails when a source is newer than what was made of it.
//
//   npm run generate:simd
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPILER = 'assemblyscript@0.28.20';
const MODULES = [
  // It works in the memory of tfjs's WASM backend.
  {
    source: 'simd/training.ts',
    target: 'src/node/tensorflow/kernels/generated/simd.ts',
    flags: ['--importMemory'],
  },
  { source: 'simd/png.ts', target: 'src/node/images/generated/png.ts', flags: [] },
];

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mnist-onnx-simd-'));
try {
  for (const { source, target, flags } of MODULES) {
    const compiled = join(folder, 'compiled.wasm');
    const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert', ...flags, '-o', compiled];
    execFileSync('npx', ['--yes', '--package', COMPILER, 'asc', source, ...options], {
      cwd: root,
      stdio: 'inherit',
    });
    const sha256 = createHash('sha256')
      .update(readFileSync(join(root, source)))
      .digest('hex');
    mkdirSync(dirname(join(root, target)), { recursive: true });
    writeFileSync(
      join(root, target),
      `// Generated from ${source} by \`npm run generate:simd\` with ${COMPILER}. Do not edit.

/** Of the source. */
export const SOURCE_SHA256 = '${sha256}';

/** The compiled module, in base64. */
export const SIMD_MODULE =
  '${readFileSync(compiled).toString('base64')}';
`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
