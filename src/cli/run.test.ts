import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../core/errors.js';
import { reportError, runCli } from './run.js';

let stdout: string;
let stderr: string;
beforeEach(() => {
  [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
  // yargs prints the version through it.
  vi.spyOn(console, 'log').mockImplementation((text) => {
    stdout += `${text}\n`;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeAllListeners(name);
});

describe('a command line', () => {
  it('--help lists the commands on stdout', async () => {
    expect(await runCli(['--help'], '1.2.3')).toBe(0);
    expect(stdout).toMatch(/mnist-onnx infer \[images\.\.\]/);
    expect(stderr).toBe('');
  });

  it('--version prints the version', async () => {
    expect(await runCli(['--version'], '1.2.3')).toBe(0);
    expect(stdout).toBe('1.2.3\n');
  });

  it('that is wrong is told on stderr with status 2', async () => {
    expect(await runCli(['infre'], '1.2.3')).toBe(2);
    expect([stdout, stderr]).toEqual(['', 'mnist-onnx: unknown command: infre\nDid you mean infer?\n']);
  });

  it('that fails gives the sentence, the hint and status 1', async () => {
    expect(await runCli(['inspect', 'none.onnx'], '1.2.3')).toBe(1);
    expect(stderr).toMatch(
      /^mnist-onnx: cannot read the model none\.onnx: it does not exist\nName an ONNX file/,
    );
  });

  it('that works prints its data', async () => {
    expect(await runCli(['inspect', 'models/pretrained/mnist_cnn.onnx', '--json'], '1.2.3')).toBe(0);
    expect(JSON.parse(stdout).totals.nodes).toBeGreaterThan(5);
  });
});

describe('a failure', () => {
  it('of the user is its sentence alone, without raw control characters', () => {
    expect(
      reportError(new UserError('the layer \u001b[2J is odd', { hint: 'Rename it.', exitCode: 2 })),
    ).toBe(2);
    expect(stderr).toBe('mnist-onnx: the layer \\x1b[2J is odd\nRename it.\n');
  });

  it('without more to say is one line', () => {
    expect(reportError(new UserError('that is all'))).toBe(1);
    expect(stderr).toBe('mnist-onnx: that is all\n');
  });

  it('that is no error at all is shown as it is', () => {
    expect(reportError('a text that was thrown')).toBe(1);
    expect(stderr).toMatch(/^mnist-onnx: unexpected error: a text that was thrown\n/);
  });

  it('of ours says so, and how to find its place', () => {
    expect(reportError(new TypeError('x is not a function'))).toBe(1);
    expect(stderr).toMatch(/unexpected error: x is not a function\nThis is a defect; run again with DEBUG=1/);
    expect(stderr).not.toContain('    at ');
    vi.stubEnv('DEBUG', '1');
    reportError(new TypeError('again'));
    expect(stderr).toContain('    at ');
  });

  it('for want of a working folder says that', () => {
    expect(reportError(Object.assign(new Error('ENOENT'), { syscall: 'uv_cwd' }))).toBe(1);
    expect(stderr).toContain('the working folder does not exist any more');
  });
});
