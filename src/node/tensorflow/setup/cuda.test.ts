import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../../test/tiny-model.js';
import { silentReporter } from '../../reporter.js';
import { type CudaOptions, setupCuda } from './cuda.js';
import { CommandError } from './run-command.js';

let runtime: string;
vi.mock('../packages.js', () => ({ findPackage: () => ({ dir: runtime, version: '1.30.0' }) }));

/** onnxruntime-node as npm leaves it: with its installer, without the provider. */
beforeEach(async () => {
  runtime = await temporaryFolder();
  await mkdir(join(runtime, 'script'));
  await writeFile(join(runtime, 'script/install.js'), '');
});

/** What the installer leaves. */
async function addProvider() {
  const folder = join(runtime, 'bin/napi-v6', process.platform, process.arch);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'libonnxruntime_providers_cuda.so'), '');
  return '';
}

const notes: string[] = [];
const setup = (changes: Partial<CudaOptions> = {}) => {
  notes.length = 0;
  const progress = { update() {}, end: (detail?: string) => void notes.push(detail ?? '') };
  const reporter = { ...silentReporter, note: (line: string) => notes.push(line), progress: () => progress };
  const outside = { probe: async () => {}, run: async () => '' };
  return setupCuda({ reporter, platform: 'linux', arch: 'x64', ...outside, ...changes });
};

describe.skipIf(process.platform !== 'linux')('the CUDA provider', () => {
  it("is added by onnxruntime-node's own installer", async () => {
    const run = vi.fn(addProvider);
    const said = 'the CUDA provider of onnxruntime-node is installed; it needs CUDA 12 and cuDNN 9';
    expect(await setup({ run })).toBe(said);
    expect(run).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        command: process.execPath,
        args: [join(runtime, 'script/install.js'), '--onnxruntime-node-install=cuda12'],
      }),
    );
    expect(notes).toEqual(['done', `✓ cuda: ${said}`]);
  });

  it('is only told of in a dry run', async () => {
    const begin = () => expect.fail('it began');
    const plan = await setup({ dryRun: true, run: begin, probe: begin });
    expect(plan).toContain('would download the CUDA 12 provider from NuGet');
    expect(notes).toEqual([`- cuda: ${plan}`]);
  });

  it('that is there already is left alone', async () => {
    await addProvider();
    const run = () => expect.fail('it began');
    expect(await setup({ run })).toBe('the CUDA provider of onnxruntime-node is there already');
  });
});

describe('the CUDA provider that cannot be had', () => {
  const cannot = 'the CUDA provider of onnxruntime-node cannot be installed: ';
  const failed = new CommandError('node failed with status 1', 'failed', 'x\nError: no space left\n  at y');
  const aborted = AbortSignal.abort();

  it.each<[string, Partial<CudaOptions>, string]>([
    ['on a Mac', { platform: 'darwin' }, 'onnxruntime-node has no CUDA provider to install on darwin x64'],
    ['on ARM', { arch: 'arm64' }, 'onnxruntime-node has no CUDA provider to install on linux arm64'],
    [
      'where its server is blocked',
      { probe: () => Promise.reject(new Error('api.nuget.org answers with status 403')) },
      `${cannot}api.nuget.org answers with status 403`,
    ],
    ['where its installer fails', { run: () => Promise.reject(failed) }, `${cannot}Error: no space left`],
    [
      'where its installer takes too long',
      { run: () => Promise.reject(new CommandError('node took more than 1800 s', 'timeout')) },
      `${cannot}node took more than 1800 s`,
    ],
    [
      'after Ctrl-C',
      { signal: aborted, run: () => Promise.reject(aborted.reason) },
      'the installation of the CUDA provider was interrupted',
    ],
    [
      'though its installer is content',
      {},
      "onnxruntime-node's installer ended well but left no CUDA provider",
    ],
  ])('%s is a sentence, and what works without it another', async (_, changes, message) => {
    await expect(setup(changes)).rejects.toMatchObject({
      name: 'UserError',
      message,
      hint: 'Everything else works without it, on the CPU.',
    });
    expect(notes.filter((note) => note.startsWith('✓'))).toEqual([]);
  });

  it('for want of the installer asks for npm install', async () => {
    runtime = join(runtime, 'elsewhere');
    await expect(setup()).rejects.toMatchObject({
      message: 'onnxruntime-node or its installer is missing',
      hint: 'Run npm install.',
    });
  });
});
