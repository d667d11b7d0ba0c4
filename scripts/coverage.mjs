// Runs the tests and prints what share of each room's lines and branches they reach; fails below the bars.
//
//   npm run coverage                  every test
//   npm run coverage -- src/core      those tests alone
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Percent of the lines, and of the branches. */
const BARS = { 'src/core': 95, 'src/node': 85, 'src/cli': 85 };

const root = join(import.meta.dirname, '..');
const summary = join(root, 'coverage/coverage-summary.json');
rmSync(summary, { force: true });
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--coverage', '--coverage.reportOnFailure', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);

const files = Object.entries(JSON.parse(readFileSync(summary, 'utf8')));
let passed = status === 0;
console.log('\nroom         lines   branches   bar');
for (const [room, bar] of Object.entries(BARS)) {
  const within = files.filter(([path]) => path.startsWith(join(root, room)));
  const [lines, branches] = ['lines', 'branches'].map((kind) => {
    const sum = (key) => within.reduce((total, [, file]) => total + file[kind][key], 0);
    return (100 * sum('covered')) / sum('total');
  });
  passed &&= lines >= bar && branches >= bar;
  console.log(`${room}   ${percent(lines)}    ${percent(branches)}   ${bar}%`);
}
process.exitCode = passed ? 0 : 1;

function percent(value) {
  return `${value.toFixed(1)}%`.padStart(7);
}
