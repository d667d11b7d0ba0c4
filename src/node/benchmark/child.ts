// Run by `measureInProcess` in a process of its own: `node child.js <job as JSON>`; prints the figures as JSON.
import { readFileSync } from 'node:fs';
import { measureSpeed, type SpeedOptions } from '../../core/benchmark.js';
import type { ModelInfo } from '../../core/model-info.js';
import { createNodeSession } from '../runtime/node-session.js';
import { createWebSession } from '../runtime/web-session.js';

export interface ChildJob {
  readonly runtime: 'node' | 'wasm' | 'cuda';
  readonly modelPath: string;
  readonly info: ModelInfo;
  /** Undefined: onnxruntime's choice. */
  readonly threads?: number | undefined;
  readonly options: SpeedOptions;
}

const { runtime, modelPath, info, threads, options }: ChildJob = JSON.parse(process.argv[2]!);
const bytes = readFileSync(modelPath);
const given = threads === undefined ? {} : { threads };
const session =
  runtime === 'wasm'
    ? await createWebSession(bytes, given)
    : await createNodeSession(bytes, { device: runtime === 'cuda' ? 'cuda' : 'cpu', ...given });
// Node's clock starts with the process.
const figures = await measureSpeed(session, info, options, {
  now: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
});
const memoryBytes = process.resourceUsage().maxRSS * 1024;
const description = `${session.runtime} on ${session.device === 'wasm' ? 'WASM, in Node' : session.device.toUpperCase()}`;
process.stdout.write(`\n${JSON.stringify({ ...figures, memoryBytes, description })}\n`);
await session.release();
// Threads of WebAssembly would keep the process.
process.exit();
