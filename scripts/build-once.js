import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Compiles the checkout's TypeScript, or ends the process with one sentence if that fails. */
export function buildOnce() {
  console.error('mnist-onnx: compiling TypeScript (once) ...');
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error('mnist-onnx: the build failed; run `npm install` and then `npm run build` in the checkout.');
  process.exit(1);
}
