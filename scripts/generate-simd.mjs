// Compiles simd/training.ts into src/node/tensorflow/kernels/generated/simd.ts. The compiler weighs 100 MB, so that
// npx fetches it for those who change the kernels; a test fails when the source is newer than what was made of it.
//
//   npm run generate:simd
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = 'simd/training.ts';
const COMPILER = 'assemblyscript@0.28.20';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mnist-onnx-simd-'));
try {
  const compiled = join(folder, 'training.wasm');
  const flags = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--noAssert'];
  const command = ['--yes', '--package', COMPILER, 'asc', SOURCE, ...flags, '-o', compiled];
  execFileSync('npx', command, { cwd: root, stdio: 'inherit' });
  const sha256 = createHash('sha256')
    .update(readFileSync(join(root, SOURCE)))
    .digest('hex');
  const target = join(root, 'src/node/tensorflow/kernels/generated');
  mkdirSync(target, { recursive: true });
  writeFileSync(
    join(target, 'simd.ts'),
    `// Generated from ${SOURCE} by \`npm run generate:simd\` with ${COMPILER}. Do not edit.

/** Of the source. */
export const SOURCE_SHA256 = '${sha256}';

/** The compiled module, in base64. */
export const SIMD_MODULE =
  '${readFileSync(compiled).toString('base64')}';
`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
