import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadDataset } from '../dist/node/dataset/index.js';
import { writeFileAtomic } from '../dist/node/files.js';
import { PRETRAINED_DIR } from '../dist/node/paths.js';
import { createReporter } from '../dist/node/reporter.js';
import { makePhotos, makeSmallImages } from './infer/make-images.mjs';
import { alternate, median, OPTIONS, partsOf, printRatios } from './shared/side-by-side.mjs';

export const description = 'whole processes of infer, against Pillow and OpenCV; start-up; memory';

const HELP = `npm run bench -- infer [--model FILE] [--only small,photos,one,help,memory] [--small 10000] [--photos 200]
                       [--memory 100000] [--rounds 5] [--python PATH] [--json FILE]

  --python  a Python with numpy, onnxruntime, Pillow and OpenCV; by default MNIST_ONNX_PYTHON, else python3
  --rounds  all take turns so often; medians count
  --memory  so many images may take hardly more memory than a thousand`;

const PROGRAM = join(import.meta.dirname, '../bin/mnist-onnx.js');
const PEER = join(import.meta.dirname, 'peers/infer_images.py');

/** The times are of whole processes, start included: what a user waits for. */
export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      ...OPTIONS,
      model: { type: 'string', default: `${PRETRAINED_DIR}/mnist_cnn.onnx` },
      only: { type: 'string', default: 'small,photos,one,help,memory' },
      small: { type: 'string', default: '10000' },
      photos: { type: 'string', default: '200' },
      memory: { type: 'string', default: '100000' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const parts = partsOf(values.only, PARTS);
  const folder = mkdtempSync(join(tmpdir(), 'mnist-onnx-bench-'));
  try {
    const { test } = await loadDataset({ dataset: 'auto', reporter: createReporter(process.stderr) });
    const rows = [];
    for (const measure of parts) rows.push(...(await measure(values, folder, test)));
    if (values.json) await writeFileAtomic(values.json, `${JSON.stringify(rows, null, 2)}\n`);
    return printRatios(rows, { peer: 'peer' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const PARTS = {
  small: async (values, folder, images) => {
    makeSmallImages(join(folder, 'small'), images, Number(values.small));
    const what = `${values.small} PNG files of 28x28 pixels`;
    return compareReading(what, values, join(folder, 'small'), { pillow: '≤0.5', opencv: '≤1.0' });
  },
  photos: async (values, folder, images) => {
    await makePhotos(join(folder, 'photos'), images, Number(values.photos));
    return compareReading(`${values.photos} JPEG photos of 12 megapixels`, values, join(folder, 'photos'), {
      opencv: '≤1.0',
    });
  },
  one: async (values, folder, images) => {
    makeSmallImages(join(folder, 'one'), images, 1);
    return compareReading('one PNG file', values, join(folder, 'one/0000000.png'), { pillow: '≤1.2' });
  },
  help: async (values) => {
    const { ours, peer } = alternate(
      {
        ours: () => seconds(process.execPath, [PROGRAM, '--help']),
        peer: () => seconds(process.execPath, ['-e', '0']),
      },
      Number(values.rounds),
    );
    return [toRow('mnist-onnx --help, against node -e 0', median(ours), median(peer), '≤2.0')];
  },
  memory: async (values, folder, images) => {
    makeSmallImages(join(folder, 'few'), images, 1000);
    makeSmallImages(join(folder, 'many'), images, Number(values.memory));
    const { few, many } = alternate(
      {
        few: () => megabytes(inferArgs(values, join(folder, 'few'))),
        many: () => megabytes(inferArgs(values, join(folder, 'many'))),
      },
      Number(values.rounds),
    );
    const show = (size) => `${Math.round(size)} MB`;
    const [all, thousand] = [median(many), median(few)];
    const what = `memory for ${values.memory} images, against 1000`;
    return [{ what, ours: show(all), peer: show(thousand), ratio: all / thousand, bar: '≤1.2' }];
  },
};

function compareReading(what, values, images, bars) {
  const peers = Object.keys(bars).map((library) => [
    library,
    () => seconds(values.python, [PEER, library, values.model, images, `${images}.${library}.csv`]),
  ]);
  const sides = {
    ours: () => seconds(process.execPath, inferArgs(values, images)),
    ...Object.fromEntries(peers),
  };
  const results = alternate(sides, Number(values.rounds));
  return Object.entries(bars).map(([library, bar]) =>
    toRow(`${what}, against ${library}`, median(results.ours), median(results[library]), bar),
  );
}

function inferArgs({ model }, images) {
  return [
    PROGRAM,
    'infer',
    images,
    '--model',
    model,
    '--format',
    'csv',
    '--output',
    `${images}.csv`,
    '--quiet',
  ];
}

function toRow(what, ours, peer, bar) {
  const show = (value) => `${value.toFixed(2)} s`;
  return { what, ours: show(ours), peer: show(peer), ratio: ours / peer, bar };
}

function seconds(command, args) {
  const started = performance.now();
  runToEnd(command, args);
  return (performance.now() - started) / 1000;
}

/** The most memory that a process of ours held at a time. */
function megabytes(args) {
  const report = 'process.on("exit", () => console.error(process.resourceUsage().maxRSS))';
  const { stderr } = runToEnd(process.execPath, ['--import', `data:text/javascript,${report}`, ...args]);
  return Number(stderr.trim().split('\n').at(-1)) / 1024;
}

/** Without the certificates that a machine may add: Node decodes them at each start, for some 50 ms, and nothing here connects. */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

function runToEnd(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', env: ENVIRONMENT });
  if (result.error) throw new Error(`${command} does not run: ${result.error.message}`);
  if (result.status !== 0)
    throw new Error(`${command} ${args[0]} failed: ${result.stderr.trim().split('\n').at(-1)}`);
  return result;
}
