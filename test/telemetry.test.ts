import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startCommand } from './command.js';

const scratch = await mkdtemp(join(tmpdir(), 'mnist-onnx-telemetry-'));
afterEach(() => rm(scratch, { recursive: true, force: true }));

test('onnxruntime keeps no identifier of the machine and no reports to send', async () => {
  const model = 'models/pretrained/mnist_cnn.onnx';
  const { ended, text } = startCommand(['infer', 'images/digit-0.png', '--model', model], {
    // Continuous integration switches onnxruntime's telemetry off too.
    env: {
      HOME: scratch,
      XDG_CACHE_HOME: scratch,
      TMPDIR: scratch,
      CI: undefined,
      ORT_DISABLE_TELEMETRY: undefined,
    },
  });
  expect(await ended, text.stderr).toBe(0);
  const made = await readdir(scratch, { recursive: true });
  expect(made.filter((name) => /Microsoft|onnxruntime|mat-debug|\.ses$/.test(name))).toEqual([]);
});
