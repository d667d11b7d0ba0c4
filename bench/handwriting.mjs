import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PRETRAINED_DIR } from '../dist/node/paths.js';
import { createReporter } from '../dist/node/reporter.js';
import { openModel } from '../dist/node/runtime/index.js';
import { measureFolder } from './handwriting/measure-folder.mjs';

export const description =
  'what infer reads of DIR (labels.csv: file,label,kind,reliability), of nothing and of moved digits; --model FILE --mistakes FOLDER';

export async function run(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { model: { type: 'string' }, mistakes: { type: 'string' } },
  });
  const deep = `${PRETRAINED_DIR}/mnist_deep.onnx`;
  const model = await openModel({
    model: values.model ?? (existsSync(deep) ? deep : `${PRETRAINED_DIR}/mnist_cnn.onnx`),
    device: 'cpu',
    reporter: createReporter(process.stderr),
  });
  const rows = [];
  for (const folder of positionals) {
    rows.push(...(await measureFolder(model, folder, { mistakesDir: values.mistakes })));
  }
  printTable(rows);
  await model.session.release();
  return 0;
}

function printTable(rows) {
  const widest = Math.max(...rows.map(({ what }) => what.length));
  for (const { what, right, of, bar } of rows) {
    const percent = `${((100 * right) / of).toFixed(2)}%`;
    const verdict = bar === undefined ? '' : right / of >= bar ? `>= ${100 * bar}%` : `below ${100 * bar}%`;
    console.log(
      `${what.padEnd(widest)}  ${percent.padStart(7)}  ${`${right}/${of}`.padStart(11)}  ${verdict}`,
    );
  }
}
