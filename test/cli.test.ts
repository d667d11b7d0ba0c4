import { execFile, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Runs the built command line as a user does. */
function mnistOnnx(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['bin/mnist-onnx.js', ...args], (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

describe('the command line', () => {
  it('lists every command in its help, on stdout', async () => {
    const { status, stdout, stderr } = await mnistOnnx('--help');
    for (const command of ['setup', 'doctor', 'train', 'export', 'eval', 'infer']) {
      expect(stdout).toMatch(new RegExp(`mnist-onnx ${command}`));
    }
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.each(['setup', 'doctor', 'train', 'export', 'eval', 'infer'])('has a help for %s', async (command) => {
    const { status, stdout } = await mnistOnnx(command, '--help');
    expect(stdout).toMatch(new RegExp(`^mnist-onnx ${command}`));
    expect(stdout).toContain('--json');
    expect(status).toBe(0);
  });

  it.each([
    [['help'], 'Commands:'],
    [['help', 'train'], '--epochs'],
  ])('takes %j for a question after help', async (args, expected) => {
    const { status, stdout } = await mnistOnnx(...args);
    expect(stdout).toContain(expected);
    expect(status).toBe(0);
  });

  it.each([
    [['trian'], 'unknown command: trian', 'Did you mean train?'],
    [['train', '--epoch', '3'], 'unknown option: --epoch', 'Did you mean --epochs?'],
    [['train', 'extra'], 'unknown argument: extra', 'See mnist-onnx train --help.'],
    [['train', '--epochs', '0'], '--epochs must be a whole number', ''],
    [['train', '--epochs', '3', '--epochs', '4'], '--epochs is given more than once', ''],
    [['train', '--batch-size', '-1'], '--batch-size must be a whole number', ''],
    [['train', '--batch_size', '-1'], '--batch-size must be a whole number', ''],
    [['train', '--lr', 'fast'], '--lr must be a number', ''],
    [['train', '--epochs'], '--epochs needs a value', ''],
    [['train', '--dataset', 'no/such/folder'], 'there is no data set no/such/folder', ''],
    [['train', '--dataset', 'a\u001b[2Jb'], 'a\\x1b[2Jb: neither', ''],
    [[], 'Commands:', 'mnist-onnx train'],
    [['export', '--no-report'], 'unknown option: --no-report', 'Leave --report out instead.'],
  ])('answers %j with one sentence and no stack trace', async (args, message, hint) => {
    const { status, stdout, stderr } = await mnistOnnx(...args);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n\s+at |\u001b/);
    expect(stdout).toBe('');
    expect(status).toBe(args.includes('--dataset') ? 1 : 2);
  });

  it('says in one sentence which Node it needs, under one that cannot load modules from CommonJS', () => {
    const args = ['--no-experimental-require-module', 'bin/mnist-onnx.js', '--version'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^mnist-onnx: Node \S+ is too old: 20\.19, or 22\.12 and newer is needed, .*\n$/);
  });
});
