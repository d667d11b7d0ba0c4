import { messageOf, UserError } from '../../../core/errors.js';
import { formatDuration, type Reporter } from '../../reporter.js';
import { tensorflowCache } from '../bindings.js';
import { findPackage, type InstalledPackage } from '../packages.js';
import { bindingStateKey, NOT_INSTALLED, rememberNative, rememberWasm } from '../state.js';
import { verifyBinding } from '../verify.js';
import { removeStaleWorkDirs } from './cache.js';
import type { NativeStep, ReadyBinding, SetupContext } from './context.js';
import { installer } from './installer.js';
import { present } from './present.js';
import { probeUrl } from './probe.js';
import { runCommand } from './run-command.js';
import { wheel } from './wheel.js';

export interface SetupOptions {
  readonly backend: 'auto' | 'native' | 'wasm';
  /** Only say what would be fetched and built. */
  readonly dryRun?: boolean | undefined;
  /** Also try what downloads files without known checksums; by default not. */
  readonly allowUnverified?: boolean | undefined;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
  /** For tests: replaces what reaches outside. */
  readonly overrides?: Partial<SetupContext> & { readonly steps?: readonly NativeStep[] };
}

export interface SetupStepReport {
  readonly step: NativeStep['name'] | 'wasm';
  readonly ok: boolean;
  /** One line: what was made ready, or why not. */
  readonly detail: string;
  readonly durationMs: number;
}

export interface SetupResult {
  readonly backend: 'native' | 'wasm';
  readonly version: string;
  /** The file of the native binding. */
  readonly binding?: string;
  readonly steps: readonly SetupStepReport[];
}

const TFJS_NODE = '@tensorflow/tfjs-node';
const ADD_WITHOUT_SCRIPTS = `npm install --ignore-scripts ${TFJS_NODE}`;

const NATIVE_STEPS: readonly NativeStep[] = [present, wheel, installer];

/**
 * Makes TensorFlow ready for training: natively in one of three ways, or else as WASM. What it makes lies in
 * the user's cache folder and serves all checkouts; interrupted at any point, it can be run again. A dry run
 * resolves to nothing where something is to be done.
 *
 * @throws UserError if `native` was asked for and no way leads there, or if it was interrupted.
 */
export async function setupTensorFlow(
  options: SetupOptions & { readonly dryRun?: false | undefined },
): Promise<SetupResult>;
export async function setupTensorFlow(options: SetupOptions): Promise<SetupResult | undefined>;
export async function setupTensorFlow(options: SetupOptions): Promise<SetupResult | undefined> {
  const { backend, reporter } = options;
  const reports: SetupStepReport[] = [];
  const isInstalled = options.overrides?.tfjsNode ?? findPackage(TFJS_NODE);
  if (backend === 'auto' && !isInstalled) {
    const detail = messageOf(notInstalled(TFJS_NODE));
    reports.push({ step: 'present', ok: false, detail, durationMs: 0 });
    reporter.note(`- present: ${detail} (${ADD_WITHOUT_SCRIPTS})`);
  } else if (backend !== 'wasm') {
    const context = createContext(options);
    await removeStaleWorkDirs(context.cache);
    const steps = options.overrides?.steps ?? NATIVE_STEPS;
    for (const [index, step] of steps.entries()) {
      const ready = await attempt(step, context, reports);
      if (ready) {
        await rememberNative(
          await bindingStateKey(ready.path).catch(() => ready.path),
          ready.version,
          context.cache,
        );
        return { backend: 'native', version: ready.version, binding: ready.path, steps: reports };
      }
      if (index === 0) explain(context, steps.slice(1), backend);
      if (options.dryRun) return undefined;
    }
    if (backend === 'native') throw nativeFailure(reports);
  }
  return options.dryRun ? undefined : prepareWasm(options, reports);
}

function createContext(options: SetupOptions): SetupContext {
  const { reporter, signal, allowUnverified = false, overrides = {} } = options;
  const { env } = process;
  return {
    tfjsNode: overrides.tfjsNode ?? requirePackage(TFJS_NODE),
    cache: tensorflowCache(),
    platform: process.platform,
    arch: process.arch,
    env,
    reporter,
    signal,
    allowUnverified,
    run: runCommand,
    verify: (path) => verifyBinding(path, { signal }),
    probe: (url) => probeUrl(url, env, signal),
    ...overrides,
  };
}

function requirePackage(name: string): InstalledPackage {
  const found = findPackage(name);
  if (found) return found;
  throw notInstalled(name);
}

/** npm leaves an optional package out when its own install script fails, as it does where downloads are blocked. */
function notInstalled(name: string): UserError {
  const hint = name === TFJS_NODE ? `Run ${ADD_WITHOUT_SCRIPTS}.` : 'Run npm install.';
  return new UserError(`the package ${name} is not installed`, { hint });
}

async function attempt(
  step: NativeStep,
  context: SetupContext,
  reports: SetupStepReport[],
): Promise<ReadyBinding | undefined> {
  const { reporter, signal } = context;
  const startedMs = performance.now();
  const report = (ok: boolean, detail: string) => {
    const durationMs = Math.round(performance.now() - startedMs);
    reports.push({ step: step.name, ok, detail, durationMs });
    reporter.note(`${ok ? '✓' : '-'} ${step.name}: ${detail} (${formatDuration(durationMs)})`);
  };
  try {
    if (signal?.aborted) throw interruption();
    const ready = await step.run(context);
    report(true, `TensorFlow ${ready.version} loads and computes, from ${ready.source}`);
    return ready;
  } catch (error) {
    if (signal?.aborted) throw interruption();
    report(false, messageOf(error).split('\n')[0]!);
    return undefined;
  }
}

function explain({ reporter, cache }: SetupContext, steps: readonly NativeStep[], backend: string): void {
  if (steps.length === 0) return;
  reporter.note('Native TensorFlow is not ready; setup tries, in this order:');
  for (const step of steps) reporter.note(`  ${step.name}: ${step.summary}`);
  if (backend === 'auto') reporter.note('  wasm: the WASM backend, slower, with nothing to download');
  reporter.note(`What is fetched and built stays in ${cache}; nothing else is changed.`);
}

function interruption(): UserError {
  return new UserError('the setup of TensorFlow was interrupted', {
    hint: 'Nothing is half made: run it again.',
  });
}

function nativeFailure(reports: readonly SetupStepReport[]): UserError {
  const reasons = reports.map(({ step, detail }) => `  ${step}: ${detail}`);
  return new UserError('native TensorFlow could not be made ready', {
    hint: ['What was tried:', ...reasons, 'Training works without it: --backend wasm.'].join('\n'),
  });
}

async function prepareWasm(options: SetupOptions, reports: SetupStepReport[]): Promise<SetupResult> {
  const { reporter, signal, overrides = {} } = options;
  const cache = overrides.cache ?? tensorflowCache();
  const tfjsNode = overrides.tfjsNode ?? findPackage(TFJS_NODE);
  if (signal?.aborted) throw interruption();
  const { version } = requirePackage('@tensorflow/tfjs-backend-wasm');
  const reasons = reports.map(({ step, detail }) => `${step}: ${detail}`);
  await rememberWasm(
    { reasons, date: new Date().toISOString().slice(0, 10), tfjsNode: tfjsNode?.version ?? NOT_INSTALLED },
    cache,
  );
  const detail = `the WASM backend ${version}, completed for training, on one thread`;
  reports.push({ step: 'wasm', ok: true, detail, durationMs: 0 });
  reporter.note(`✓ wasm: ${detail}`);
  return { backend: 'wasm', version, steps: reports };
}
