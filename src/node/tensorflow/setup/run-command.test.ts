import { describe, expect, it } from 'vitest';
import { type CommandError, lastLine, runCommand } from './run-command.js';

const node = (script: string) => ({ command: process.execPath, args: ['-e', script], timeoutMs: 20_000 });

async function errorOf(work: Promise<unknown>): Promise<CommandError> {
  return work.then(
    () => expect.fail('it succeeded'),
    (error) => error,
  );
}

describe('runCommand', () => {
  it('gives the output whole and by the line, of both streams', async () => {
    const lines: string[] = [];
    const output = await runCommand({
      ...node("console.log('one'); console.error('two'); process.stdout.write('three\\n')"),
      onLine: (line) => lines.push(line),
    });
    expect(lines.sort()).toEqual(['one', 'three', 'two']);
    expect(output).toContain('two\n');
  });

  it('says that a command is not on the PATH', async () => {
    const error = await errorOf(runCommand({ command: 'no-such-tool', args: [], timeoutMs: 1000 }));
    expect(error).toMatchObject({ kind: 'missing', message: 'no-such-tool is not on the PATH' });
  });

  it('keeps the output of a command that fails', async () => {
    const error = await errorOf(runCommand(node("console.error('Error: no luck'); process.exit(3)")));
    expect(error).toMatchObject({ kind: 'failed' });
    expect(error.message).toMatch(/failed with status 3$/);
    expect(lastLine(error.output)).toBe('Error: no luck');
  });

  it('ends a command that takes too long', async () => {
    const error = await errorOf(runCommand({ ...node('setInterval(() => {}, 1000)'), timeoutMs: 200 }));
    expect(error.kind).toBe('timeout');
  });

  it('ends a command that makes no progress', async () => {
    const error = await errorOf(
      runCommand({
        ...node('setInterval(() => {}, 1000)'),
        watch: { measure: async () => 7, stallMs: 300 },
      }),
    );
    expect(error.kind).toBe('stalled');
  });

  it('ends a command and its children when it is aborted', async () => {
    const abort = new AbortController();
    // The grandchild holds the output open: only its end lets the command end.
    const script = `require('node:child_process').spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'],
      { stdio: 'inherit' }); setInterval(() => {}, 1000)`;
    const work = runCommand({ ...node(script), signal: abort.signal, onLine: () => abort.abort() });
    expect((await errorOf(work)).name).toBe('AbortError');
  });
});
