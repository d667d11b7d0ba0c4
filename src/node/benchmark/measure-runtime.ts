import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { SpeedFigures, SpeedOptions } from '../../core/benchmark.js';
import { UserError } from '../../core/errors.js';
import { runInBrowser } from '../browser/run-in-browser.js';
import { packageRoot } from '../paths.js';
import { hasCudaProvider, type OpenModel } from '../runtime/index.js';
import { RuntimeMissing, requireOnnxRuntimeNode } from '../runtime/runtime-missing.js';
import type { ChildJob } from './child.js';
import type { BenchmarkedName } from './names.js';

/** Figures of one run of one runtime. */
export interface RuntimeFigures extends SpeedFigures {
  /** `onnxruntime-node 1.30.0 on CPU` */
  readonly description: string;
  /** The most that its process, or its page, held. */
  readonly memoryBytes: number | undefined;
}

export interface MeasureContext {
  readonly model: Pick<OpenModel, 'path' | 'bytes' | 'info'>;
  /** By default the runtime's own choice; 1 in browsers. */
  readonly threads?: number | undefined;
  readonly options: SpeedOptions;
  readonly browser?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Compiled: a child process of Node cannot run TypeScript. */
const CHILD = join(packageRoot, 'dist/node/benchmark/child.js');
const BROWSER_TIMEOUT_MS = 600_000;

/**
 * Measures one runtime in a process, or on a page, of its own, so that its start and its memory are its own.
 *
 * @throws RuntimeMissing if this machine has none.
 * @throws UserError if it fails.
 */
export function measureRuntime(name: BenchmarkedName, context: MeasureContext): Promise<RuntimeFigures> {
  switch (name) {
    case 'cuda':
      if (!hasCudaProvider()) {
        throw new RuntimeMissing('onnxruntime-node has no CUDA provider here (mnist-onnx setup --cuda)');
      }
      return measureInProcess(name, context);
    case 'node':
      requireOnnxRuntimeNode();
      return measureInProcess(name, context);
    case 'wasm':
      return measureInProcess(name, context);
    case 'browser-wasm':
      return measureInBrowser('wasm', context);
    case 'browser-webgpu':
      return measureInBrowser('webgpu', context);
  }
}

async function measureInProcess(
  runtime: ChildJob['runtime'],
  { model, threads, options, signal }: MeasureContext,
): Promise<RuntimeFigures> {
  const job: ChildJob = { runtime, modelPath: model.path, info: model.info, threads, options };
  const child = spawn(process.execPath, [CHILD, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    complaint = (complaint + data).slice(-4000);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (status === 0) return JSON.parse(output.trim().split('\n').at(-1)!);
  const reason = /^\w*Error: (.*)$/m.exec(complaint)?.[1] ?? `it ended with status ${status}`;
  throw new UserError(reason);
}

async function measureInBrowser(
  provider: 'wasm' | 'webgpu',
  { model, threads = 1, options, browser, signal }: MeasureContext,
): Promise<RuntimeFigures> {
  const { speed, description } = await runInBrowser({
    browser,
    job: { provider, threads, info: model.info, task: { kind: 'measure', options } },
    model: model.bytes,
    pixels: new Uint8Array(0),
    timeoutMs: BROWSER_TIMEOUT_MS,
    signal,
  });
  if (!speed) throw new Error('the page sent no figures');
  return { ...speed, description };
}
