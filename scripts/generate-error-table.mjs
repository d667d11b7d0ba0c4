// Writes every sentence that a user can be told into docs/troubleshooting.md, from the sources.
//
//   node scripts/generate-error-table.mjs           writes the tables
//   node scripts/generate-error-table.mjs --print   prints the file as it should be, for the test that compares
import { readFileSync, writeFileSync } from 'node:fs';
import { listErrors } from './list-errors.mjs';

const DOCUMENT = new URL('../docs/troubleshooting.md', import.meta.url);

/** Where the files of a sentence lie, the first that fits; in the order of the document. */
const GROUPS = [
  ['Command line', /^src\/cli\//],
  ['Data sets', /^src\/(node\/dataset|core\/(dataset|idx))/],
  ['Pictures', /^src\/(node\/(images|infer|eval\/image-folder)|core\/(preprocess|read))/],
  ['Training', /^src\/(node\/train|core\/(training-record|augment))/],
  ['TensorFlow', /^src\/node\/tensorflow\//],
  ['Converting and exporting', /^src\/(core\/(convert|keras|quantize)|node\/export)/],
  [
    'ONNX models and runtimes',
    /^src\/(core\/(onnx|classify|model-info)|node\/(runtime|inspect|parity|benchmark|browser))/,
  ],
  ['Everything else', /./],
];

const text = readFileSync(DOCUMENT, 'utf8').replace(
  /(<!-- errors: npm run generate -->\n)[\s\S]*?(<!-- \/errors -->)/,
  (_, begin, end) => `${begin}${tables()}\n${end}`,
);
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(DOCUMENT, text);

function tables() {
  const errors = listErrors();
  const groups = new Map(GROUPS.map(([title]) => [title, []]));
  for (const error of errors.filter(({ isReason }) => !isReason)) {
    const [title] = GROUPS.find(([, files]) => files.test(error.file));
    groups.get(title).push(`| ${cell(error.message)} | ${cell(error.hint)} |`);
  }
  const reasons = errors.filter(({ isReason }) => isReason).map(({ message }) => `| ${cell(message)} |`);
  return [
    ...[...groups]
      .filter(([, rows]) => rows.length > 0)
      .map(([title, rows]) => section(title, '| message | what to do |\n| --- | --- |', rows)),
    section('Why a layer is not converted', '| reason |\n| --- |', reasons),
  ].join('\n\n');
}

function section(title, head, rows) {
  return `### ${title}\n\n${head}\n${rows.sort((a, b) => a.localeCompare(b, 'en')).join('\n')}`;
}

/** One line of Markdown that is shown as it is written. */
function cell(words) {
  return words
    .replace(/…+/g, '…')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[|<>*_[\]`\\]/g, '\\$&')
    .trim();
}
