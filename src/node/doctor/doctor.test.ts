import { describe, expect, it } from 'vitest';
import type { Finding } from './check.js';
import { diagnose, formatDiagnosis } from './doctor.js';
import { checkNode } from './package-checks.js';

const found = (name: string, required: boolean, finding: Finding) => ({
  name,
  required,
  examine: async () => finding,
});

describe('diagnose', () => {
  it('is content with a limited part, and with a missing one that is not required', async () => {
    const { ok } = await diagnose([
      found('TensorFlow', true, { status: 'limited', detail: 'WASM' }),
      found('model', false, { status: 'missing', detail: 'none yet' }),
    ]);
    expect(ok).toBe(true);
  });

  it('is not content when a required part is missing or its check fails', async () => {
    const broken = {
      name: 'sharp',
      required: true,
      examine: () => Promise.reject(new Error('no such file\nmore')),
    };
    const diagnosis = await diagnose([broken]);
    expect(diagnosis).toEqual({
      ok: false,
      checks: [
        {
          name: 'sharp',
          required: true,
          status: 'missing',
          detail: 'it cannot be examined: no such file',
          fix: 'npm install',
        },
      ],
    });
  });

  it('prints one line a part, with the mending command below', async () => {
    const diagnosis = await diagnose([
      found('Node', true, { status: 'ok', detail: '24.1.0' }),
      found('model', false, { status: 'missing', detail: 'none yet', fix: 'npx mnist-onnx train' }),
    ]);
    expect(formatDiagnosis(diagnosis)).toBe(
      'Node   ok       24.1.0\nmodel  missing  none yet\n                → npx mnist-onnx train\n\nReady: train, export, eval and infer can run.\n',
    );
  });
});

it.each([
  ['20.19.0', 'ok'],
  ['26.1.0', 'ok'],
  ['20.18.3', 'missing'],
  ['18.20.0', 'missing'],
])('Node %s is %s', async (version, status) => {
  expect((await checkNode(version)).status).toBe(status);
});
