import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCommand } from './command.js';

const scratch = await mkdtemp(join(tmpdir(), 'mnist-onnx-telemetry-'));
const many = join(scratch, 'many');
/** So many that another thread is started, which may be the first to load onnxruntime. */
const names = Array.from({ length: 1000 }, (_, i) => join(many, `${'0'.repeat(40)}${i}.png`));
beforeAll(async () => {
  await mkdir(many);
  for (const name of names) await copyFile('images/mnist-form-5.png', name);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test.each([
  ['an image', ['images/digit-0.png'], 1],
  ['a folder of a thousand', [many], 1000],
  // With its telemetry on, onnxruntime cannot bear so long a command line.
  ['a thousand names', names, 1000],
])(
  'for %s, onnxruntime keeps no identifier of the machine and no reports to send',
  async (_, images, count) => {
    const home = await mkdtemp(join(scratch, 'home-'));
    const { ended, text } = startCommand(['infer', ...images, '--model', 'mnist_cnn', '--format', 'csv'], {
      // Continuous integration switches onnxruntime's telemetry off too.
      env: {
        HOME: home,
        XDG_CACHE_HOME: home,
        TMPDIR: home,
        CI: undefined,
        ORT_DISABLE_TELEMETRY: undefined,
      },
    });
    expect(await ended, text.stderr).toBe(0);
    expect(text.stdout.trim().split('\n')).toHaveLength(1 + count);
    const made = await readdir(home, { recursive: true });
    expect(made.filter((name) => /Microsoft|onnxruntime|mat-debug|\.ses$/.test(name))).toEqual([]);
  },
);
