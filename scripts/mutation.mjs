// Mutation testing of the converter and the preprocessing: each file against the tests that say what it shall do.
// Prints a row for each file and folder; fails below the bar. Reports: coverage/mutation/, one by file.
//
//   npm run mutation                     every file
//   npm run mutation -- paper convert/l  those whose path holds one of the words
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';

/** Percent of the mutants. */
const BAR = 80;

const FOLDERS = ['convert', 'convert/layers', 'convert/layers/recurrent', 'convert/optimize', 'preprocess'];

/** The tests of a file, where they are not the one beside it alone. */
const TESTS = {
  'convert/convert': ['convert/convert', 'convert/outputs', 'convert/walk'],
  'convert/layers/convolution': ['convert/layers/window', 'convert/layers/convolution'],
  'convert/layers/resize': ['convert/layers/window', 'convert/layers/resize'],
  'convert/layers/window': ['convert/layers/window', 'convert/layers/pooling'],
  'convert/optimize/optimize': ['convert/convert'],
  'preprocess/find-ink': ['preprocess/prepare', 'preprocess/even-ink'],
};
/** Of those of its folder, where it has none beside it. */
const SHARED = { 'convert/layers/recurrent': ['convert/layers/recurrent/recurrent'] };

const root = join(import.meta.dirname, '..');
const core = join(root, 'src/core');
const words = process.argv.slice(2);

const rows = [];
for (const folder of FOLDERS) {
  for (const name of sources(folder)) await mutate(name, testsOf(name, folder));
  const within = rows.filter((row) => dirname(row.name) === folder);
  if (within.length > 0) rows.push(sum(`${folder}, all`, within));
}
rows.push(
  sum(
    'all',
    rows.filter(({ name }) => existsSync(join(core, `${name}.ts`))),
  ),
);

console.log(`\n${'mutants'.padStart(9)}${'killed'.padStart(9)}${'by time'.padStart(9)}`);
for (const { name, total, killed, timedOut } of rows) {
  const counts = [total, killed, timedOut].map((count) => String(count).padStart(9)).join('');
  console.log(`${counts}${`${((100 * killed) / total).toFixed(1)}%`.padStart(9)}  ${name}`);
}
const { total, killed } = rows.at(-1);
process.exitCode = 100 * killed < BAR * total ? 1 : 0;

function sources(folder) {
  return readdirSync(join(core, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts')
    .map((name) => `${folder}/${name.slice(0, -'.ts'.length)}`)
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
}

function testsOf(name, folder) {
  return TESTS[name] ?? (existsSync(join(core, `${name}.test.ts`)) ? [name] : SHARED[folder]);
}

async function mutate(name, tests) {
  // Stryker's processes read it in stryker.vitest.config.ts.
  process.env.MUTATION_TESTS = tests.map((test) => `src/core/${test}.test.ts`).join(',');
  const report = join(root, 'coverage/mutation', name);
  mkdirSync(dirname(report), { recursive: true });
  await new Stryker({
    mutate: [`src/core/${name}.ts`],
    htmlReporter: { fileName: `${report}.html` },
    jsonReporter: { fileName: `${report}.json` },
  }).runMutationTest();
  const { files } = JSON.parse(readFileSync(`${report}.json`, 'utf8'));
  const states = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (...those) => states.filter((state) => those.includes(state)).length;
  const row = {
    name,
    // One that no test reaches survives; one that never ends, or breaks the run, is killed.
    total: count('Killed', 'Timeout', 'Survived', 'NoCoverage'),
    killed: count('Killed', 'Timeout'),
    timedOut: count('Timeout'),
  };
  rows.push(row);
  console.log(JSON.stringify(row));
}

function sum(name, within) {
  const of = (key) => within.reduce((total, row) => total + row[key], 0);
  return { name, total: of('total'), killed: of('killed'), timedOut: of('timedOut') };
}
