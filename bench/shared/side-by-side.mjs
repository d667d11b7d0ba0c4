// What the comparisons with peers share: they take turns, each in a process of its own, and medians are compared.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { UserError } from '../../dist/core/errors.js';

/** Options that each comparison has. */
export const OPTIONS = {
  python: { type: 'string', default: process.env.MNIST_ONNX_PYTHON ?? 'python3' },
  rounds: { type: 'string', default: '5' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
};

/**
 * The parts that `--only` names, in its order.
 *
 * @throws UserError if there is none of that name.
 */
export function partsOf(only, parts) {
  return only.split(',').map((name) => {
    if (Object.hasOwn(parts, name)) return parts[name];
    throw new UserError(`--only has no part '${name}'`, {
      exitCode: 2,
      hint: `There are: ${Object.keys(parts).join(', ')}.`,
    });
  });
}

/**
 * Runs a program that ends its output with one line of JSON.
 *
 * @throws Error with its last words if it fails.
 */
export function runForJson(command, args, { timeoutMs = 3_600_000 } = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout: timeoutMs, maxBuffer: 2 ** 28 });
  if (result.error) throw new Error(`${command} does not run: ${result.error.message}`);
  if (result.status !== 0) {
    throw new Error(`${command} ${args[0]} failed: ${result.stderr.trim().split('\n').at(-1)}`);
  }
  return JSON.parse(result.stdout.trim().split('\n').at(-1));
}

/** Runs one of the scripts in bench/peers. */
export function runPeer(python, script, args) {
  return runForJson(python, [join(import.meta.dirname, '../peers', script), ...args]);
}

/** Runs one of the scripts in bench/ours. */
export function runOurs(script, settings) {
  return runForJson(process.execPath, [
    join(import.meta.dirname, '../ours', script),
    JSON.stringify(settings),
  ]);
}

/**
 * Lets sides take turns.
 *
 * @param sides functions by name
 * @returns the results of each side, a round each
 */
export function alternate(sides, rounds) {
  const results = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [name, run] of Object.entries(sides)) {
      const started = performance.now();
      results[name].push(run());
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.error(`round ${round} of ${rounds}: ${name} took ${seconds} s in all`);
    }
  }
  return results;
}

/** The value in the middle; of an even number, the mean of the two. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

/**
 * Prints rows `{ what, ours, peer, ratio, bar }` as a Markdown table; a bar is like `≥ 0.95`, and there is no ratio
 * where one side was left out.
 *
 * @returns the exit status: 1 where a bar is missed
 */
export function printRatios(rows, { ours = 'mnist-onnx', peer }) {
  console.log(`| what | ${ours} | ${peer} | ratio | bar | |`);
  console.log('| --- | ---: | ---: | ---: | ---: | --- |');
  let status = 0;
  for (const { what, ours: mine, peer: theirs, ratio, bar } of rows) {
    const isMissed = bar !== undefined && ratio !== undefined && !isMet(ratio, bar);
    const met = isMissed ? 'MISSED' : bar === undefined || ratio === undefined ? '' : 'met';
    console.log(`| ${what} | ${mine} | ${theirs} | ${ratio?.toFixed(2) ?? ''} | ${bar ?? ''} | ${met} |`);
    if (isMissed) status = 1;
  }
  return status;
}

function isMet(ratio, bar) {
  const limit = Number(bar.slice(1));
  return bar.startsWith('≥') ? ratio >= limit : ratio <= limit;
}
