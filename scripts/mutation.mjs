// Mutation testing of the converter, the preprocessing and the kernels of training: each file against the tests that
// say what it shall do.
// Prints a row for each file and folder; fails below the bar. Reports: coverage/mutation/, one by file.
//
//   npm run mutation                     every file
//   npm run mutation -- paper convert/l  those whose path holds one of the words
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';

/** Percent of the mutants. */
const BAR = 80;

/** Of src. */
const FOLDERS = [
  'core/convert',
  'core/convert/layers',
  'core/convert/layers/recurrent',
  'core/convert/optimize',
  'core/preprocess',
  'node/tensorflow/kernels',
];

/** Decides on speed alone: no test of what comes out can tell. */
const LEFT_OUT = new Set(['node/tensorflow/kernels/sparse']);

/** The tests of a file, where they are not the one beside it alone. */
const TESTS = {
  'core/convert/convert': ['core/convert/inputs', 'core/convert/outputs', 'core/convert/convert'],
  'core/convert/layers/convolution': ['core/convert/layers/window', 'core/convert/layers/convolution'],
  'core/convert/layers/resize': ['core/convert/layers/window', 'core/convert/layers/resize'],
  'core/convert/layers/window': ['core/convert/layers/window', 'core/convert/layers/pooling'],
  'core/convert/optimize/optimize': ['core/convert/convert'],
  // A table: the layers' tests use its converters, and docs/converter.md shows it.
  'core/convert/registry': [
    'core/convert/registry',
    '../test/layer-table',
    'core/convert/layers/*',
    'core/convert/layers/recurrent/*',
  ],
  'core/convert/weight-index': ['core/convert/convert', 'core/convert/walk'],
  'core/preprocess/find-ink': ['core/preprocess/prepare', 'core/preprocess/even-ink'],
  'node/tensorflow/kernels/simd': ['node/tensorflow/kernels/kernels', 'node/train/adam'],
};
/** Of those of its folder, where it has none beside it. */
const SHARED = {
  'core/convert/layers/recurrent': ['core/convert/layers/recurrent/recurrent'],
  'node/tensorflow/kernels': ['node/tensorflow/kernels/kernels'],
};

const root = join(import.meta.dirname, '..');
const src = join(root, 'src');
const words = process.argv.slice(2);

const folders = [];
for (const folder of FOLDERS) {
  const files = [];
  for (const name of sources(folder)) files.push(await mutate(name, testsOf(name, folder)));
  if (files.length > 0) folders.push({ ...sum(files), name: `all of ${folder}`, files });
}
const all = { ...sum(folders), name: 'all' };

const HEADS = { total: 'mutants', killed: 'killed', timedOut: 'by time', broken: 'broken' };
console.log(`\n${Object.values(HEADS).map(column).join('')}`);
for (const row of [...folders.flatMap(({ files, ...folder }) => [...files, folder]), all]) {
  const counts = Object.keys(HEADS).map((key) => column(row[key]));
  console.log(`${counts.join('')}${column(percent(row))}  ${row.name}`);
}
process.exitCode = 100 * all.killed < BAR * all.total ? 1 : 0;

function sources(folder) {
  return readdirSync(join(src, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts')
    .map((name) => `${folder}/${name.slice(0, -'.ts'.length)}`)
    .filter((name) => !LEFT_OUT.has(name))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
}

function testsOf(name, folder) {
  return TESTS[name] ?? (existsSync(join(src, `${name}.test.ts`)) ? [name] : SHARED[folder]);
}

async function mutate(name, tests) {
  // Stryker's processes read it in stryker.vitest.config.ts.
  process.env.MUTATION_TESTS = tests.map((test) => join('src', `${test}.test.ts`)).join(',');
  const report = join(root, 'coverage/mutation', name);
  mkdirSync(dirname(report), { recursive: true });
  await new Stryker({
    mutate: [`src/${name}.ts`],
    // Two runs at once each delete their own.
    tempDirName: `coverage/.stryker-${process.pid}`,
    htmlReporter: { fileName: `${report}.html` },
    jsonReporter: { fileName: `${report}.json` },
  }).runMutationTest();
  const { files } = JSON.parse(readFileSync(`${report}.json`, 'utf8'));
  const states = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (...those) => states.filter((state) => those.includes(state)).length;
  const row = {
    name,
    // One that no test reaches survives.
    total: count('Killed', 'Timeout', 'Survived', 'NoCoverage'),
    killed: count('Killed', 'Timeout'),
    timedOut: count('Timeout'),
    // Not counted: they end the process of the tests, by what onnxruntime makes of their model.
    broken: count('RuntimeError'),
  };
  console.log(`${name}: ${row.killed} of ${row.total} killed`);
  return row;
}

function sum(rows) {
  const keys = ['total', 'killed', 'timedOut', 'broken'];
  return Object.fromEntries(keys.map((key) => [key, rows.reduce((total, row) => total + row[key], 0)]));
}

function percent({ total, killed }) {
  return total === 0 ? '' : `${((100 * killed) / total).toFixed(1)}%`;
}

function column(value) {
  return String(value).padStart(9);
}
