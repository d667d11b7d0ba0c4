import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countConverted, REGISTRY } from '../dist/core/convert/index.js';

export const description = 'every layer against tfjs in onnxruntime-node and onnxruntime-web, as a table';

const HELP = 'npm run bench -- convert [--json FILE]';

/**
 * Runs the converter's tests with both runtimes and prints, for each layer, how often it was compared and the
 * largest absolute difference. A comparison of several layers counts for each of them.
 */
export async function run(args) {
  const { values } = parseArgs({
    args,
    options: { json: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'parity-'));
  try {
    const log = join(folder, 'parity.ndjson');
    writeFileSync(log, '');
    const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
    const { status } = spawnSync(process.execPath, [vitest, 'run', 'src/core/convert', '--reporter=dot'], {
      cwd: join(import.meta.dirname, '..'),
      env: { ...process.env, PARITY_LOG: log, PARITY_WEB: '1' },
      stdio: ['ignore', 2, 2],
    });
    const comparisons = readFileSync(log, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const rows = summarize(comparisons);
    if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
    print(rows, comparisons.length);
    return status;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function summarize(comparisons) {
  return Object.entries(REGISTRY).map(([layer, entry]) => {
    const of = comparisons.filter(({ layers }) => layers.includes(layer));
    const largest = (runtime) => of.reduce((max, comparison) => Math.max(max, comparison[runtime]), 0);
    return {
      layer,
      onnx: entry.onnx,
      refused: entry.refused,
      insideOnly: entry.insideOnly,
      comparisons: of.length,
      native: largest('native'),
      web: largest('web'),
    };
  });
}

function print(rows, count) {
  const { converted, of } = countConverted();
  console.log('| layer | ONNX | compared | native | web |\n| --- | --- | ---: | ---: | ---: |');
  for (const { layer, onnx, refused, insideOnly, comparisons, native, web } of rows) {
    if (refused) console.log(`| ${layer} | refused: ${refused} | | | |`);
    else if (insideOnly) console.log(`| ${layer} | ${onnx} | with its RNN | | |`);
    else
      console.log(
        `| ${layer} | ${onnx} | ${comparisons} | ${native.toExponential(1)} | ${web.toExponential(1)} |`,
      );
  }
  console.log(`\n${converted} of ${of} layers are converted; ${count} comparisons, each on both runtimes.`);
}
