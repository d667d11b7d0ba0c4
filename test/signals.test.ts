import { expect, test } from 'vitest';
import { startCommand } from './command.js';
import { testBackend } from './tensorflow.js';
import { temporaryFolder } from './tiny-model.js';

const listen = encodeURIComponent("process.on('SIGWINCH', () => {})");

test.skipIf(process.platform === 'win32')(
  'training goes on whatever signals come meanwhile, as of a terminal that changes its size',
  async () => {
    const cwd = await temporaryFolder();
    const { child, text, ended, said } = startCommand(
      [
        ...['train', '--dataset', 'synthetic', '--limit', '2000', '--epochs', '4', '--no-pictures'],
        ...['--backend', testBackend, '--model-dir', 'model', '--results-dir', 'results'],
      ],
      // As on a terminal: without a listener the signal does not come to the process at all.
      { cwd, env: { NODE_OPTIONS: `--import=data:text/javascript,${listen}` } },
    );
    await said('epoch 1/');
    const storm = setInterval(() => child.kill('SIGWINCH'), 1);
    const status = await ended;
    clearInterval(storm);
    expect({ status, stderr: text.stderr }).toMatchObject({ status: 0 });
  },
);
