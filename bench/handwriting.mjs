import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PRETRAINED_DIR } from '../dist/node/paths.js';
import { createReporter } from '../dist/node/reporter.js';
import { openModel } from '../dist/node/runtime/index.js';
import { measureFolder } from './handwriting/measure-folder.mjs';
import { measureNonDigits } from './handwriting/measure-non-digits.mjs';
import { measurePhotos } from './handwriting/measure-photos.mjs';
import { measureMovedDigits } from './handwriting/moved-digits.mjs';
import { partsOf } from './shared/side-by-side.mjs';

export const description = 'what infer reads of pictures with and without digits, and of moved digits';

const HELP = `npm run bench -- handwriting [DIR...] [--only folders,photos,non-digits,mnist] [--model FILE]
                             [--mistakes FOLDER] [--count N]

  DIR         a folder of pictures with a labels.csv: file,label,kind,reliability
  --only      drawn photos, pictures without a digit, MNIST's test images moved; by default all
  --mistakes  writes contact sheets of what is misread
  --count     so many of MNIST's test images, by default all`;

export async function run(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      mistakes: { type: 'string' },
      only: { type: 'string', default: 'folders,photos,non-digits,mnist' },
      count: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { mistakes: mistakesDir } = values;
  const count = values.count === undefined ? undefined : Number(values.count);
  const parts = partsOf(values.only, {
    folders: async (model) => {
      const found = [];
      for (const folder of positionals) found.push(...(await measureFolder(model, folder, { mistakesDir })));
      return found;
    },
    photos: (model) => measurePhotos(model, { mistakesDir }),
    'non-digits': (model) => measureNonDigits(model, { mistakesDir }),
    mnist: (model, reporter) => measureMovedDigits(model, { reporter, count }),
  });
  const deep = `${PRETRAINED_DIR}/mnist_deep.onnx`;
  const reporter = createReporter(process.stderr);
  const model = await openModel({
    model: values.model ?? (existsSync(deep) ? deep : `${PRETRAINED_DIR}/mnist_cnn.onnx`),
    device: 'cpu',
    reporter,
  });
  const rows = [];
  for (const measure of parts) rows.push(...(await measure(model, reporter)));
  printTable(rows);
  await model.session.release();
  return rows.every(isMet) ? 0 : 1;
}

function printTable(rows) {
  const widest = Math.max(...rows.map(({ what }) => what.length));
  for (const { what, right, of, bar, isMost } of rows) {
    const percent = `${((100 * right) / of).toFixed(2)}%`;
    const signs = isMost ? ['<=', 'above'] : ['>=', 'below'];
    const sign = isMet({ right, of, bar, isMost }) ? signs[0] : signs[1];
    const verdict = bar === undefined ? '' : `${sign} ${100 * bar}%`;
    console.log(
      `${what.padEnd(widest)}  ${percent.padStart(7)}  ${`${right}/${of}`.padStart(11)}  ${verdict}`,
    );
  }
}

function isMet({ right, of, bar, isMost }) {
  if (bar === undefined) return true;
  return isMost ? right / of <= bar : right / of >= bar;
}
