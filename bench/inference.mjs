import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../dist/node/files.js';
import { createReporter } from '../dist/node/reporter.js';
import { openModel } from '../dist/node/runtime/index.js';
import { alternate, median, OPTIONS, printRatios, runOurs, runPeer } from './shared/side-by-side.mjs';

export const description = 'images/s in batches and alone, against Python’s onnxruntime';

const HELP = `npm run bench -- inference [--model FILE] [--batch-sizes 64,256,1000] [--seconds 1] [--rounds 5]
                           [--python PATH] [--json FILE]

  --python   a Python with numpy and onnxruntime; by default MNIST_ONNX_PYTHON, else python3
  --seconds  how long each figure is measured in each round
  --rounds   both take turns so often; medians count`;

/** Both run the same file with their own defaults, one output, on ready arrays of noise. */
export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      ...OPTIONS,
      model: { type: 'string' },
      'batch-sizes': { type: 'string', default: '64,256,1000' },
      seconds: { type: 'string', default: '1' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const model = await openModel({
    model: values.model,
    device: 'cpu',
    reporter: createReporter(process.stderr),
  });
  await model.session.release();
  const sizes = values['batch-sizes'].split(',').map(Number);
  const seconds = Number(values.seconds);
  const settings = { modelPath: model.path, info: model.info, sizes, seconds };
  const results = alternate(
    {
      ours: () => runOurs('run-onnx.mjs', settings),
      peer: () => runPeer(values.python, 'run_onnx.py', [model.path, seconds, 1, ...sizes].map(String)),
    },
    Number(values.rounds),
  );
  const rows = [1, ...sizes].map((size) => compare(size, results));
  if (values.json) await writeFileAtomic(values.json, `${JSON.stringify({ rows, results }, null, 2)}\n`);
  return printRatios(rows, { peer: `Python’s onnxruntime ${results.peer[0].version}` });
}

/** The ratio is of speeds: above 1, ours is faster. Ours leaves out batches that would take too long. */
function compare(size, { ours, peer }) {
  const runMs = (runs) => {
    const durations = runs.flatMap((run) => run.runMs[size] ?? []);
    return durations.length === runs.length ? median(durations) : undefined;
  };
  const [mine, theirs] = [runMs(ours), runMs(peer)];
  const show = (ms) => {
    if (ms === undefined) return 'left out';
    return size === 1 ? `${ms.toFixed(3)} ms` : `${Math.round((1000 * size) / ms)} images/s`;
  };
  return {
    what: size === 1 ? 'one image alone' : `batches of ${size}`,
    ours: show(mine),
    peer: show(theirs),
    ratio: mine === undefined || theirs === undefined ? undefined : theirs / mine,
    bar: size === 1 ? '≥0.8' : '≥0.95',
  };
}
