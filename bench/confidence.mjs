import { readFile } from 'node:fs/promises';
import { argmax, classify } from '../dist/core/index.js';
import { parseTrainingRecord } from '../dist/core/training-record.js';
import { loadDataset } from '../dist/node/dataset/index.js';
import { PRETRAINED_DIR } from '../dist/node/paths.js';
import { createReporter } from '../dist/node/reporter.js';
import { openModel } from '../dist/node/runtime/index.js';
import { splitImages } from '../dist/node/train/data.js';

export const description = 'how many mistakes and right readings each value of infer --conf marks as unsure';

/** Counts on the images that chose the shipped model's best epoch; the test images choose nothing. */
export async function run() {
  const reporter = createReporter(process.stderr);
  const recordPath = `${PRETRAINED_DIR}/mnist_cnn/training.json`;
  const { config } = parseTrainingRecord(await readFile(recordPath, 'utf8'), recordPath);
  const { train } = await loadDataset({ dataset: 'mnist', reporter });
  const { validation } = splitImages(train, config);
  const { session, info } = await openModel({
    model: `${PRETRAINED_DIR}/mnist_cnn.onnx`,
    device: 'cpu',
    reporter,
  });
  const { probabilities, classCount } = await classify(session, info, validation.pixels);
  const readings = Array.from(validation.labels, (label, i) => {
    const row = probabilities.subarray(i * classCount, (i + 1) * classCount);
    const best = argmax(row);
    return { isRight: best === label, probability: row[best] };
  });
  const right = readings.filter((reading) => reading.isRight);
  const wrong = readings.filter((reading) => !reading.isRight);
  console.log(`--conf  of ${wrong.length} mistakes  of ${right.length} right readings`);
  for (let percent = 50; percent < 100; percent += 5) {
    const marked = (all) => all.filter(({ probability }) => probability < percent / 100).length;
    const share = ((100 * marked(right)) / right.length).toFixed(2);
    console.log(
      `${(percent / 100).toFixed(2)}    ${String(marked(wrong)).padStart(14)}  ${marked(right)} (${share}%)`,
    );
  }
  await session.release();
  return 0;
}
