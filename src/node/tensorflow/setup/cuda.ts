import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../core/errors.js';
import type { Reporter } from '../../reporter.js';
import { hasCudaProvider } from '../../runtime/index.js';
import { findPackage } from '../packages.js';
import { probeUrl } from './probe.js';
import { CommandError, type CommandRunner, lastLine, runCommand } from './run-command.js';

/** Where the installer of onnxruntime-node downloads from. */
const FEED = 'https://api.nuget.org/v3/index.json';
const TIMEOUT_MS = 30 * 60_000;

export interface CudaOptions {
  /** Only say what would be done. */
  readonly dryRun?: boolean | undefined;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
  readonly platform?: NodeJS.Platform;
  readonly arch?: string;
  readonly run?: CommandRunner;
  readonly probe?: (url: string) => Promise<void>;
}

/**
 * Adds the CUDA 12 provider to onnxruntime-node with that package's own installer.
 *
 * @throws UserError if there is none for this platform, or it cannot be had.
 */
export async function setupCuda(options: CudaOptions): Promise<string> {
  const { reporter, signal, platform = process.platform, arch = process.arch, run = runCommand } = options;
  const probe = options.probe ?? ((url: string) => probeUrl(url, process.env, signal));
  const runtime = findPackage('onnxruntime-node');
  const script = runtime && join(runtime.dir, 'script', 'install.js');
  if (!script || !existsSync(script)) {
    throw new UserError('onnxruntime-node or its installer is missing', { hint: 'Run npm install.' });
  }
  if (platform !== 'linux' || arch !== 'x64') {
    throw failure(`onnxruntime-node has no CUDA provider to install on ${platform} ${arch}`);
  }
  if (hasCudaProvider()) return report(reporter, 'the CUDA provider of onnxruntime-node is there already');
  if (options.dryRun) {
    const plan =
      "onnxruntime-node's installer would download the CUDA 12 provider from NuGet, without checksums";
    reporter.note(`- cuda: ${plan}`);
    return plan;
  }
  const progress = reporter.progress("  onnxruntime-node's installer for CUDA 12");
  try {
    await probe(FEED);
    const args = [script, '--onnxruntime-node-install=cuda12'];
    await run({ command: process.execPath, args, timeoutMs: TIMEOUT_MS, signal });
  } catch (error) {
    progress.end('failed');
    if (signal?.aborted) throw failure('the installation of the CUDA provider was interrupted');
    const reason =
      error instanceof CommandError && error.kind === 'failed'
        ? lastLine(error.output)
        : (error as Error).message;
    throw failure(`the CUDA provider of onnxruntime-node cannot be installed: ${reason}`);
  }
  progress.end('done');
  if (!hasCudaProvider()) throw failure("onnxruntime-node's installer ended well but left no CUDA provider");
  return report(reporter, 'the CUDA provider of onnxruntime-node is installed; it needs CUDA 12 and cuDNN 9');
}

function report(reporter: Reporter, detail: string): string {
  reporter.note(`✓ cuda: ${detail}`);
  return detail;
}

function failure(message: string): UserError {
  return new UserError(message, { hint: 'Everything else works without it, on the CPU.' });
}
