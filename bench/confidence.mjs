import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { argmax, classify } from '../dist/core/index.js';
import { parseTrainingRecord } from '../dist/core/training-record.js';
import { loadDataset } from '../dist/node/dataset/index.js';
import { PRETRAINED_DIR } from '../dist/node/paths.js';
import { createReporter } from '../dist/node/reporter.js';
import { openModel } from '../dist/node/runtime/index.js';
import { splitImages } from '../dist/node/train/data.js';

export const description = 'how many mistakes and right readings each value of infer --conf marks as unsure';

/** Counts on the images that chose a shipped model's best epoch; the test images choose nothing. */
export async function run(args) {
  const { values } = parseArgs({ args, options: { name: { type: 'string', default: 'mnist_deep' } } });
  const reporter = createReporter(process.stderr);
  const recordPath = `${PRETRAINED_DIR}/${values.name}/training.json`;
  const { config } = parseTrainingRecord(await readFile(recordPath, 'utf8'), recordPath);
  const { train } = await loadDataset({ dataset: 'mnist', reporter });
  const { validation } = splitImages(train, config);
  const model = `${PRETRAINED_DIR}/${values.name}.onnx`;
  const { session, info } = await openModel({ model, device: 'cpu', reporter });
  const { probabilities, evidence, classCount } = await classify(session, info, validation.pixels);
  const readings = Array.from(validation.labels, (label, i) => {
    const row = probabilities.subarray(i * classCount, (i + 1) * classCount);
    const best = argmax(row);
    return { isRight: best === label, probability: row[best], evidence: evidence[i] };
  });
  const right = readings.filter((reading) => reading.isRight);
  const wrong = readings.filter((reading) => !reading.isRight);
  const { temperature, minProbability, minEvidence } = info.confidence;
  console.log(
    `${values.name}: temperature ${temperature}, --conf ${minProbability}, evidence ${minEvidence}`,
  );
  console.log(`--conf  of ${wrong.length} mistakes  of ${right.length} right readings`);
  for (let percent = 30; percent < 100; percent += 5) {
    const isMarked = (reading) => reading.probability < percent / 100 || reading.evidence < minEvidence;
    const marked = (all) => all.filter(isMarked).length;
    const share = ((100 * marked(right)) / right.length).toFixed(2);
    console.log(
      `${(percent / 100).toFixed(2)}    ${String(marked(wrong)).padStart(14)}  ${marked(right)} (${share}%)`,
    );
  }
  await session.release();
  return 0;
}
