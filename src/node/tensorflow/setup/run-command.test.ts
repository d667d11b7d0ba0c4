import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../../test/tiny-model.js';
import { type CommandError, lastLine, runCommand } from './run-command.js';

const node = (script: string) => ({ command: process.execPath, args: ['-e', script], timeoutMs: 20_000 });

async function errorOf(work: Promise<unknown>): Promise<CommandError> {
  return work.then(
    () => expect.fail('it succeeded'),
    (error) => error,
  );
}

describe('runCommand', () => {
  it('gives the output of both streams', async () => {
    const output = await runCommand(
      node("console.log('one'); console.error('two'); process.stdout.write('three\\n')"),
    );
    expect(output.trim().split('\n').sort()).toEqual(['one', 'three', 'two']);
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
    const started = join(await temporaryFolder(), 'started');
    // The grandchild holds the output open: only its end lets the command end.
    const script = `require('node:child_process').spawn(process.execPath, ['-e',
      'fs.writeFileSync(process.argv[1], ""); setInterval(() => {}, 1000)', ${JSON.stringify(started)}],
      { stdio: 'inherit' }); setInterval(() => {}, 1000)`;
    const error = errorOf(runCommand({ ...node(script), signal: abort.signal }));
    await vi.waitUntil(() => existsSync(started), { timeout: 15_000 });
    abort.abort(new Error('enough'));
    expect((await error).message).toBe('enough');
  });
});
