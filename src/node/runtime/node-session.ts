import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../../core/errors.js';
import { readFileOrFail } from '../files.js';
import type { Reporter } from '../reporter.js';
import { findPackage } from '../tensorflow/packages.js';
import { importOnnxRuntime } from './import-runtime.js';
import { adaptSession, type Device, LOG_FATAL_ONLY, type RuntimeSession } from './runtime-session.js';
import { createWebSession } from './web-session.js';

/** Where a model runs, and on how many threads. */
export interface NodeSessionOptions {
  /** Default `auto`: CUDA where onnxruntime-node has it and it works, else the CPU. */
  readonly device?: Device;
  /** Threads within an operator; by default onnxruntime's choice, one a core, and one where it is onnxruntime-web. */
  readonly threads?: number | undefined;
  /** Is told when `auto` passes over a CUDA that does not work. */
  readonly reporter?: Reporter;
}

/**
 * Loads an ONNX model into onnxruntime-node; where npm could not install that, into onnxruntime-web.
 *
 * @param model the file's bytes, or its path
 * @throws UserError if onnxruntime cannot load the model, or has no CUDA where `cuda` was asked for.
 */
export async function createNodeSession(
  model: Uint8Array | string,
  { device = 'auto', threads, reporter }: NodeSessionOptions = {},
): Promise<RuntimeSession> {
  const ort = await importOnnxRuntime();
  if (!ort) {
    if (device === 'cuda') throw noCuda('onnxruntime-node is not installed here');
    reporter?.note('onnxruntime-node is not installed here: running on onnxruntime-web, which is slower');
    const bytes = typeof model === 'string' ? await readFileOrFail(model, 'the model') : model;
    return createWebSession(bytes, { threads });
  }
  const create = async (provider: 'cpu' | 'cuda') => {
    const options = {
      executionProviders: provider === 'cuda' ? ['cuda', 'cpu'] : ['cpu'],
      logSeverityLevel: LOG_FATAL_ONLY,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    } as const;
    const session = await (typeof model === 'string'
      ? ort.InferenceSession.create(model, options)
      : ort.InferenceSession.create(model, options));
    const runtime = `onnxruntime-node ${ort.env.versions.node ?? ort.env.versions.common}`;
    return adaptSession(session, ort.Tensor, { runtime, device: provider });
  };
  if (device === 'cuda' && !hasCudaProvider()) throw noCuda('onnxruntime-node has no CUDA provider here');
  if (device !== 'cpu' && hasCudaProvider()) {
    try {
      return await create('cuda');
    } catch (error) {
      const reason = firstLine(error);
      if (device === 'cuda') throw noCuda(`CUDA does not start (${reason})`, error);
      reporter?.note(`CUDA does not start (${reason}): running on the CPU`);
    }
  }
  try {
    return await create('cpu');
  } catch (error) {
    throw new UserError(`onnxruntime-node cannot load the model: ${firstLine(error)}`, {
      cause: error,
      hint: 'Check that the file was copied whole, or make it again with: mnist-onnx export',
    });
  }
}

/** Whether the CUDA provider's library lies beside onnxruntime-node's own; asking onnxruntime would log to stderr. */
export function hasCudaProvider(): boolean {
  const names: Partial<Record<NodeJS.Platform, string>> = {
    linux: 'libonnxruntime_providers_cuda.so',
    win32: 'onnxruntime_providers_cuda.dll',
  };
  const name = names[process.platform];
  const root = findPackage('onnxruntime-node')?.dir;
  if (!name || !root) return false;
  return existsSync(join(root, 'bin/napi-v6', process.platform, process.arch, name));
}

function noCuda(what: string, cause?: unknown): UserError {
  return new UserError(`--device cuda: ${what}`, {
    cause,
    hint: 'Install the provider with: mnist-onnx setup --cuda (an NVIDIA GPU, its driver and CUDA 12 are needed), or use --device auto.',
  });
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0]!.replace(/\.$/, '');
}
