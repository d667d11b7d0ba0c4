import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentReporter } from '../reporter.js';
import { loadTensorFlow } from './load.js';
import { rememberWasm } from './state.js';

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'load-'));
  vi.stubEnv('MNIST_ONNX_CACHE', cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

describe('loadTensorFlow', () => {
  it('computes on WASM where the setup may not run and nothing is ready', async () => {
    const { tf, backend } = await loadTensorFlow({
      backend: 'auto',
      reporter: silentReporter,
      prepare: false,
    });
    expect(backend).toBe('wasm');
    expect(tf.getBackend()).toBe('wasm');
    expect([...tf.matMul([[1, 2]], [[3], [4]]).dataSync()]).toEqual([11]);
  });

  it('says how to have native TensorFlow where that was asked for', async () => {
    const load = loadTensorFlow({ backend: 'native', reporter: silentReporter, prepare: false });
    await expect(load).rejects.toMatchObject({
      message: 'native TensorFlow is not ready',
      hint: 'Run mnist-onnx setup.',
    });
  });

  it('keeps to WASM as the last setup left it, and says so', async () => {
    await rememberWasm(
      { reasons: ['wheel: no pip'], date: '2026-11-22', tfjsNode: '4.22.0' },
      join(cache, 'tensorflow'),
    );
    const notes: string[] = [];
    const reporter = { ...silentReporter, note: (line: string) => notes.push(line) };
    expect((await loadTensorFlow({ backend: 'auto', reporter })).backend).toBe('wasm');
    expect(notes).toEqual([
      expect.stringMatching(/^TensorFlow runs as WASM, as setup left it on 2026-11-22/),
    ]);
  });

  // V8's own flag: to it, the processor has no SIMD.
  it.skipIf(process.arch !== 'x64')('says what WASM needs where it does not start', async () => {
    const program = join(import.meta.dirname, '../../../bin/mnist-onnx.js');
    const args = ['train', '--backend', 'wasm', '--dataset', 'synthetic', '--limit', '100', '--epochs', '1'];
    const folders = ['--model-dir', join(cache, 'model'), '--results-dir', join(cache, 'results')];
    const command = ['--no-enable-sse4-1', program, ...args, ...folders];
    const { status, stderr } = await new Promise<{ status: unknown; stderr: string }>((done) => {
      execFile(process.execPath, command, (error, _, stderr) => done({ status: error?.code, stderr }));
    });
    expect(stderr).toMatch(/mnist-onnx: TensorFlow's WASM backend does not start: .*SIMD/);
    expect(stderr).toContain('It needs a processor with SIMD (SSE4.1 or NEON)');
    expect(status).toBe(1);
  });
});
