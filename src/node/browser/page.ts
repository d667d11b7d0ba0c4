// Runs in the browser, on the page that `runInBrowser` serves: does one job and sends the answer.
import { measureSpeed, type SpeedOptions } from '../../core/benchmark.js';
import { scoreImages } from '../../core/classify.js';
import { messageOf } from '../../core/errors.js';
import { MNIST_PIXELS } from '../../core/image.js';
import type { ModelInfo } from '../../core/model-info.js';
import { comparableScores } from '../../core/parity/comparable-scores.js';
import { adaptSession, LOG_FATAL_ONLY, type RuntimeSession } from '../runtime/runtime-session.js';
import type { BrowserAnswer, BrowserJob, BrowserSpeed } from './protocol.js';

// Stays open as long as the page is there, also while it computes.
const presence = await fetch('presence');
// The page's import map says where it lies.
const ort = await import('onnxruntime-web');

/** What is used of the browser: this file is compiled with Node's types. */
interface BrowserGlobals {
  readonly navigator: {
    readonly userAgent: string;
    readonly gpu?: { requestAdapter(): Promise<GpuAdapter | null> };
  };
  readonly performance: { measureUserAgentSpecificMemory?(): Promise<{ bytes: number }> };
}

interface GpuAdapter {
  readonly info?: { vendor: string; architecture: string; device: string; isFallbackAdapter?: boolean };
}

const { navigator, performance: pagePerformance } = globalThis as unknown as BrowserGlobals;
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|microsoft basic render|warp/i;

await post('answer', JSON.stringify(await answer()));
await presence.body?.cancel();

async function answer(): Promise<BrowserAnswer> {
  const job = (await (await fetch('job')).json()) as BrowserJob;
  const base = {
    runtime: `onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common}`,
    browser: /Chrome\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? navigator.userAgent,
  };
  let adapter: BrowserAnswer['adapter'];
  try {
    if (job.provider === 'webgpu') {
      const found = await navigator.gpu?.requestAdapter();
      if (!found) {
        return { ...base, problem: { reason: 'the browser has no WebGPU adapter', isMissing: true } };
      }
      adapter = describeAdapter(found);
    }
    const session = await createSession(job);
    const { task, info } = job;
    if (task.kind === 'measure') {
      return { ...base, adapter, speed: await measure(session, info, task.options) };
    }
    const pixels = await fetchBytes('images');
    const limit = adapter?.isSoftware ? task.softwareLimit * MNIST_PIXELS : pixels.length;
    const scores = await scoreImages(session, info, pixels.subarray(0, limit));
    const { logits, probabilities } = comparableScores(scores, info.classes.length);
    // On their own: JSON has no NaN.
    if (logits) await post('logits', logits);
    await post('probabilities', probabilities);
    return { ...base, adapter };
  } catch (error) {
    const reason = messageOf(error).split('\n', 1)[0]!;
    // Not every GPU computes in half precision.
    return { ...base, adapter, problem: { reason, isMissing: /requires f16/.test(reason) } };
  }
}

async function createSession({ provider, threads }: BrowserJob): Promise<RuntimeSession> {
  ort.env.logLevel = 'fatal';
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(await fetchBytes('model'), {
    executionProviders: [provider],
    logSeverityLevel: LOG_FATAL_ONLY,
  });
  return adaptSession(session as never, ort.Tensor as never, { runtime: '', device: 'wasm' });
}

async function measure(
  session: RuntimeSession,
  info: ModelInfo,
  options: SpeedOptions,
): Promise<BrowserSpeed> {
  // The page's clock starts when it is opened.
  const figures = await measureSpeed(session, info, options, { now: () => performance.now() });
  const memory = await pagePerformance.measureUserAgentSpecificMemory?.().catch(() => undefined);
  return { ...figures, memoryBytes: memory?.bytes };
}

function describeAdapter({ info }: GpuAdapter): NonNullable<BrowserAnswer['adapter']> {
  const name = [info?.vendor, info?.architecture, info?.device].filter(Boolean).join(' ') || 'unknown GPU';
  return { name, isSoftware: info?.isFallbackAdapter === true || SOFTWARE.test(name) };
}

async function fetchBytes(address: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(address)).arrayBuffer());
}

async function post(address: string, body: string | Float32Array): Promise<void> {
  await fetch(address, { method: 'POST', body: body as string });
}
