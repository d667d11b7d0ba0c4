import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UserError } from '../../../core/errors.js';
import type { Reporter } from '../../reporter.js';
import { silentReporter } from '../../reporter.js';
import type { NativeStep } from './context.js';
import { setupTensorFlow } from './setup.js';

let cache: string;
let notes: string[];
let reporter: Reporter;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'setup-'));
  notes = [];
  reporter = { ...silentReporter, note: (line) => notes.push(line) };
});
afterEach(() => rm(cache, { recursive: true }));

const failing = (name: NativeStep['name'], reason: string): NativeStep => ({
  name,
  summary: `${name} in short`,
  run: async () => {
    throw new Error(reason);
  },
});
const working = (name: NativeStep['name']): NativeStep => ({
  name,
  summary: `${name} in short`,
  run: async () => ({ path: join(cache, 'x.node'), version: '2.21.0', source: 'a test' }),
});
const tfjsNode = { dir: '/tfjs-node', version: '4.22.0', manifest: {} };

const setup = (backend: 'auto' | 'native' | 'wasm', steps: NativeStep[], signal?: AbortSignal) =>
  setupTensorFlow({ backend, reporter, signal, overrides: { cache, steps, tfjsNode } });

const remembered = async () => JSON.parse(await readFile(join(cache, 'state.json'), 'utf8'));

describe('setupTensorFlow', () => {
  it('stops at the first step that leads to native TensorFlow, and explains nothing', async () => {
    const result = await setup('auto', [working('present'), failing('wheel', 'never tried')]);
    expect(result).toMatchObject({ backend: 'native', version: '2.21.0', binding: join(cache, 'x.node') });
    expect(result.steps.map(({ step }) => step)).toEqual(['present']);
    expect(notes).toHaveLength(1);
  });

  it('says before it begins what it will try, and why each step failed', async () => {
    const result = await setup('auto', [
      failing('present', 'nothing here'),
      failing('installer', 'no answer'),
      working('wheel'),
    ]);
    expect(result.steps.map(({ ok }) => ok)).toEqual([false, false, true]);
    expect(notes.join('\n')).toMatch(
      /present: nothing here.*\n.*in this order:\n.*installer in short\n.*wheel in short\n.*wasm.*\n.*stays in .*\n- installer: no answer.*\n✓ wheel: TensorFlow 2\.21\.0/,
    );
  });

  it('only says so in a dry run, and remembers nothing', async () => {
    const steps = [failing('present', 'nothing here'), working('wheel')];
    const options = {
      backend: 'auto',
      reporter,
      dryRun: true,
      overrides: { cache, steps, tfjsNode },
    } as const;
    expect(await setupTensorFlow(options)).toBeUndefined();
    expect(notes.join('\n')).toMatch(/wheel in short/);
    await expect(remembered()).rejects.toThrow('ENOENT');
  });

  it('ends on WASM, and remembers that with the reasons until native TensorFlow is there', async () => {
    const result = await setup('auto', [failing('present', 'nothing here'), failing('wheel', 'no pip')]);
    expect(result).toMatchObject({ backend: 'wasm', version: '4.22.0' });
    expect((await remembered()).wasm).toMatchObject({
      reasons: ['present: nothing here', 'wheel: no pip'],
      tfjsNode: '4.22.0',
    });
    await setup('auto', [working('present')]);
    expect((await remembered()).wasm).toBeUndefined();
  });

  it('fails with all reasons when native TensorFlow was asked for', async () => {
    const error: UserError = await setup('native', [
      failing('present', 'nothing here'),
      failing('wheel', 'no pip'),
    ]).catch((e) => e);
    expect(error.message).toBe('native TensorFlow could not be made ready');
    expect(error.hint).toContain('  present: nothing here\n  wheel: no pip\n');
    expect(error.exitCode).toBe(1);
  });

  it('tries no native step when WASM was asked for', async () => {
    const result = await setup('wasm', [failing('present', 'never tried')]);
    expect(result.steps.map(({ step }) => step)).toEqual(['wasm']);
  });

  it('takes an interruption for no failure: the next step is not tried', async () => {
    const abort = new AbortController();
    const interrupted: NativeStep = {
      ...failing('present', 'aborted'),
      run: async () => {
        abort.abort();
        throw new Error('aborted');
      },
    };
    await expect(setup('auto', [interrupted, working('wheel')], abort.signal)).rejects.toThrow(
      /was interrupted/,
    );
  });
});
