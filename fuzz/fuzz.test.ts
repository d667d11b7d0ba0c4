import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { holds } from './check.js';
import { TARGETS } from './targets.js';

/** All targets together: a few in the tests, 1,000,000 by `npm run fuzz` (or FUZZ_CASES). */
const CASES = Number(process.env.FUZZ_CASES ?? 6000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

const shares = TARGETS.reduce((sum, { share }) => sum + share, 0);
const lines: string[] = [];
let total = 0;

afterAll(() => {
  if (process.env.FUZZ_CASES) console.log([...lines, `${total} cases in all`].join('\n'));
});

it.each(TARGETS)('$name: any input gives a result or one sentence', { timeout: 0 }, async (target) => {
  const numRuns = Math.ceil((CASES * target.share) / shares);
  let accepted = 0;
  let slowestMs = 0;
  await fc.assert(
    fc.asyncProperty(target.input, async (input) => {
      const started = performance.now();
      if (await holds(() => target.run(input as never))) accepted++;
      slowestMs = Math.max(slowestMs, performance.now() - started);
    }),
    { numRuns, seed: SEED },
  );
  // A mutation that only ever gives rubbish tests nothing behind the first check.
  expect(accepted).toBeGreaterThan(0);
  total += numRuns;
  lines.push(
    `${target.name}: ${numRuns} cases, ${accepted} accepted, ${numRuns - accepted} refused in a sentence, the slowest in ${Math.round(slowestMs)} ms`,
  );
});
